import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { Webhook } from 'standardwebhooks';
import { assemble } from '../../dist/apps/demo/src/actors.js';
import { cpuSeconds, median } from './support.mjs';

const ENDPOINTS = 10;
/** Of one endpoint so many are under way at once. */
const AT_ONCE = 4;
const MESSAGES = 4_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

/** Messages that wait for ten endpoints of one organisation, and for a single one, until the last has arrived and is written down, against as many signed posts by bare Node over as many connections. */
export async function webhooks({ url, sql, server }) {
  let [arrived, wanted, all] = [0, 0, () => {}];
  const receiver = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(204).end();
      if ((arrived += 1) === wanted) all();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = `http://127.0.0.1:${receiver.address().port}`;
  const expect = (count) => new Promise((resolve) => ([arrived, wanted, all] = [0, count, resolve]));
  const { vendor, organisations } = await assemble(url, `bench-webhooks-${process.pid}`);
  const endpoints = [];
  for (let i = 0; i < ENDPOINTS; i++) endpoints.push((await vendor.mutate('registerWebhookEndpoint', 'WebhookEndpointWithSecret', 'id', { url: `${address}/${i}`, description: 'bench', kinds: ['RESUMED'] })).id);

  const ours = async (to, count) => {
    const each = count / to.length;
    const arriving = expect(count);
    await sql.query(TELL, [each, organisations.vendor.id, to]);
    const begin = performance.now();
    await arriving;
    // The last that arrived is also to be on record.
    while ((await sql.query(`select 1 from identity.webhook_message where state = 'WAITING' limit 1`)).rowCount);
    return (count * 1_000) / (performance.now() - begin);
  };
  const bare = async (connections, count) => {
    const arriving = expect(count);
    const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    const begin = performance.now();
    let left = count;
    await Promise.all([arriving, ...Array.from({ length: connections }, async () => {
      while (left-- > 0) await post(agent, address);
    })]);
    agent.destroy();
    return (count * 1_000) / (performance.now() - begin);
  };
  await ours(endpoints, 400);
  await bare(ENDPOINTS * AT_ONCE, 400);
  const rates = { many: [], one: [], raw: [], rawOne: [] };
  let cpu = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = await cpuSeconds(server.pid);
    rates.many.push(await ours(endpoints, MESSAGES));
    cpu += (await cpuSeconds(server.pid)) - before;
    rates.raw.push(await bare(ENDPOINTS * AT_ONCE, MESSAGES));
    rates.one.push(await ours(endpoints.slice(0, 1), MESSAGES / 4));
    rates.rawOne.push(await bare(AT_ONCE, MESSAGES / 4));
  }
  receiver.closeAllConnections();
  receiver.close();
  for (const endpointId of endpoints) await vendor.mutate('deleteWebhookEndpoint', 'WebhookEndpoint', 'id', { endpointId });
  const row = (name, own, raw, unit) => ({ name, value: median(own), unit, reference: 'bare signed posts', referenceValue: median(raw), ratio: median(own.map((r, i) => r / raw[i])), target: null });
  return [
    row('identity.webhooks', rates.many, rates.raw, `messages/s to ${ENDPOINTS} endpoints`), row('identity.webhooks.one', rates.one, rates.rawOne, 'messages/s to one endpoint'),
    { name: 'identity.webhooks.cpu', value: (cpu * 1e6) / (MESSAGES * ROUNDS), unit: 'µs CPU of the server for a message', reference: null, referenceValue: null, ratio: null, target: null },
  ];
}

/** Notices as rooms tell them, each to one of these endpoints. */
const TELL = `with told as (
    insert into identity.notice (id, organisation_id, object_type, object_id, kind, text, details, reasons, created_at)
    select gen_random_uuid(), $2, 'PRODUCT', gen_random_uuid(), 'RESUMED', 'for the bench', '{"n": 1}', '[]', now() from generate_series(1, $1::int), unnest($3::uuid[]) returning id, organisation_id, kind, created_at),
  numbered as (select t.*, row_number() over () as n from told t)
  insert into identity.webhook_message (endpoint_id, notice_id, organisation_id, kind, created_at, state, next_attempt_at)
  select ($3::uuid[])[1 + n % cardinality($3::uuid[])], id, organisation_id, kind, created_at, 'WAITING', created_at from numbered`;

const webhook = new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
function post(agent, url) {
  const [id, at] = [randomUUID(), new Date()];
  const body = JSON.stringify({ type: 'RESUMED', timestamp: at.toISOString(), data: { id, text: 'for the bench', details: { n: 1 } } });
  const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)), 'webhook-signature': webhook.sign(id, at, body), 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    http.request(url, { agent, method: 'POST', headers }, (response) => response.resume().on('end', resolve).on('error', reject)).on('error', reject).end(body);
  });
}
