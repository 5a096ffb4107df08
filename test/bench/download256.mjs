import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { assemble } from '../../dist/apps/demo/src/actors.js';
import { licence } from './licence.mjs';
import { cpuSeconds, median, residentMiB } from './support.mjs';

const BYTES = 256 * 1024 * 1024;
const ROUNDS = 7;

/** 256 MB through the token path - order, decision, token, stream, receipt, metering - against a bare http server on the same file. */
export async function download256({ url, server, folder, reference }) {
  const file = path.join(folder, 'bench-256.csv');
  const sha256 = await makeFile(file);
  const actors = await assemble(url, `bench-${process.pid}`);
  const { buyer } = actors;
  const { licenceId, assetId } = await licence(actors, 'bench', file);
  const raw = await reference('test/bench/raw-download.mjs', { BENCH_FILE: file });
  let n = 0;
  const ours = async () => {
    const started = performance.now();
    const grant = await buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId }, `bench-${process.pid}-${n++}`);
    await drain(grant.url);
    return BYTES / 1e6 / ((performance.now() - started) / 1000);
  };
  const bare = async () => {
    const started = performance.now();
    await drain(raw.url);
    return BYTES / 1e6 / ((performance.now() - started) / 1000);
  };
  if ((await drain((await buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId })).url, true)) !== sha256) throw new Error('the bytes differ');
  await ours();
  await bare();
  const rates = { ours: [], raw: [] };
  const cpu = { ours: 0, raw: 0 };
  const memory = [await residentMiB(server.pid)];
  for (let round = 0; round < ROUNDS; round++) {
    const a = await cpuSeconds(server.pid);
    rates.ours.push(await ours());
    cpu.ours += (await cpuSeconds(server.pid)) - a;
    memory.push(await residentMiB(server.pid));
    const b = await cpuSeconds(raw.child.pid);
    rates.raw.push(await bare());
    cpu.raw += (await cpuSeconds(raw.child.pid)) - b;
  }
  raw.child.kill('SIGTERM');
  const ratio = median(rates.ours.map((r, i) => r / rates.raw[i]));
  return [
    { name: 'delivery.download256', value: median(rates.ours), unit: 'MB/s', reference: 'bare http server, same file', referenceValue: median(rates.raw), ratio, target: 0.8 },
    { name: 'delivery.download256.cpu', value: (cpu.ours * 1000) / ROUNDS, unit: 'ms CPU/download', reference: 'bare http server, same file', referenceValue: (cpu.raw * 1000) / ROUNDS, ratio: cpu.ours / cpu.raw, target: null },
    { name: 'delivery.download256.memory', value: Math.max(...memory) - memory[0], unit: 'MiB grown', reference: 'size of the file', referenceValue: BYTES / 1024 / 1024, ratio: (Math.max(...memory) - memory[0]) / 256, target: 0.25, higherIsBetter: false },
  ];
}

function drain(address, digest = false) {
  return new Promise((resolve, reject) => {
    http.get(address, { agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`answered ${response.statusCode}`));
      const hash = digest ? createHash('sha256') : undefined;
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
        hash?.update(chunk);
      });
      response.on('end', () => (bytes === BYTES ? resolve(hash?.digest('hex')) : reject(new Error(`${bytes} bytes`))));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** A CSV of the size, hard to compress, so that nothing on the way is faster than it is with real data. */
async function makeFile(file) {
  const hash = createHash('sha256');
  const handle = await open(file, 'w');
  const lines = randomBytes(32 * 1024 - 1).toString('base64url').match(/.{1,60}/g);
  const block = Buffer.from(lines.map((l) => `${l.slice(0, 30)}x,${l.slice(30)}y\n`).join(''));
  const write = async (data) => {
    hash.update(data);
    await handle.write(data);
    return data.length;
  };
  for (let written = await write(Buffer.from('a,b\n')); written < BYTES; ) {
    const left = BYTES - written;
    written += await write(left > block.length + 8 ? block : Buffer.from(`${'x'.repeat(left - 3)},y\n`));
  }
  await handle.close();
  return hash.digest('hex');
}
