import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { testDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { dataSourceOptions } from './migrate.js';
import { RateLimits } from './rate-limits.js';

describe('rate limits in PostgreSQL', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  const sources: RateLimits[] = [];
  const process = (url = database.url): RateLimits => {
    const limits = new RateLimits(new DataSource(dataSourceOptions(url, [], 1)));
    sources.push(limits);
    return limits;
  };
  beforeAll(async () => {
    database = await testDatabase();
    sql = new pg.Client(database.url);
    await sql.connect();
  });
  afterAll(async () => {
    await Promise.all(sources.map((s) => s.onApplicationShutdown()));
    await sql.end();
    await database.drop();
  });

  it.each([[7, 1], [100, 1], [1_000, 3]])('of %i let no more pass in three processes at once', async (points, cost) => {
    const policy = { bucket: `at-once-${points}`, points, seconds: 60 };
    const limiters = [process(), process(), process()].map((p) => p.limiter(policy));
    const answers = await Promise.all(Array.from({ length: points * 2 }, (_, i) => limiters[i % 3]!.take('one caller', cost)));
    const passed = answers.filter((a) => a.allowed).length * cost;
    expect(passed).toBeLessThanOrEqual(points);
    expect(passed).toBeGreaterThan(points - 3 * Math.max(Math.ceil(points / 50), cost) - cost);
    const { rows } = await sql.query('select taken, octet_length(key) as length from shared.rate_limit where bucket = $1', [policy.bucket]);
    expect(rows).toEqual([{ taken: points, length: 32 }]);
  });

  it('begin a new window by the clock of the database', async () => {
    const limiter = process().limiter({ bucket: 'rolls', points: 2, seconds: 1 });
    const take = async (): Promise<boolean> => (await limiter.take('k')).allowed;
    expect([await take(), await take(), await take()]).toEqual([true, true, false]);
    await pause(1_050);
    expect([await take(), await take(), await take()]).toEqual([true, true, false]);
  });

  it('count in each process alone where the database is down, at once, and go on', async () => {
    const limiter = process('postgres://nobody:x@127.0.0.1:1/none').limiter({ bucket: 'down', points: 3, seconds: 60 });
    const before = performance.now();
    const answers = await Promise.all(Array.from({ length: 5 }, () => limiter.take('k')));
    expect(answers.filter((a) => a.allowed)).toHaveLength(3);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('forget windows that are over', async () => {
    const limits = process();
    await limits.limiter({ bucket: 'swept', points: 5, seconds: 60 }).take('k');
    await limits.sweep();
    const count = async (): Promise<unknown> => (await sql.query(`select count(*)::int as n from shared.rate_limit where bucket = 'swept'`)).rows;
    expect(await count()).toEqual([{ n: 1 }]);
    await sql.query(`update shared.rate_limit set ends_at = now() - interval '2 minutes' where bucket = 'swept'`);
    await limits.sweep();
    expect(await count()).toEqual([{ n: 0 }]);
  });
});
