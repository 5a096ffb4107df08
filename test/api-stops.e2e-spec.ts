import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { credentialOf, licensedApi, listedApi, perCall } from './support/api-product.js';
import { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { done, type Market, openMarket } from './support/market.js';
import { VendorApi } from './support/vendor-api.js';

const KB = 1_024;
type Problem = { code: string; message: string };

/** A product served by an API: what ends a call, what a cap affords, and what opens the vendor's system. */
describe('calls of an API', () => {
  let exchange: TestExchange;
  let market: Market;
  let vendor: VendorApi;
  let productId: string;

  beforeAll(async () => {
    vendor = await VendorApi.start();
    exchange = await startExchange({ env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
    market = await openMarket(exchange);
    ({ productId } = await listedApi(exchange, market, vendor, { totalMs: 30_000 }));
  });
  afterAll(async () => {
    await exchange.close();
    vendor.close();
  });

  const licensed = async (plan: object = perCall()): Promise<string> => (await licensedApi(exchange, market, productId, plan)).licenceId;
  const call = (licenceId: string, path: string, client: GraphClient = market.buyer): Promise<Response> => fetch(`${exchange.url}/v1/apis/${licenceId}${path}`, { headers: client.headers() });
  const metered = async (licenceId: string): Promise<Record<string, string>> =>
    Object.fromEntries(((await exchange.owner.query('select meter, sum(quantity)::text as q from metering.usage_event where licence_id = $1 group by meter', [licenceId])) as { meter: string; q: string }[]).map((r) => [r.meter, r.q]));
  const ended = async (licenceId: string): Promise<{ outcome: string; calls: string; bytes: string }> => {
    for (let i = 0; i < 100; i++, await pause(30)) {
      const [row] = (await exchange.owner.query('select outcome, calls::text, bytes::text from delivery.api_call where licence_id = $1', [licenceId])) as { outcome: string; calls: string; bytes: string }[];
      if (row) return row;
    }
    throw new Error('the call was not written down');
  };
  /** Words for as long as somebody listens. */
  const talking = (word: string, every: number) => (_: unknown, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const timer = setInterval(() => response.write(word), every);
    response.once('close', () => clearInterval(timer));
  };
  /** Reads a call until it breaks; how many seconds after `stop` that was. */
  const stopsAfter = async (response: Response, stop: () => Promise<unknown>): Promise<number> => {
    const reader = response.body!.getReader();
    for (let i = 0; i < 3; i++) expect((await reader.read()).done).toBe(false);
    const reading = (async () => {
      while (!(await reader.read()).done);
    })();
    reading.catch(() => undefined);
    await stop();
    const since = performance.now();
    await expect(reading).rejects.toThrow();
    return (performance.now() - since) / 1_000;
  };

  it('stop within five seconds when their key is revoked or their licence suspended, in the middle of an answer', async () => {
    vendor.on('/data/v1/stream', talking('data: word\n\n', 20));
    vendor.on('/data/v1/big', talking('x'.repeat(10 * KB), 100));
    const seconds: string[] = [];
    const measure = async (cause: string, licenceId: string, response: Response, stop: () => Promise<unknown>): Promise<void> => {
      const took = await stopsAfter(response, stop);
      seconds.push(`${cause} after ${took.toFixed(1)} s`);
      expect([cause, took < 5]).toEqual([cause, true]);
    };
    const byKey = await licensed();
    const key = await done<{ id: string; secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'gateway', scopes: ['DELIVERY_CALL'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
    const machine = new GraphClient(exchange.url, key.secret);
    await measure('key revoked', byKey, await call(byKey, '/v1/stream', machine), () => done(market.buyer, 'revokeApiKey', 'ApiKey', 'id', { id: key.id }));
    expect((await call(byKey, '/v1/stream', machine)).status).toBe(401);
    const stopped = await ended(byKey);
    // It was charged when it began, with the bytes that came of it.
    expect([stopped.outcome, stopped.calls, Number(stopped.bytes) > 0]).toEqual(['CHARGED', '1', true]);
    expect(await metered(byKey)).toEqual({ calls: '1', bytes: stopped.bytes });

    const suspended = await licensed();
    await measure('licence suspended', suspended, await call(suspended, '/v1/stream'), () => done(market.vendor, 'suspendLicence', 'Licence', 'id', { licenceId: suspended, reason: 'resold' }));
    expect((await call(suspended, '/v1/stream')).status).toBe(403);
    // What is charged at its end had none: it is free.
    const free = await licensed();
    await measure('licence suspended, charged at its end', free, await call(free, '/v1/big'), () => done(market.vendor, 'suspendLicence', 'Licence', 'id', { licenceId: free, reason: 'resold' }));
    expect(await ended(free)).toMatchObject({ outcome: 'BROKEN_OFF', calls: '0' });
    expect(await metered(free)).toEqual({});
    process.stdout.write(`calls under way end: ${seconds.join(', ')}\n`);
    expect(await exchange.owner.query('select 1 from delivery.open_call')).toEqual([]);
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  }, 120_000);

  it('are exactly those that a hard cap affords when a hundred ask at once, also where some of them fail', async () => {
    // 1.00 in advance, two calls at 0.25, then 0.10 each: 4.95 is 36 calls and 0.05.
    const plan = perCall([{ kind: 'USAGE', label: 'Calls', meter: 'CALLS', model: 'GRADUATED', tiers: [{ upTo: '2', unitPrice: '0.25' }, { unitPrice: '0.10' }] }]);
    const capped = async (): Promise<string> => {
      const licenceId = await licensed(plan);
      await done(market.buyer, 'setSpendingCap', 'SpendingCap', 'hard', { licenceId, amountMinor: '495', currency: 'SGD', period: 'LICENCE_PERIOD', hard: true });
      return licenceId;
    };
    const hundred = (licenceId: string, pathOf: (i: number) => string) => Promise.all(Array.from({ length: 100 }, async (_, i) => {
      const response = await call(licenceId, pathOf(i));
      return `${response.status} ${response.ok ? (await response.text(), '') : ((await response.json()) as Problem).code}`.trim();
    }));
    const count = (answers: readonly string[], answer: string): number => answers.filter((a) => a === answer).length;
    const spending = async (licenceId: string) => (await market.buyer.ask<{ licenceSpending: object }>('query($id: ID!) { licenceSpending(licenceId: $id) { spent { minor } open { minor } left { minor } } }', { id: licenceId })).licenceSpending;
    vendor.on('/data/v1/quotes/fails', (_, r) => void r.writeHead(500).end());

    const all = await capped();
    const answers = await hundred(all, () => '/v1/quotes/a');
    expect([count(answers, '200'), count(answers, '429 delivery.spending_cap')]).toEqual([36, 64]);
    expect((await metered(all))['calls']).toBe('36');

    // Of those that fail nothing is left: what they held while they ran is there for the calls after them.
    const some = await capped();
    let through = 0;
    for (let round = 0; round < 4; round++) through += count(await hundred(some, (i) => (i % 2 ? '/v1/quotes/a' : '/v1/quotes/fails')), '200');
    while ((await call(some, '/v1/quotes/a')).status === 200) through += 1;
    expect([through, (await metered(some))['calls']]).toEqual([36, '36']);
    for (const licenceId of [all, some]) expect(await spending(licenceId)).toMatchObject({ spent: { minor: '490' }, open: { minor: '0' }, left: { minor: '5' } });
    const [receipts] = (await exchange.owner.query('select sum(calls)::text as calls from delivery.call_receipt where licence_id = any($1)', [[all, some]])) as [{ calls: string }];
    expect(receipts.calls).toBe('72');
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  }, 120_000);

  it('open the vendor’s system with the credential that was given last; the one before it stands nowhere', async () => {
    const old = vendor.key;
    const licenceId = await licensed();
    expect((await call(licenceId, '/v1/quotes/a')).status).toBe(200);
    expect(vendor.at('/data/v1/quotes/a').at(-1)!.headers['x-api-key']).toBe(old);
    const fresh = 'fresh-k3y-of-the-vendor/2';
    await done(market.vendor, 'setApiCredential', 'ApiCredential', 'setAt', credentialOf(vendor, productId, { value: fresh }));
    vendor.key = fresh;
    const since = performance.now();
    let response: Response;
    // Whoever still comes with the old one is turned away by the vendor: that is his fault and not the buyer's, and free.
    while ((response = await call(licenceId, '/v1/quotes/a')).status !== 200) {
      expect([response.status, ((await response.json()) as Problem).code]).toEqual([502, 'delivery.api_failed']);
      expect(performance.now() - since).toBeLessThan(3_000);
      await pause(50);
    }
    expect(vendor.at('/data/v1/quotes/a').at(-1)!.headers['x-api-key']).toBe(fresh);
    // In another place of the call: the field that it was in is gone.
    const third = 'third-k3y-of-the-vendor/3';
    await done(market.vendor, 'setApiCredential', 'ApiCredential', 'setAt', credentialOf(vendor, productId, { placement: 'BEARER', name: null, value: third }));
    vendor.accepts = ({ authorization }) => authorization === `Bearer ${third}`;
    for (const end = performance.now() + 3_000; (await call(licenceId, '/v1/quotes/a')).status !== 200 && performance.now() < end; ) await pause(50);
    const last = vendor.at('/data/v1/quotes/a').at(-1)!;
    expect(last.headers.authorization).toBe(`Bearer ${third}`);
    expect(JSON.stringify(last)).not.toMatch(/fresh-k3y|k3y-of-the-vendor\/\+/);
    // No table holds any of them in a form that can be read: neither the answer that was kept for its key, nor the log of acts.
    const tables = (await exchange.owner.query(`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)) as { name: string }[];
    expect(tables.length).toBeGreaterThan(100);
    for (const { name } of tables) expect([name, await exchange.owner.query(`select 1 from ${name} t where t::text like '%k3y-of-the-vendor%' limit 1`)]).toEqual([name, []]);
    expect((await exchange.owner.query(`select count(*)::int as times from audit.entry where act = 'delivery.set-api-credential' and object_id = $1`, [productId])) as unknown).toEqual([{ times: 3 }]);
    expect(await exchange.owner.query('select count(*)::int as kept from delivery.api_credential where product_id = $1', [productId])).toEqual([{ kept: 1 }]);
  }, 60_000);
});
