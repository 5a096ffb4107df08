import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Pool } from 'undici';
import { assemble } from '../../dist/apps/demo/src/actors.js';
import { cpuSeconds, median } from './support.mjs';
import { licence } from './licence.mjs';

const BATCH = 1_000;
const CLIENTS = 4;
const SINGLE_CLIENTS = 64;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ROUND_MS = 4_000;
/** Rows that stand in the table when the last figures are taken, beside those of the first. */
const MANY = Number(process.env.BENCH_INGEST_ROWS ?? 20_000_000);

/** Reported uses over HTTP, durable and each once, against the same rows in the same tables by `insert ... select unnest` with as many connections; and what single events reach that share their commits. */
export async function ingest(bench) {
  const { url, server, sql } = bench;
  const target = await reporter(bench);
  const post = poster(url, target.key);
  const batches = () => together(CLIENTS, async () => post(events(target.licenceId, BATCH), 'application/cloudevents-batch+json').then(({ recorded }) => recorded));
  const bare = () => together(CLIENTS, () => insert(sql, target));
  const singles = () => together(SINGLE_CLIENTS, async () => post(events(target.licenceId, 1)[0], 'application/cloudevents+json').then(({ status }) => (status === 'recorded' ? 1 : 0)));
  for (const warm of [batches, bare, singles, singles, singles]) await warm();
  const rates = { ours: [], raw: [], single: [] };
  let cpu = 0;
  let counted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = await cpuSeconds(server.pid);
    const ours = await batches();
    cpu += (await cpuSeconds(server.pid)) - before;
    counted += ours.events;
    rates.ours.push(ours.rate);
    rates.raw.push((await bare()).rate);
    rates.single.push((await singles()).rate);
  }
  return [
    { name: 'metering.ingest', value: median(rates.ours), unit: `events/s in batches of ${BATCH}, ${CLIENTS} clients`, reference: 'insert ... select unnest, no HTTP', referenceValue: median(rates.raw), ratio: median(rates.ours.map((r, i) => r / rates.raw[i])), target: 0.5 },
    { name: 'metering.ingest.target', value: median(rates.ours), unit: 'events/s', reference: 'target on a quiet machine', referenceValue: 20_000, ratio: median(rates.ours) / 20_000, target: 1 },
    { name: 'metering.ingest.cpu', value: (cpu * 1e6) / counted, unit: 'µs CPU of the server for an event', reference: null, referenceValue: null, ratio: null, target: null },
    { name: 'metering.ingest.single', value: median(rates.single), unit: `events/s one by one, ${SINGLE_CLIENTS} clients`, reference: 'target', referenceValue: 4_000, ratio: median(rates.single) / 4_000, target: 1 },
  ];
}

/** The same with many rows in the tables: what a year of trade leaves. */
export async function ingestMany(bench) {
  const target = await reporter(bench);
  const post = poster(bench.url, target.key);
  const batches = () => together(CLIENTS, async () => post(events(target.licenceId, BATCH), 'application/cloudevents-batch+json').then(({ recorded }) => recorded));
  await fill(bench.sql, target, 1_000_000);
  await batches();
  const few = [];
  for (let round = 0; round < ROUNDS; round++) few.push((await batches()).rate);
  await fill(bench.sql, target, MANY);
  await batches();
  const many = [];
  for (let round = 0; round < ROUNDS; round++) many.push((await batches()).rate);
  return [{ name: 'metering.ingest.flat', value: median(many), unit: `events/s at ${(MANY / 1e6).toFixed(0)} million rows`, reference: 'at one million rows', referenceValue: median(few), ratio: median(many) / median(few), target: 0.8 }];
}

const events = (licenceId, count) => Array.from({ length: count }, () => ({ specversion: '1.0', type: 'entrepot.usage.v1', source: 'urn:bench:gateway', id: randomUUID(), subject: licenceId, time: new Date().toISOString(), data: { meter: 'calls', quantity: 1, dimensions: { region: 'SG' } } }));

/** A licence that was bought through the API, and its vendor's key. */
async function reporter({ url, folder }) {
  const file = path.join(folder, 'bench-calls.csv');
  await writeFile(file, `call,region\n${Array.from({ length: 100 }, (_, i) => `${i},SG\n`).join('')}`);
  const actors = await assemble(url, `bench-ingest-${process.pid}`);
  const { licenceId } = await licence(actors, 'bench-reports', file);
  const { secret } = await actors.vendor.mutate('createApiKey', 'CreatedApiKey', 'secret', { name: 'bench', scopes: ['METERING_REPORT'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
  return { licenceId, key: secret };
}

/** One connection a client; a light one, because it shares the machine with what it measures. */
function poster(url, key) {
  const pool = new Pool(url, { connections: SINGLE_CLIENTS, pipelining: 1 });
  return async (body, type) => {
    const { statusCode, body: answer } = await pool.request({ path: '/v1/usage-events', method: 'POST', headers: { 'content-type': type, authorization: `Bearer ${key}` }, body: JSON.stringify(body) });
    if (statusCode >= 300) throw new Error(`${statusCode} ${(await answer.text()).slice(0, 300)}`);
    return answer.json();
  };
}

async function together(clients, work) {
  const begin = performance.now();
  let done = 0;
  await Promise.all(Array.from({ length: clients }, async () => {
    while (performance.now() - begin < ROUND_MS) {
      const counted = await work();
      done += counted;
    }
  }));
  return { events: done, rate: (done * 1_000) / (performance.now() - begin) };
}

/** As many rows at once, each name once for ever, as the exchange writes them, and nothing else. */
const INSERT = `with fresh as (insert into metering.usage_event_key (name, licence_id, digest, recorded_at) select e::uuid, l.id, decode(repeat('0', 64), 'hex'), now() from contracts.licence l, unnest($2::text[]) e where l.id = $1 on conflict do nothing returning name)
  insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, subject_id, receipt_id, dimensions, reported_by, position)
  select l.id, now(), f.name, l.agreement_id, l.vendor_id, l.buyer_id, 'calls', 1, 'urn:bench:bare', f.name::text, now(), null, null, '{"region": "SG"}', 'key:bench', (select metering.own_position()) from fresh f, contracts.licence l where l.id = $1`;
const insert = async (sql, { licenceId }) => (await sql.query(INSERT, [licenceId, Array.from({ length: BATCH }, () => randomUUID())])).rowCount;

/** Rows of the months before, as they would stand there. */
async function fill(sql, { licenceId }, upTo) {
  for (let have = Number((await sql.query('select count(*) as n from metering.usage_event_key')).rows[0].n); have < upTo; have += 500_000) {
    await sql.query(INSERT.replace('unnest($2::text[]) e', 'generate_series(1, $2::int), lateral (select gen_random_uuid()::text where $2 > 0) g (e)'), [licenceId, Math.min(500_000, upTo - have)]);
  }
  await sql.query('checkpoint');
}
