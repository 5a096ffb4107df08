import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { drain, licensed, rateOf } from './download.mjs';
import { freePort, median } from './support.mjs';

const MIB = 1024 * 1024;
const NGINX = [process.env.NGINX ?? '', '/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((file) => file && existsSync(file));

/** The configuration that comes along, with the same folder served bare beside it. */
async function startNginx({ url, folder }) {
  if (!NGINX) throw new Error('no nginx on this machine: apt-get install nginx-light');
  const own = path.join(folder, 'nginx');
  await mkdir(own);
  const port = await freePort();
  const site = (await readFile('docs/nginx/entrepot.conf', 'utf8'))
    .replace('127.0.0.1:4000', new URL(url).host).replace('listen 8080;', `listen 127.0.0.1:${port};\nlocation /bare/ { alias ${folder}/; access_log off; }`).replace('/data/storage/objects/', `${folder}/data/storage/objects/`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${own}/${n};`).join('\n');
  await writeFile(path.join(own, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;\n' : ''}worker_processes 1;\ndaemon off;\npid ${own}/pid;\nerror_log stderr warn;\nevents { worker_connections 1024; }\nhttp {\naccess_log off;\nsendfile on;\ntcp_nopush on;\n${temporary}\n${site}\n}\n`);
  const child = spawn(NGINX, ['-p', own, '-c', path.join(own, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (let i = 0; i < 100 && !(await fetch(`http://127.0.0.1:${port}/health/ready`).then((r) => r.ok, () => false)); i++) await pause(50);
  return { url: `http://127.0.0.1:${port}`, stop: async () => (child.kill('SIGTERM'), void (await once(child, 'exit'))) };
}

/** Milliseconds of the least that a charge is: one row, durable. */
async function commitMs(sql) {
  await sql.query('create table if not exists public.bench_commit (at timestamptz)');
  const times = [];
  for (let i = 0; i < 120; i++) {
    const begin = performance.now();
    await sql.query('insert into public.bench_commit values (now())');
    if (i >= 20) times.push(performance.now() - begin);
  }
  return median(times);
}

/** From the request to the last byte, with the exchange's yes and its metering in it; the token is at hand, as the address of the bare file is. `bound`: what bare nginx would reach that waits for one durable row first. */
export async function nginx(bench) {
  const front = await startNginx(bench);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const rows = [];
  const commit = await commitMs(bench.sql);
  try {
    for (const [size, rounds] of [[1, 20], [16, 9], [256, 5]]) {
      const bytes = size * MIB;
      const name = `bench-nginx-${size}`;
      const { grant } = await licensed(bench, name, bytes);
      const rates = { ours: [], bare: [] };
      for (let round = 0; round < rounds + 2; round++) {
        const given = (await grant()).replace(bench.url, front.url);
        const [ours, bare] = [await rateOf(() => drain(given, bytes, agent), bytes), await rateOf(() => drain(`${front.url}/bare/${name}.csv`, bytes, agent), bytes)];
        if (round < 2) continue;
        rates.ours.push(ours);
        rates.bare.push(bare);
      }
      rows.push({ name: `delivery.nginx.${size}m`, value: median(rates.ours), unit: 'MB/s', reference: 'bare nginx, same file', referenceValue: median(rates.bare), ratio: median(rates.ours.map((r, i) => r / rates.bare[i])), target: 0.8 });
      const bareMs = bytes / 1e3 / median(rates.bare);
      rows.push({ name: `delivery.nginx.${size}m.bound`, value: bytes / 1e3 / (bareMs + commit), unit: 'MB/s', reference: `bare nginx; a durable row takes ${commit.toFixed(2)} ms`, referenceValue: median(rates.bare), ratio: bareMs / (bareMs + commit), target: null });
    }
  } finally {
    agent.destroy();
    await front.stop();
  }
  return rows;
}
