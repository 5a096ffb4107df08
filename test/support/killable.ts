import pg from 'pg';
import { dataFolder, embeddedPostgres, freePort, isReady, remoteExchange, RunningProcess } from './process.js';
import type { Outside } from './market.js';

/** A real process on a real folder that can be killed, and starts again on what it left. */
export class KillableExchange {
  kills = 0;
  private api!: RunningProcess;
  private sql!: pg.Client;

  private constructor(readonly url: string, private readonly port: number, private readonly dir: string, private readonly remove: () => Promise<void>) {}

  static async start(name: string, folder?: { readonly dir: string; remove(): Promise<void> }): Promise<KillableExchange> {
    const [{ dir, remove }, port] = [folder ?? (await dataFolder(name)), await freePort()];
    const exchange = new KillableExchange(`http://127.0.0.1:${port}`, port, dir, remove);
    await exchange.run();
    return exchange;
  }

  /** Every other time the database dies with it, as when the machine is switched off. */
  async kill(): Promise<void> {
    const { pid } = await embeddedPostgres(this.dir);
    await this.sql.end().catch(() => undefined);
    this.api.signal('SIGKILL');
    // Before it has seen that its exchange is gone, and ends by itself.
    if (this.kills++ % 2) process.kill(pid, 'SIGKILL');
    await this.api.exited;
    await this.run();
  }
  get pid(): number {
    return this.api.pid;
  }
  get running(): boolean {
    return this.api.running;
  }
  /** Started again where it has ended by itself, and ready. */
  async revive(): Promise<void> {
    if (this.api.running) return this.api.until('ready again', () => isReady(this.url));
    await this.sql.end().catch(() => undefined);
    await this.run();
  }
  async rows<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.sql.query<T>(text, values)).rows;
  }
  until(what: string, test: () => Promise<boolean> | boolean): Promise<void> {
    return this.api.until(what, test);
  }
  outside(): Outside {
    return remoteExchange(this.url, this.sql);
  }
  async close(): Promise<void> {
    await this.sql.end().catch(() => undefined);
    if (this.api.running) await this.api.stop();
    await this.remove();
  }

  private async run(): Promise<void> {
    this.api = new RunningProcess('api', { DATA_DIR: this.dir, PORT: String(this.port), LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: '1000000', QUERY_COST_PER_MINUTE: '1000000000' });
    await this.api.until('ready', () => isReady(this.url));
    this.sql = new pg.Client((await embeddedPostgres(this.dir)).url);
    this.sql.on('error', () => undefined);
    await this.sql.connect();
  }
}
