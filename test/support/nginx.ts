import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startStandIn } from './nginx-stand-in.js';

/** The nginx of this machine, such as Debian's package; undefined: there is none, or it is not wanted (`NGINX=none`). */
const NGINX = process.env['NGINX'] === 'none' ? undefined : [process.env['NGINX'] ?? '', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find((file) => file && existsSync(file));

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** nginx as below; where this machine has none (apt-get install nginx-light), what does the same with `X-Accel-Redirect`. */
export const startFront = (exchangeUrl: string, objects: string): Promise<Nginx> => (NGINX ? startNginx(exchangeUrl, objects) : startStandIn(exchangeUrl, objects));

/** nginx with the configuration that comes along, before this exchange and its folder of objects. */
async function startNginx(exchangeUrl: string, objects: string): Promise<Nginx> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-nginx-'));
  const port = await freePort();
  const shipped = await readFile('docs/nginx/entrepot.conf', 'utf8');
  const site = shipped.replace('127.0.0.1:4000', new URL(exchangeUrl).host).replace('listen 8080;', `listen 127.0.0.1:${port};`).replace('/data/storage/objects/', `${objects}/`);
  // The workers run as whoever runs the test, so that they can read its files.
  await writeFile(path.join(folder, 'nginx.conf'), `${process.getuid?.() === 0 ? 'user root;\n' : ''}worker_processes 1;\ndaemon off;\npid ${folder}/pid;\nerror_log stderr warn;\nevents { worker_connections 2048; }\nhttp {\naccess_log off;\n${
    ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`).join('\n')}\n${site}\n}\n`);
  const child = spawn(NGINX!, ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
  await listening(port, child);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    const socket = net.connect(port, '127.0.0.1');
    const open = await Promise.race([once(socket, 'connect').then(() => true, () => false), pause(1_000, false)]);
    socket.destroy();
    if (open) return;
    await pause(25);
  }
  throw new Error('nginx does not listen');
}
