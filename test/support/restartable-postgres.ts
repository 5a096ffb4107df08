import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '#shared';
import { dataFolder } from './process.js';

const NOBODY = 65534;

/** A PostgreSQL of one's own that goes down and comes up again at the same address, as when it is upgraded, fails over or runs out of memory. */
export class RestartablePostgres {
  private current: ChildProcess | null = null;

  private constructor(readonly url: string, private readonly dir: string, private readonly remove: () => Promise<void>) {}

  static async start(name: string): Promise<RestartablePostgres> {
    const { dir, remove } = await dataFolder(name);
    const { url } = await startEmbeddedPostgres({ dir: path.join(dir, 'postgres'), durable: true });
    return new RestartablePostgres(url, path.join(dir, 'postgres'), remove);
  }

  /** `SIGINT`: every connection is ended, what runs is rolled back. `SIGQUIT`: it drops everything and recovers from its log. `down` it answers nobody. */
  async restart(signal: 'SIGINT' | 'SIGQUIT', downMs: number): Promise<void> {
    // The very words that it was started with.
    const command = [...(await readFile(path.join(this.dir, 'postmaster.opts'), 'utf8')).matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]!);
    await this.end(signal);
    await pause(downMs);
    const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    this.current = spawn(command[0]!, command.slice(1), { ...account, cwd: '/', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }, stdio: 'ignore' });
    await this.answers();
  }

  async close(): Promise<void> {
    await this.end('SIGINT');
    await this.remove();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const pid = Number((await readFile(path.join(this.dir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const ended = this.current && once(this.current, 'exit');
    process.kill(pid, signal);
    for (let gone = false; !gone; await pause(20)) {
      try {
        process.kill(pid, 0);
      } catch {
        gone = true;
      }
    }
    await ended;
  }

  private async answers(): Promise<void> {
    for (const end = Date.now() + 30_000; ; await pause(50)) {
      const client = new pg.Client(this.url);
      try {
        await client.connect();
        return await client.end();
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }
}
