import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { assemble } from '../../dist/apps/demo/src/actors.js';
import { licence } from './licence.mjs';
import { median, residentMiB } from './support.mjs';

const MIB = 1024 * 1024;

/** A licence on a file of so many bytes: `grant` opens one delivery of it. */
export async function licensed({ url, folder }, name, bytes) {
  const file = path.join(folder, `${name}.csv`);
  const handle = await open(file, 'w');
  const line = Buffer.from(`${randomBytes(30).toString('hex')},y\n`);
  const block = Buffer.concat(Array.from({ length: 16_384 }, () => line));
  await handle.write('a,b\n');
  for (let left = bytes - 4; left > 0; ) {
    const part = left > block.length + 4 ? block : Buffer.from(`${'x'.repeat(left - 3)},y\n`);
    await handle.write(part);
    left -= part.length;
  }
  await handle.close();
  const actors = await assemble(url, `${name}-${process.pid}`);
  const { licenceId, assetId } = await licence(actors, name, file);
  return { file, grant: async () => (await actors.buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId })).url };
}

/** Reads a whole answer and looks at its length only. */
export function drain(address, bytes, agent = false) {
  return new Promise((resolve, reject) => {
    http.get(address, { agent }, (response) => {
      let read = 0;
      response.on('data', (chunk) => (read += chunk.length));
      response.on('end', () => (response.statusCode === 200 && read === bytes ? resolve() : reject(new Error(`answered ${response.statusCode} with ${read} bytes`))));
      response.on('error', reject);
    }).on('error', reject);
  });
}
export const rateOf = async (work, bytes) => {
  const started = performance.now();
  await work();
  return bytes / 1e6 / ((performance.now() - started) / 1000);
};

/** From the first byte of the request to the last of the answer, with all that is asked and written in between; the token is at hand, as the address of the bare server is. */
export async function download(bench) {
  const bytes = 256 * MIB;
  const { file, grant } = await licensed(bench, 'bench-download', bytes);
  const raw = await bench.reference('test/bench/raw-download.mjs', { BENCH_FILE: file });
  const rates = { ours: [], raw: [] };
  for (let round = 0; round < 9; round++) {
    const url = await grant();
    const [ours, bare] = [await rateOf(() => drain(url, bytes), bytes), await rateOf(() => drain(raw.url, bytes), bytes)];
    if (round < 2) continue;
    rates.ours.push(ours);
    rates.raw.push(bare);
  }
  raw.child.kill('SIGTERM');
  return [{ name: 'delivery.download', value: median(rates.ours), unit: 'MB/s', reference: 'bare Node stream, same file', referenceValue: median(rates.raw), ratio: median(rates.ours.map((r, i) => r / rates.raw[i])), target: 0.85 }];
}

const READERS = 500;
const PART = 8 * MIB;
const PARTS = 32;
/** They come one group after the other: all of one licence wait for its rows. */
const AT_ONCE = 20;

/** Five hundred who read 8 MiB each, more than the sockets of both ends hold, and hardly read: each holds a response in the middle of its part, takes a little, and stops again. */
export async function slow500(bench) {
  const { grant } = await licensed(bench, 'bench-slow', PARTS * PART);
  // A token is good for two copies of its file, so each serves so many readers.
  const urls = [];
  for (let i = 0; i < READERS; i += 2 * PARTS) urls.push(await grant());
  const before = await residentMiB(bench.server.pid);
  const begin = async (i) => {
    const from = (i % PARTS) * PART;
    const request = http.get(urls[Math.floor(i / (2 * PARTS))], { agent: false, highWaterMark: 16 * 1024, headers: { range: `bytes=${from}-${from + PART - 1}` } });
    const [response] = await once(request, 'response');
    if (response.statusCode !== 206) throw new Error(`answered ${response.statusCode}`);
    response.on('error', () => undefined);
    return { request, response };
  };
  const readers = [];
  while (readers.length < READERS) readers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => begin(readers.length + i)))));
  let most = await residentMiB(bench.server.pid);
  const until = performance.now() + 12_000;
  while (performance.now() < until) {
    for (const { response } of readers) response.read(8 * 1024);
    await pause(500);
    most = Math.max(most, await residentMiB(bench.server.pid));
  }
  const { rows: [{ running }] } = await bench.sql.query('select count(*)::int as running from delivery.response_slot');
  for (const { request } of readers) request.destroy();
  if (running !== READERS) throw new Error(`${running} of ${READERS} responses were still running`);
  return [{ name: 'delivery.slow500', value: most - before, unit: 'MiB grown', reference: '500 readers in 400 MB', referenceValue: 400e6 / MIB, ratio: (most - before) / (400e6 / MIB), target: 1, higherIsBetter: false }];
}
