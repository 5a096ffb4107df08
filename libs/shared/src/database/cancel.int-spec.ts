import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { cancellable, StatementCancelled } from './cancel.js';

describe('cancelling a statement', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
    pool.on('error', () => undefined);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  /** As an owner of a pool uses it. */
  async function query(text: string, signal?: AbortSignal): Promise<pg.QueryResult> {
    const client = await pool.connect();
    let broken = false;
    try {
      return await cancellable(client, signal, () => client.query(text));
    } catch (error) {
      broken = error instanceof StatementCancelled && !error.usable;
      throw error;
    } finally {
      client.release(broken);
    }
  }
  const backend = async (): Promise<number> => ((await query('select pg_backend_pid() as pid')).rows as { pid: number }[])[0]!.pid;

  it('ends it within a second, and the connection serves on', async () => {
    const before = await backend();
    const started = performance.now();
    await expect(query('select pg_sleep(30)', AbortSignal.timeout(200))).rejects.toBeInstanceOf(StatementCancelled);
    expect(performance.now() - started).toBeLessThan(1_200);
    expect(await backend()).toBe(before);
  });

  it('never hits another statement of the connection, wherever in time the signal fires', async () => {
    const outcomes = { ended: 0, cancelled: 0 };
    for (let n = 0; n < 120; n++) {
      const controller = new AbortController();
      const asked = query('select pg_sleep(0.002)', controller.signal).then(() => outcomes.ended++, (error: Error) => {
        expect(error).toMatchObject({ usable: true });
        return outcomes.cancelled++;
      });
      const after = asked.then(() => query('select pg_sleep(0.002)'));
      await pause((n % 12) / 2);
      controller.abort();
      await asked;
      await after;
    }
    expect([outcomes.ended > 0, outcomes.cancelled > 0]).toEqual([true, true]);
  });

  it('does not begin for one who has gone, and nothing follows a signal after the end', async () => {
    await expect(query('select pg_sleep(30)', AbortSignal.abort())).rejects.toMatchObject({ usable: true });
    const controller = new AbortController();
    expect((await query('select 1 as one', controller.signal)).rows).toEqual([{ one: 1 }]);
    const next = query('select pg_sleep(0.1)');
    controller.abort();
    expect((await next).rowCount).toBe(1);
  });

  it("hands the statement's own failure on", async () => {
    await expect(query('select 1 / 0', new AbortController().signal)).rejects.toMatchObject({ code: '22012' });
  });

  it('has the connection closed that cannot be cancelled', async () => {
    const before = await backend();
    const client = await pool.connect();
    const running = cancellable(Object.assign(Object.create(client) as pg.PoolClient, { port: 1 }), AbortSignal.timeout(50), () => client.query('select pg_sleep(0.3)'));
    await expect(running).rejects.toMatchObject({ usable: false });
    client.release(true);
    expect(await backend()).not.toBe(before);
  });
});
