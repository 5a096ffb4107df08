import { once } from 'node:events';
import { existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { GraphClient } from './support/client.js';
import { emptyDatabase, type TestDatabase } from './support/database.js';
import { csvFile, done, draftProduct, hire, listedProduct, type Market, offerOf, openMarket, putContent, sha256 } from './support/market.js';
import { cpuSeconds, dataFolder, embeddedPostgres, freePort, isAlive, isReady, remoteExchange, RunningProcess } from './support/process.js';
import { order, playTrade } from './support/trade.js';

/** Of work by the process itself, whatever else runs on the machine; six were measured beside three other processes. */
const LATER_START_CPU_SECONDS = 15;
/** Longer than what the sockets of both ends hold, so that a reader who pauses holds the response open. */
const LARGE = 24_000_000;

const started: RunningProcess[] = [];
const folders: (() => Promise<void>)[] = [];
const clients: pg.Client[] = [];

const run = (program: 'api' | 'worker', env: Record<string, string>): RunningProcess => {
  const process = new RunningProcess(program, env);
  started.push(process);
  return process;
};
const folder = async (name: string): Promise<string> => {
  const { dir, remove } = await dataFolder(name);
  folders.push(remove);
  return dir;
};
const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  clients.push(client);
  await client.connect();
  return client;
};
/** Every word that both ends keep to themselves. */
const expectDiscreet = (logs: string, secrets: Record<string, string>): void => {
  expect(logs).not.toBe('');
  for (const [name, secret] of Object.entries(secrets)) {
    expect([name, secret.length > 8]).toEqual([name, true]);
    expect([name, logs.includes(secret)]).toEqual([name, false]);
  }
};

afterAll(async () => {
  await Promise.all(clients.map((c) => c.end().catch(() => undefined)));
  for (const process of started) if (process.running) process.signal('SIGTERM');
  await Promise.all(started.map((p) => p.exited));
  for (const remove of folders) await remove();
});

describe('the exchange with its own database', () => {
  let dir: string;
  let url: string;
  let env: Record<string, string>;
  let api: RunningProcess;
  let market: Market;
  const secrets: Record<string, string> = {};

  beforeAll(async () => {
    dir = await folder('embedded');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = { DATA_DIR: dir, PORT: String(port) };
    api = run('api', env);
    await api.until('ready', () => isReady(url));
  }, 90_000);

  it('refuses a second process on the same folder and says who holds it', async () => {
    const second = run('api', { ...env, PORT: String(await freePort()) });
    expect(await second.exited).toBe(75);
    expect(second.output).toContain(`An exchange is already running on ${dir}: process ${api.pid}, ${url}.`);
    expect(second.output).not.toMatch(/\n\s+at /);
    expect([api.running, await isReady(url)]).toEqual([true, true]);
  });

  it('finishes a slow download before it stops, and leaves no PostgreSQL behind', async () => {
    const database = await embeddedPostgres(dir);
    const exchange = remoteExchange(url, await connect(database.url));
    market = await openMarket(exchange);
    const file = csvFile(LARGE);
    const { productId, assetIds: [assetId] } = await listedProduct(exchange, market, [file]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    const { purchaseId, licenceId } = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: purchaseId });
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const key = await done<{ secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'pipeline', scopes: ['DELIVERY_DOWNLOAD'], expiresAt });
    const pipeline = new GraphClient(url, key.secret);
    const grant = await done<{ url: string }>(pipeline, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
    Object.assign(secrets, { apiKey: key.secret, apiKeySecret: key.secret.split('.')[1]!, downloadToken: grant.url.split('/').at(-1)!, bearer: market.buyer.credential!, databasePassword: database.password });

    const [response] = (await once(http.get(grant.url, { agent: false }), 'response')) as [http.IncomingMessage];
    await once(response, 'readable');
    const chunks = [response.read() as Buffer];
    api.signal('SIGTERM');
    await pause(1_000);
    expect([api.running, isAlive(database.pid)]).toEqual([true, true]);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const received = Buffer.concat(chunks);
    expect([received.length, sha256(received)]).toEqual([file.content.length, sha256(file.content)]);
    expect(await api.exited).toBe(0);
    expect(isAlive(database.pid)).toBe(false);
    expect(existsSync(path.join(dir, 'postgres', 'postmaster.pid'))).toBe(false);

    const later = run('api', env);
    await later.until('ready', () => isReady(url));
    expect(await cpuSeconds(later.pid)).toBeLessThan(LATER_START_CPU_SECONDS);
    const { receipts, usageSummary } = await market.buyer.ask<{ receipts: { nodes: { bytes: string }[] }; usageSummary: object[] }>('query($id: ID!) { receipts(licenceId: $id) { nodes { bytes } } usageSummary(licenceId: $id) { meter quantity } }', { id: licenceId });
    expect(receipts.nodes).toEqual([{ bytes: String(file.content.length) }]);
    expect(usageSummary).toEqual(expect.arrayContaining([{ meter: 'DOWNLOADS', quantity: '1' }]) as unknown);
    const next = await embeddedPostgres(dir);
    expect(await later.stop()).toBe(0);
    expect(isAlive(next.pid)).toBe(false);
  }, 120_000);

  it('keeps secrets out of its logs, at the most talkative level', () => {
    const logs = started.map((p) => p.output).join('');
    expect(logs).toContain('"route":"/v1/downloads/:token"');
    expectDiscreet(logs, secrets);
  });
});

