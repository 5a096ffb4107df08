import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.js';

describe('embedded PostgreSQL', () => {
  let folder: string;
  let dir: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'embedded-'));
    await chmod(folder, 0o755);
    dir = path.join(folder, 'postgres');
  });
  afterEach(async () => {
    await rm(await realpath(dir), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });
  const ask = async (url: string, sql: string): Promise<unknown[]> => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('keeps its data and its password from one start to the next', async () => {
    const first = await startEmbeddedPostgres({ dir, durable: false });
    await ask(first.url, 'create table kept as select 1 as n');
    await first.stop();
    const second = await startEmbeddedPostgres({ dir, durable: false });
    expect([first.fresh, second.fresh, await ask(second.url, 'select n from kept')]).toEqual([true, false, [{ n: 1 }]]);
    await second.stop();
  });

  it('begins anew where a first start was cut short, before and after initdb', async () => {
    const whole = await startEmbeddedPostgres({ dir, durable: false });
    await ask(whole.url.replace(/entrepot$/, 'postgres'), 'drop database entrepot');
    await whole.stop();
    const repaired = await startEmbeddedPostgres({ dir, durable: false });
    expect(await ask(repaired.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await repaired.stop();
    await rm(path.join(dir, 'entrepot.ready'));
    await writeFile(path.join(dir, 'global', 'pg_control'), 'half');
    const anew = await startEmbeddedPostgres({ dir, durable: false });
    expect([anew.fresh, await ask(anew.url, 'select 1 as n')]).toEqual([true, [{ n: 1 }]]);
    await anew.stop();
  });
});
