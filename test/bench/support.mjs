import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../libs/shared/src/database/embedded-postgres.ts';

/** The built exchange on a database and folder of its own, durable as in production. */
export async function openBench() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-bench-'));
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dir: path.join(folder, 'postgres'), durable: true });
  const processes = [];
  const start = async (file, env, ready) => {
    const child = spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    processes.push(child);
    for (let waited = 0; ; waited += 50) {
      if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
      if (await fetch(ready).then((r) => r.ok, () => false)) return child;
      if (waited > 60_000) throw new Error(`${file} did not start`);
      await pause(50);
    }
  };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // For the benches of downloads: nginx may send, and one licence may have many readers.
  const regions = path.join(folder, 'regions.json');
  await writeFile(regions, JSON.stringify({ regions: [{ id: 'local', jurisdiction: 'CN', kind: 'disk' }], nginx: { from: ['127.0.0.1'] } }));
  const server = await start('dist/apps/api/src/main.js', {
    NODE_ENV: 'development', DATABASE_URL: postgres.url, DATA_DIR: path.join(folder, 'data'), PORT: String(port), PUBLIC_URL: url, LOG_LEVEL: 'error', SAMPLE_MARKET: 'false',
    NOTICE_SECONDS: '0', RATE_LIMIT_PER_MINUTE: '10000000', STORAGE_REGIONS_FILE: regions, DOWNLOADS_PER_LICENCE: '1000',
  }, `${url}/health/ready`);
  const sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  return {
    url, server, sql, folder, databaseUrl: postgres.url,
    /** Starts a reference server on a port of its own. */
    reference: async (file, env = {}) => {
      const own = await freePort();
      const child = await start(file, { ...env, PORT: String(own), DATABASE_URL: postgres.url, NODE_ENV: 'production' }, `http://127.0.0.1:${own}/ready`);
      return { url: `http://127.0.0.1:${own}`, child };
    },
    close: async () => {
      await sql.end();
      for (const child of processes) if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      const data = await realpath(path.join(folder, 'postgres'));
      await postgres.stop();
      await rm(data, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** CPU seconds that a process has used (Linux). */
export async function cpuSeconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
export async function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
