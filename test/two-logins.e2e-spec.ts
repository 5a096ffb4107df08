import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { Database, loadConfig, loginIsBeyondPolicies, migrate, WorkerRuntime } from '#shared';
import { createServer } from '../apps/api/src/server.js';
import { GraphClient } from './support/client.js';
import { emptyDatabase } from './support/database.js';
import { hire, openMarket } from './support/market.js';
import { freePort } from './support/process.js';
import { playTrade } from './support/trade.js';

describe('a database with an owner and an application that owns nothing', () => {
  it('is migrated by the one and traded on by the other, who gets nowhere beyond', async () => {
    const database = await emptyDatabase();
    const name = randomBytes(6).toString('hex');
    const admin = new pg.Client(database.url);
    await admin.connect();
    const login = (user: string): string => Object.assign(new URL(database.url), { username: user, password: 'pass' }).href;
    const [owner, application] = [`owner_${name}`, `app_${name}`];
    const dataDir = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'logins-'));
    try {
      await admin.query(`create role ${owner} login password 'pass' createrole; create role ${application} login password 'pass'; alter database ${new URL(database.url).pathname.slice(1)} owner to ${owner}; alter schema public owner to ${owner}`);
      // On a fresh server the owner makes the role; where another database of the server has it already, the administrator grants it.
      await admin.query(`do $$ begin create role entrepot_app nologin; exception when duplicate_object then null; end $$; grant entrepot_app to ${owner}, ${application}`);
      expect(await migrate(login(owner))).toBeGreaterThan(10);
      expect(await migrate(login(owner))).toBe(0);
      expect([await loginIsBeyondPolicies(login(owner)), await loginIsBeyondPolicies(database.url), await loginIsBeyondPolicies(login(application))]).toEqual([true, true, false]);

      const config = loadConfig({ NODE_ENV: 'test', PORT: String(await freePort()), DATA_DIR: dataDir, WORKER: 'false', LOG_LEVEL: 'fatal', NOTICE_SECONDS: '0' });
      // An operator's own options do not take the application's place.
      const server = await createServer({ config, databaseUrl: `${login(application)}?options=-c%20search_path%3Dpublic&statement_timeout=0` }, pino({ level: 'fatal' }));
      await server.app.listen(config.PORT, config.HOST);
      const exchange = { url: config.publicUrl, client: (subject?: string) => (subject ? GraphClient.signIn(config.publicUrl, subject) : Promise.resolve(new GraphClient(config.publicUrl))), drain: () => server.app.get(WorkerRuntime).drain() };
      const sessions = await server.app.get(Database).query<{ me: string; path: string; limit: string }>({ name: 'test.session', text: `select current_user as me, current_setting('search_path') as path, current_setting('statement_timeout') as limit` });
      expect(sessions).toEqual([{ me: 'entrepot_app', path: 'public', limit: '15s' }]);
      const market = await openMarket(exchange);
      await playTrade(exchange, market, await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER'));
      await server.close();

      const thief = new pg.Client(login(application));
      await thief.connect();
      for (const sql of ['reset role', 'set role none', `set session authorization ${application}`]) {
        await thief.query(sql);
        expect((await thief.query('select 1 from contracts.agreement')).rowCount).toBe(0);
      }
      for (const sql of [`set role ${owner}`, 'alter table contracts.agreement disable row level security', 'drop table audit.entry', 'create table shared.mine (id int)', 'truncate audit.entry']) await expect(thief.query(sql)).rejects.toThrow(/permission denied|must be owner/);
      await thief.end();
    } finally {
      await admin.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
