import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { GraphClient } from './client.js';
import type { Outside } from './market.js';

const START_MS = 60_000;

/** A process of the exchange as an operator starts it, with all that it says. */
export class RunningProcess {
  output = '';
  private readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(program: 'api' | 'worker', env: Record<string, string>) {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    this.child = spawn(process.execPath, [`dist/apps/${program}/src/main.js`], {
      env: { ...inherited, NODE_ENV: 'development', LOG_LEVEL: 'debug', SAMPLE_MARKET: 'false', NOTICE_SECONDS: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
  get pid(): number {
    return this.child.pid!;
  }
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
  /** SIGTERM, and the exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exited;
  }
  /** Waits until this is true; the process must not end before. */
  async until(what: string, test: () => Promise<boolean> | boolean): Promise<void> {
    for (const end = Date.now() + START_MS; Date.now() < end; await pause(50)) {
      if (await test()) return;
      if (!this.running) throw new Error(`ended before ${what}: ${this.output.slice(-3_000)}`);
    }
    throw new Error(`no ${what}: ${this.output.slice(-3_000)}`);
  }
}

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A data folder that the account of an embedded PostgreSQL can reach. */
export async function dataFolder(name: string): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, `${name}-`));
  await chmod(dir, 0o755);
  return {
    dir,
    remove: async () => {
      const postgres = await realpath(path.join(dir, 'postgres')).catch(() => null);
      if (postgres) await rm(postgres, { recursive: true, force: true });
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const isReady = (url: string): Promise<boolean> => fetch(`${url}/health/ready`).then((r) => r.ok, () => false);

/** Process id, port and password of the embedded PostgreSQL of a data folder. */
export async function embeddedPostgres(dir: string): Promise<{ pid: number; password: string; url: string }> {
  const [pid, , , port] = (await readFile(path.join(dir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  const password = (await readFile(path.join(dir, 'postgres.password'), 'utf8')).trim();
  return { pid: Number(pid), password, url: `postgres://postgres:${password}@127.0.0.1:${port}/entrepot` };
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const WAITING = `select exists (select 1 from shared.outbox_delivery) or exists (select 1 from delivery.platform_test where finished_at is null)
  or exists (select 1 from settlement.payout where state in ('PENDING', 'SENT')) as waiting`;

/** What the helpers of a market need, of an exchange in another process: its worker does the work, `drain` waits for it. */
export function remoteExchange(url: string, sql: pg.Client | pg.Pool): Outside {
  return {
    url,
    client: (subject) => (subject ? GraphClient.signIn(url, subject) : Promise.resolve(new GraphClient(url))),
    drain: async () => {
      for (let idle = 0, turns = 0; idle < 2; turns++) {
        if (turns > 600) throw new Error('the worker does not work it off');
        const { rows: [row] } = await sql.query<{ waiting: boolean }>(WAITING);
        idle = row!.waiting ? 0 : idle + 1;
        await pause(50);
      }
    },
  };
}

/** CPU seconds that a process has used; 0 where the system does not tell them in /proc. */
export async function cpuSeconds(pid: number): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