describe('the exchange on a database of its operator', () => {
  let database: TestDatabase;
  let dir: string;
  let url: string;
  let env: Record<string, string>;
  let api: RunningProcess;
  let worker: RunningProcess;

  beforeAll(async () => {
    database = await emptyDatabase();
    dir = await folder('external');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = { DATA_DIR: dir, PORT: String(port), DATABASE_URL: database.url };
    api = run('api', { ...env, WORKER: 'false' });
    await api.until('ready', () => isReady(url));
  }, 90_000);

  it('migrates it, starts no PostgreSQL and answers the probes', async () => {
    expect([existsSync(path.join(dir, 'postgres')), existsSync(path.join(dir, 'postgres.password'))]).toEqual([false, false]);
    const sql = await connect(database.url);
    expect((await sql.query(`select to_regclass('billing.invoice')::text as migrated`)).rows).toEqual([{ migrated: 'billing.invoice' }]);
    const [live, ready] = await Promise.all(['live', 'ready'].map((p) => fetch(`${url}/health/${p}`)));
    expect([live!.status, await live!.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready!.status, await ready!.json()]).toEqual([200, { status: 'ok', stuckMessages: 0 }]);
  });

  it('leaves relay and schedules to a worker process, which does them', async () => {
    const sql = await connect(database.url);
    const exchange = remoteExchange(url, sql);
    const market = await openMarket(exchange);
    const file = csvFile(2_000);
    const draft = await draftProduct(market, [file]);
    await putContent(market.vendor, draft.assetIds[0]!, file.content);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    const state = async (): Promise<string> => (await sql.query<{ state: string }>('select state from catalog.product where id = $1', [draft.productId])).rows[0]!.state;
    await pause(1_500);
    expect(await state()).toBe('SUBMITTED');
    worker = run('worker', env);
    await worker.until('TESTED', async () => (await state()) === 'TESTED');
    const settler = await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER');
    const trade = await playTrade(exchange, market, settler);
    await worker.until('SETTLED', async () => (await sql.query(`select 1 from settlement.trade where state = 'SETTLED' and id = any($1)`, [[trade.purchaseId, trade.usageId]])).rowCount === 2);
    await worker.until('sealed', async () => (await sql.query('select 1 from audit.seal')).rowCount! > 0);
    expect(worker.output).not.toContain('"level":"error"');
    expect(await worker.stop()).toBe(0);
    expectDiscreet(api.output + worker.output, { bearer: market.buyer.credential!, databasePassword: new URL(database.url).password });
  }, 120_000);

  it('is not ready when the database is gone, and lives', async () => {
    await database.drop();
    await api.until('503', async () => (await fetch(`${url}/health/ready`)).status === 503);
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'database does not answer' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await api.stop()).toBe(0);
    expectDiscreet(api.output, { databasePassword: new URL(database.url).password });
  });
});

describe('a configuration that is wrong', () => {
  const SECRET = 'hunter2-hunter2';
  it.each<[string, 'api' | 'worker', Record<string, string>, string]>([
    ['a port that is none', 'api', { PORT: SECRET }, 'PORT'],
    ['a database of another kind', 'api', { DATABASE_URL: `mysql://root:${SECRET}@127.0.0.1/x` }, 'DATABASE_URL'],
    ['an issuer that is no URL', 'api', { OIDC_ISSUER: SECRET }, 'OIDC_ISSUER'],
    ['Stripe without its keys', 'api', { PAYMENT_PROVIDER: 'stripe', STRIPE_WEBHOOK_SECRET: SECRET }, 'STRIPE_SECRET_KEY'],
    ['the development issuer in production', 'api', { NODE_ENV: 'production', DEV_ISSUER: 'true' }, 'DEV_ISSUER'],
    ['production with nothing set', 'api', { NODE_ENV: 'production' }, 'OIDC_ISSUER'],
    ['a worker without a database', 'worker', {}, 'DATABASE_URL'],
  ])('%s ends with 78 and names the variable, not its value', async (_, program, env, variable) => {
    const dir = await folder('wrong');
    const wrong = run(program, { DATA_DIR: dir, PORT: '0', ...env });
    expect(await wrong.exited).toBe(78);
    expect(wrong.output).toContain(variable);
    expect(wrong.output).not.toContain(SECRET);
    expect(wrong.output).not.toMatch(/\n\s+at /);
    expect(existsSync(path.join(dir, 'postgres'))).toBe(false);
  });

  it('a database that does not answer ends it, and its password is not told', async () => {
    const lost = run('api', { DATA_DIR: await folder('lost'), PORT: '0', DATABASE_URL: `postgres://entrepot:${SECRET}@127.0.0.1:${await freePort()}/entrepot` });
    expect(await lost.exited).not.toBe(0);
    expect(lost.output).toContain('ECONNREFUSED');
    expect(lost.output).not.toContain(SECRET);
  });
});
