import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { assemble } from '../../dist/apps/demo/src/actors.js';
import { licence } from './licence.mjs';
import { cpuSeconds, median } from './support.mjs';

const KEY = 'key-of-the-bench';
const CLIENTS = 64;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ROUND_MS = 4_000;

/** Calls of a vendor's API through the exchange, each decided on, metered, receipted and on disk before its last byte leaves, against a bare Node proxy before the same vendor. */
export async function apicalls(bench) {
  const { sql, server } = bench;
  const upstream = await bench.reference('test/bench/raw-upstream.mjs', { BENCH_KEY: KEY });
  const bare = await bench.reference('test/bench/raw-proxy.mjs', { BENCH_KEY: KEY, BENCH_UPSTREAM: upstream.url });
  const { licenceId, secret } = await licensed(bench, upstream.url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const headers = { authorization: `Bearer ${secret}` };
  const ours = () => together(() => call(agent, `${bench.url}/v1/apis/${licenceId}/v1/quotes/a`, headers));
  const raw = () => together(() => call(agent, `${bare.url}/v1/quotes/a`, headers));
  for (const warm of [ours, raw]) await warm();
  const rates = { ours: [], raw: [], waited: [] };
  const [{ counted: before }] = (await sql.query(COUNTED, [licenceId])).rows;
  let [cpu, calls] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const used = await cpuSeconds(server.pid);
    const done = await ours();
    cpu += (await cpuSeconds(server.pid)) - used;
    calls += done.calls;
    rates.ours.push(done.rate);
    rates.waited.push(done.median);
    rates.raw.push((await raw()).rate);
    await pause(1_000);
  }
  const [{ counted: after }] = (await sql.query(COUNTED, [licenceId])).rows;
  if (Number(after) - Number(before) !== calls) throw new Error(`${calls} calls came whole, ${Number(after) - Number(before)} were counted`);
  agent.destroy();
  for (const { child } of [upstream, bare]) child.kill('SIGTERM');
  return [
    { name: 'delivery.apicalls', value: median(rates.ours), unit: `calls/s, ${CLIENTS} clients, one licence`, reference: 'bare Node proxy, same vendor', referenceValue: median(rates.raw), ratio: median(rates.ours.map((r, i) => r / rates.raw[i])), target: null },
    { name: 'delivery.apicalls.latency', value: median(rates.waited), unit: 'ms for the middle one', reference: null, referenceValue: null, ratio: null, target: null },
    { name: 'delivery.apicalls.cpu', value: (cpu * 1e6) / calls, unit: 'µs CPU of the server for a call', reference: null, referenceValue: null, ratio: null, target: null },
  ];
}

const COUNTED = `select coalesce(sum(quantity), 0) as counted from metering.usage_event where licence_id = $1 and meter = 'calls'`;

/** A product that is served by this API, bought through the exchange, and its buyer's key. The steps have keys of their own: what was made before is found again. */
async function licensed({ url, folder }, endpoint) {
  const title = 'bench-api';
  const file = path.join(folder, `${title}.csv`);
  await writeFile(file, `call,region\n${Array.from({ length: 100 }, (_, i) => `${i},SG\n`).join('')}`);
  const actors = await assemble(url, `bench-api-${process.pid}`);
  const { vendor, buyer } = actors;
  const { id: productId } = await vendor.mutate('createProduct', 'Product', 'id', { title, description: title, themes: ['TECH'], exporterIsCIIO: false, exporterHasPRCEntity: true }, `${title}:product`);
  await vendor.mutate('describeDataService', 'DataService', 'id', {
    productId, endpointUrl: endpoint, operations: [{ method: 'GET', path: '/v1/quotes/{symbol}' }], testPath: '/health', rateCalls: 100_000, rateSeconds: 1, atOnce: 200, firstByteMs: 5_000, totalMs: 10_000, answerBytes: 65_536, requestBytes: 65_536,
  });
  await vendor.mutate('setApiCredential', 'ApiCredential', 'setAt', { productId, placement: 'HEADER', name: 'X-Api-Key', value: KEY });
  const { licenceId } = await licence(actors, title, file);
  const { secret } = await buyer.mutate('createApiKey', 'CreatedApiKey', 'secret', { name: 'bench', scopes: ['DELIVERY_CALL'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
  return { licenceId, secret };
}

function call(agent, url, headers) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.length)).on('error', reject);
      response.on('end', () => (response.statusCode === 200 && bytes > 1_000 ? resolve() : reject(new Error(`answered ${response.statusCode} with ${bytes} bytes`))));
    }).on('error', reject);
  });
}

async function together(work) {
  const begin = performance.now();
  const took = [];
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (performance.now() - begin < ROUND_MS) {
      const since = performance.now();
      await work();
      took.push(performance.now() - since);
    }
  }));
  return { calls: took.length, rate: (took.length * 1_000) / (performance.now() - begin), median: median(took) };
}
