import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { BUYERS, seedList, signIn } from './list20.mjs';
import { median } from './support.mjs';

const EVENTS = Number(process.env.BENCH_USAGE_EVENTS ?? 10_000_000);
const LICENCE = '00000000-0000-7000-8000-000000000001';
const QUERY = `{ usage(first: 100, licenceId: "${LICENCE}", window: DAY, from: "2026-10-01T00:00:00Z", until: "2026-11-01T00:00:00Z") { nodes { from meter events quantity } } }`;
const RAW = `select date_trunc('day', occurred_at, 'UTC') as "from", meter, count(*) as events, sum(quantity) as quantity from metering.usage_event where licence_id = $1 and occurred_at >= '2026-10-01Z' and occurred_at < '2026-11-01Z' group by 1, 2 order by 1, 2`;

/** One month of one licence by day, out of ten million events of which all are its own; the reference adds the events up. */
export async function query10m({ url, sql }) {
  await seedList(sql);
  await seed(sql);
  const token = await signIn(url, BUYERS[0]);
  const ask = async () => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query: QUERY }) });
    const { data, errors } = await response.json();
    assert.ok(data?.usage, JSON.stringify(errors));
    return data.usage.nodes;
  };
  const days = await ask();
  const { rows } = await sql.query(RAW, [LICENCE]);
  assert.deepEqual(days.map((d) => [d.from, d.events, d.quantity]), rows.map((r) => [r.from.toISOString(), r.events, r.quantity]), 'the sums are what the events come to');
  assert.equal(rows.length, 31);
  const ours = [];
  // As everywhere the median counts; the slowest of a hundred tells of the machine too.
  const raw = [];
  for (let i = 0; i < 100; i++) ours.push(await timed(ask));
  for (let i = 0; i < 3; i++) raw.push(await timed(() => sql.query(RAW, [LICENCE])));
  return [
    { name: 'metering.query10m', value: median(ours), unit: 'ms', reference: 'target in ms', referenceValue: 100, ratio: median(ours) / 100, target: 1, higherIsBetter: false },
    { name: 'metering.query10m.p99', value: [...ours].sort((a, b) => a - b)[98], unit: 'ms', reference: 'adding up the events in SQL', referenceValue: median(raw), ratio: null, target: null },
  ];
}

const timed = async (work) => { const begin = performance.now(); await work(); return performance.now() - begin; };

/** A licence with its events, spread over the hours of a month, and the time that rolling them up takes. */
async function seed(sql) {
  await sql.query(`
    insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, plan, terms, purpose, destination, concluded_at)
      select '${LICENCE}', o.id, o.product_id, o.vendor_id, m.organisation_id, gen_random_uuid(), '{}', repeat('a', 64), o.plans->0, o.terms, 'RESEARCH', 'SG', now()
      from contracts.offer o, identity.member m where m.subject = '${BUYERS[0]}' and o.vendor_id <> m.organisation_id limit 1`);
  await sql.query(`
    insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, duration, plan_id, created_at)
      select id, id, product_id, vendor_id, buyer_id, 'PENDING', plan->>'duration', (plan->>'id')::uuid, now() from contracts.agreement where id = '${LICENCE}'`);
  for (let done = 0; done < EVENTS; done += 1_000_000) {
    await sql.query(
      `insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, position)
       select l.id, now(), gen_random_uuid(), l.id, l.vendor_id, l.buyer_id, 'calls', 1 + n % 7, 'urn:bench', 'e' || ($1::bigint + n), '2026-10-01Z'::timestamptz + (($1::bigint + n) * 2678400000 / $2::bigint) * interval '1 millisecond', (select metering.own_position())
       from generate_series(0, least(999999, $2::bigint - $1::bigint - 1)) n, contracts.licence l where l.id = '${LICENCE}'`, [done, EVENTS]);
  }
  await sql.query('analyze metering.usage_event');
  const begin = Date.now();
  for (;;) {
    const { rows: [left] } = await sql.query('select exists (select 1 from metering.usage_event where position >= (select rolled_until from metering.usage_rollup)) as tail');
    if (!left.tail) break;
    await pause(200);
  }
  process.stderr.write(`  the rest of ${EVENTS} events was rolled up ${((Date.now() - begin) / 1000).toFixed(1)} s after the last was written\n`);
}
