import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Config, dataSourceOptions, startEmbeddedPostgres } from '#shared';
import { lockInstance } from '../../api/src/instance-lock.js';

export interface Ledger {
  /** Of a session that works under the application's role, which owns nothing. */
  readonly url: string;
  close(): Promise<void>;
}

/** The database of DATABASE_URL; else the embedded one of the exchange that runs on DATA_DIR; else that of one that stands still, started for as long as it takes. */
export async function findLedger(config: Config): Promise<Ledger> {
  const bound = (url: string): string => (dataSourceOptions(url, [], 1) as { url: string }).url;
  if (config.DATABASE_URL) return { url: bound(config.DATABASE_URL), close: () => Promise.resolve() };
  const dir = path.join(config.DATA_DIR, 'postgres');
  const running = await runningUrl(dir);
  if (running) return { url: bound(running), close: () => Promise.resolve() };
  await readFile(`${dir}.password`).catch(() => {
    throw new Error(`there is no exchange in ${config.DATA_DIR}; set DATABASE_URL or DATA_DIR`);
  });
  const unlock = await lockInstance(config.DATA_DIR, () => `process ${process.pid}, verifying the ledger`);
  const embedded = await startEmbeddedPostgres({ dir, durable: true });
  return { url: bound(embedded.url), close: async () => {
    await embedded.stop();
    unlock();
  } };
}

/** What the running PostgreSQL wrote beside its data: its process, and its port in the fourth line. */
async function runningUrl(dir: string): Promise<string | null> {
  try {
    const [pid, , , port] = (await readFile(path.join(dir, 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 0);
    const password = (await readFile(`${dir}.password`, 'utf8')).trim();
    return `postgres://postgres:${password}@127.0.0.1:${port}/entrepot`;
  } catch (error) {
    // It runs, and belongs to another account of this machine: then its password is not ours either.
    if ((error as NodeJS.ErrnoException).code === 'EPERM' || (error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return null;
  }
}
