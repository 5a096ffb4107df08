import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callsDigest } from '../libs/delivery/src/domain/api/api-call.js';
import type { UsageStatement } from '#billing';
import { verifySigned } from '#shared';
import { TestClock } from './support/clock.js';
import { credentialOf, describeService, licensedApi, listedApi, OPERATIONS } from './support/api-product.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, draftProduct, type Market, openMarket, planOf, submitted } from './support/market.js';
import type { Ordered } from './support/trade.js';
import { VendorApi } from './support/vendor-api.js';

const KB = 1024;
interface Called { readonly id: string; readonly operation: string; readonly outcome: string; readonly status: number | null; readonly calls: string; readonly bytes: string }
type Problem = { code: string; message: string };

const perCall = (over: object = {}) => planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }, { kind: 'USAGE', label: 'Calls', meter: 'CALLS', tiers: [{ unitPrice: '0.25' }] }, { kind: 'USAGE', label: 'Bytes', meter: 'BYTES', tiers: [{ unitPrice: '0.0001' }] }], ...over });

describe('a product that is served by an API', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let vendor: VendorApi;
  let productId: string;
  let licenceId: string;
  let agreementId: string;

  const describeOwn = (id: string, over: object = {}) => describeService(vendor, id, over);
  const listed = async (over: object = {}): Promise<string> => (await listedApi(exchange, market, vendor, over)).productId;
  const licensed = (product: string, plan: object = perCall()): Promise<Ordered> => licensedApi(exchange, market, product, plan);
  const call = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}, licence = licenceId, client = market.buyer): Promise<Response> =>
    fetch(`${exchange.url}/v1/apis/${licence}${path}`, { ...init, headers: { ...client.headers(), 'content-type': 'text/plain', ...init.headers } });
  const calls = async (licence = licenceId, client = market.buyer): Promise<Called[]> =>
    (await client.ask<{ apiCalls: { nodes: Called[] } }>('query($id: ID!) { apiCalls(licenceId: $id, first: 100) { nodes { id operation outcome status calls bytes } } }', { id: licence })).apiCalls.nodes;
  /** A call that was broken off is written down a moment after its caller knows. */
  const endedAs = async (path: string, outcome: string): Promise<Called> => {
    for (let i = 0; i < 100; i++) {
      const found = (await calls()).find((c) => c.operation.endsWith(path) && c.outcome === outcome);
      if (found) return found;
      await pause(30);
    }
    throw new Error(`no call of ${path} ended as ${outcome}: ${JSON.stringify(await calls())}`);
  };
  const open = async (licence = licenceId): Promise<number> => Number(((await exchange.owner.query('select count(*) as n from delivery.open_call where licence_id = $1', [licence])) as [{ n: string }])[0].n);
  const metered = async (licence = licenceId): Promise<Record<string, string>> =>
    Object.fromEntries(((await exchange.owner.query('select meter, sum(quantity)::text as q from metering.usage_event where licence_id = $1 group by meter order by meter', [licence])) as { meter: string; q: string }[]).map((r) => [r.meter, r.q]));

  beforeAll(async () => {
    vendor = await VendorApi.start();
    exchange = await startExchange({ clock, env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
    market = await openMarket(exchange);
    productId = await listed();
    ({ licenceId, agreementId } = await licensed(productId));
  });
  afterAll(async () => {
    await exchange.close();
    vendor.close();
  });

  it('is listed after a call to it, and not where that fails', async () => {
    expect(vendor.at('/data/health')).toHaveLength(1);
    const files = [csvFile(500)];
    const draft = await draftProduct(market, files);
    expect(await market.vendor.mutate('describeDataService', 'DataService', 'id', describeOwn(draft.productId, { endpointUrl: 'https://10.0.0.1/' }))).toMatchObject({ __typename: 'InvalidInput' });
    await done(market.vendor, 'describeDataService', 'DataService', 'id', describeOwn(draft.productId, { testPath: '/broken' }));
    await submitted(exchange, market, draft, files);
    const seen = async () => (await market.vendor.ask<{ product: { state: string; listing: { records: { details: string }[] } } }>('query($id: ID!) { product(id: $id) { state listing { records { details } } } }', { id: draft.productId })).product;
    expect((await seen()).state).toBe('DRAFT');
    expect((await seen()).listing.records.at(-1)!.details).toContain('API: its credential was not given');
    await done(market.vendor, 'setApiCredential', 'ApiCredential', 'setAt', credentialOf(vendor, draft.productId));
    vendor.on('/data/broken', (_, r) => void r.writeHead(500).end());
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.drain();
    expect((await seen()).listing.records.at(-1)!.details).toContain('API: it answered 500');
    vendor.on('/data/broken', (_, r) => void r.writeHead(200).end(`key ${vendor.key}`));
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.drain();
    expect((await seen()).listing.records.at(-1)!.details).toContain('API: it tells its callers the credential');
    // What was handed in and listed is not edited.
    expect(await market.vendor.mutate('describeDataService', 'DataService', 'id', describeOwn(productId))).toMatchObject({ __typename: 'StateConflict' });
    const shown = async (client: Market['vendor']) => (await client.ask<{ dataService: object }>('query($id: ID!) { dataService(productId: $id) { endpointUrl testPath operations { path cost } } }', { id: productId })).dataService;
    expect(await shown(market.vendor)).toMatchObject({ endpointUrl: vendor.url(), testPath: '/health' });
    expect(await shown(market.buyer)).toMatchObject({ endpointUrl: null, testPath: null, operations: expect.arrayContaining([{ path: '/v1/big', cost: 5 }]) });
  });

  it('passes a call on with the credential that its buyer never sees, and charges it once', async () => {
    const response = await call('/v1/quotes/A%42C?day=1', { headers: { cookie: 'a=b', 'x-forwarded-for': '1.2.3.4', 'x-api-key': 'another', 'x-own': 'yes' } });
    expect([response.status, await response.json()]).toEqual([200, { url: '/data/v1/quotes/ABC?day=1', body: '' }]);
    const [taken] = vendor.at('/data/v1/quotes/ABC');
    expect(taken!.headers).toMatchObject({ 'x-api-key': vendor.key, 'x-own': 'yes', via: '1.1 entrepot', 'entrepot-licence': licenceId, 'entrepot-call-id': response.headers.get('entrepot-call-id') });
    for (const name of ['authorization', 'cookie', 'x-forwarded-for']) expect(taken!.headers[name]).toBeUndefined();
    expect((await calls())[0]).toMatchObject({ id: response.headers.get('entrepot-call-id'), operation: 'GET /v1/quotes/{symbol}', outcome: 'CHARGED', status: 200, calls: '1', bytes: String(JSON.stringify({ url: '/data/v1/quotes/ABC?day=1', body: '' }).length) });
    expect((await metered())['calls']).toBe('1');
    expect(await open()).toBe(0);
    const stored = JSON.stringify(await exchange.owner.query('select * from delivery.api_credential'));
    expect(stored).not.toContain(vendor.key);
    expect(await calls(licenceId, market.vendor)).toEqual(await calls());
    // Its purchase counts as delivered with the first call.
    await exchange.drain();
    expect(await exchange.owner.query(`select 1 from settlement.trade where agreement_id = $1 and kind = 'PURCHASE' and delivered_at is not null`, [agreementId])).toHaveLength(1);
  });

  it('sends what the caller sends, of any type and within its bound', async () => {
    const sent = await call('/v1/query', { method: 'POST', body: 'sélect', headers: { 'content-type': 'application/sql' } });
    expect(await sent.json()).toMatchObject({ body: 'sélect' });
    expect(vendor.at('/data/v1/query').at(-1)!.headers).toMatchObject({ 'content-type': 'application/sql', 'content-length': '7' });
    const json = await call('/v1/query', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } });
    expect(await json.json()).toMatchObject({ body: '{"a":' });
    const long = await call('/v1/query', { method: 'POST', body: 'x'.repeat(65 * KB) });
    expect([long.status, ((await long.json()) as Problem).code]).toEqual([413, 'delivery.api_request_too_large']);
    const chunked = await fetch(`${exchange.url}/v1/apis/${licenceId}/v1/query`, { method: 'POST', headers: market.buyer.headers({ 'content-type': 'text/plain' }), body: new Blob(['x'.repeat(100 * KB)]).stream(), duplex: 'half' } as RequestInit).then((r) => r.status, () => 'broken off');
    expect([413, 'broken off']).toContain(chunked);
    expect((await call('/v1/quotes/a', { method: 'DELETE' })).status).toBe(200);
  });

  it('is called at what its description names, by its buyer and by nobody else', async () => {
    const status = async (path: string, init: object = {}, licence = licenceId, client = market.buyer): Promise<[number, string | undefined]> => {
      const response = await call(path, init, licence, client);
      return [response.status, ((await response.json()) as Problem).code];
    };
    expect(await status('/v1/admin')).toEqual([404, 'delivery.api_operation']);
    expect(await status('/v1/quotes/a', { method: 'PUT', body: '' })).toEqual([404, 'delivery.api_operation']);
    expect(await status('/v1/quotes/a', {}, licenceId, market.vendor)).toEqual([404, 'not_found']);
    expect(await status('/v1/quotes/a', {}, productId)).toEqual([404, 'not_found']);
    expect(await status('/v1/quotes/a', {}, licenceId, await exchange.client())).toEqual([401, undefined]);
    const before = vendor.taken.length;
    const { hostname, port } = new URL(exchange.url);
    for (const rest of ['/v1/quotes/../admin', '/v1/quotes/%2e%2e', '/v1/quotes/a%2fb', '/v1/quotes/..;x', '/v1/quotes/%252e', '//v1/quotes/a', '/v1/quotes/a\\b']) {
      const request = http.request({ hostname, port, path: `/v1/apis/${licenceId}${rest}`, headers: market.buyer.headers() }).end();
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      response.resume();
      expect([rest, response.statusCode]).toEqual([rest, 400]);
    }
    const absolute = http.request({ hostname, port, path: `${vendor.url()}/v1/quotes/a`, headers: market.buyer.headers() }).end();
    expect(((await once(absolute, 'response')) as [http.IncomingMessage])[0].resume().statusCode).toBe(404);
    expect(vendor.taken).toHaveLength(before);
  });

  it('costs nothing where the vendor fails, and the caller hears whose fault it is', async () => {
    const before = await metered();
    const failing: [string, (q: http.IncomingMessage, r: http.ServerResponse) => void, number, string][] = [
      ['/data/v1/quotes/e500', (_, r) => void r.writeHead(500).end('inner trouble'), 502, 'VENDOR_FAILED'], ['/data/v1/quotes/redirect', (_, r) => void r.writeHead(302, { location: 'http://169.254.169.254/' }).end(), 502, 'VENDOR_FAILED'],
      ['/data/v1/quotes/unauthorised', (_, r) => void r.writeHead(401, { 'www-authenticate': 'Basic' }).end(), 502, 'VENDOR_FAILED'], ['/data/v1/quotes/silent', () => undefined, 504, 'TIMED_OUT'], ['/data/v1/quotes/cut', (_, r) => void r.writeHead(200, { 'content-length': 100 }).write('x', () => r.destroy()), 502, 'VENDOR_FAILED'],
      ['/data/v1/quotes/packed', (_, r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end('x'), 502, 'VENDOR_FAILED'], ['/data/v1/quotes/long', (_, r) => void r.writeHead(200, { 'content-length': 513 * KB }).end(Buffer.alloc(513 * KB)), 502, 'VENDOR_FAILED'],
      ['/data/v1/quotes/echo', (q, r) => void r.writeHead(200).end(`you sent ${String(q.headers['x-api-key'])}`), 502, 'VENDOR_FAILED'],
    ];
    for (const [path, answer, status, outcome] of failing) {
      vendor.on(path, answer);
      const response = await call(path.slice('/data'.length));
      const text = await response.text();
      expect([path, response.status, (await calls())[0]!.outcome]).toEqual([path, status, outcome]);
      expect(text).not.toContain(vendor.key);
      expect(text).not.toContain('trouble');
      expect(response.headers.get('location')).toBeNull();
    }
    vendor.on('/data/v1/quotes/gone', (_, r) => void r.writeHead(404, { 'content-type': 'text/plain', 'set-cookie': 's=1', 'x-key': vendor.key, 'access-control-allow-origin': '*' }).end('no such symbol'));
    const gone = await call('/v1/quotes/gone');
    expect([gone.status, await gone.text(), gone.headers.get('content-type')]).toEqual([404, 'no such symbol', 'text/plain']);
    for (const name of ['set-cookie', 'x-key', 'access-control-allow-origin']) expect(gone.headers.get(name)).toBeNull();
    expect((await calls())[0]).toMatchObject({ outcome: 'ANSWERED', status: 404, calls: '0' });
    expect(await metered()).toEqual(before);
    expect(await open()).toBe(0);
  });

  it('streams long answers as they are taken, and holds their end until they are charged', async () => {
    const content = Buffer.alloc(400 * KB, 'abc');
    let rest = (): void => {};
    vendor.on('/data/v1/big', (_, r) => {
      r.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 300 * KB));
      rest = () => void r.end(content.subarray(300 * KB));
    });
    const before = await metered();
    const response = await call('/v1/big');
    const reader = response.body!.getReader();
    const parts: Buffer[] = [];
    const taken = (): number => parts.reduce((sum, p) => sum + p.length, 0);
    const take = async (): Promise<boolean> => {
      const { done: over, value } = await reader.read();
      if (value) parts.push(Buffer.from(value));
      return !over;
    };
    while (taken() < 200 * KB) expect(await take()).toBe(true);
    // The last 64 KiB of what has come are held back.
    expect(taken()).toBeLessThanOrEqual((300 - 64 + 16) * KB);
    expect(await metered()).toEqual(before);
    rest();
    for (let more = true; more; ) more = await take();
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    const after = await metered();
    expect([Number(after['calls']) - Number(before['calls']), Number(after['bytes']) - Number(before['bytes'])]).toEqual([5, content.length]);
    // Broken off in the middle by its vendor: no end, no charge.
    vendor.on('/data/v1/big', (_, r) => void r.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 300 * KB), () => setTimeout(() => r.destroy(), 100)));
    await expect(call('/v1/big').then((r) => r.arrayBuffer())).rejects.toThrow();
    await endedAs('/v1/big', 'VENDOR_FAILED');
    // And by its caller: the vendor's call ends too.
    vendor.on('/data/v1/big', (_, r) => void r.writeHead(200).write(content.subarray(0, 300 * KB)));
    const left = vendor.left;
    const leaving = new AbortController();
    const begun = await call('/v1/big', { signal: leaving.signal });
    await begun.body!.getReader().read();
    leaving.abort();
    await endedAs('/v1/big', 'CLIENT_LEFT');
    for (let i = 0; i < 50 && vendor.left === left; i++) await pause(20);
    expect(vendor.left).toBeGreaterThan(left);
    expect(await metered()).toEqual(after);
    expect(await open()).toBe(0);
  });

  it('streams what is charged when it begins word by word, and stops it with the licence', async () => {
    let say = (_text: string): void => {};
    vendor.on('/data/v1/stream', (_, r) => {
      r.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      say = (text) => void r.write(text);
    });
    const before = Number((await metered())['calls']);
    const response = await call('/v1/stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.getReader();
    for (const word of ['data: 1\n\n', 'data: 2\n\n']) {
      say(word);
      expect(Buffer.from((await reader.read()).value!).toString()).toBe(word);
    }
    expect(Number((await metered())['calls'])).toBe(before + 1);
    const { organisation: { id: buyerId } } = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me;
    const at = performance.now();
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: buyerId, reason: 'for the test' });
    await expect(reader.read()).rejects.toThrow();
    expect(performance.now() - at).toBeLessThan(3_500);
    expect((await call('/v1/quotes/a')).status).toBe(403);
    await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: buyerId, reason: 'for the test' });
    await exchange.drain();
    expect(await endedAs('/v1/stream', 'CHARGED')).toMatchObject({ bytes: '18', calls: '1' });
    expect(await open()).toBe(0);
  });

  it('lets exactly as many calls through as a quota gives when a hundred ask at once, and none is lost', async () => {
    const { licenceId: limited } = await licensed(productId, perCall({ quotas: [{ meter: 'CALLS', quantity: '37' }] }));
    const hundred = (path: string) => Promise.all(Array.from({ length: 100 }, async () => {
      const response = await call(path, {}, limited);
      return [response.status, response.ok ? '' : ((await response.json()) as Problem).code];
    }));
    // None of those that fail takes one away.
    const failed = await hundred('/v1/quotes/e500');
    expect(failed.filter(([status]) => status === 200)).toEqual([]);
    expect(await open(limited)).toBe(0);
    const answers = await hundred('/v1/quotes/a');
    expect(answers.filter(([status]) => status === 200)).toHaveLength(37);
    expect(new Set(answers.filter(([status]) => status !== 200).map(String))).toEqual(new Set(['429,delivery.quota']));
    expect((await metered(limited))['calls']).toBe('37');
    expect(await open(limited)).toBe(0);
    const receipts = (await exchange.owner.query('select sum(calls)::text as calls, count(*)::int as n from delivery.call_receipt where licence_id = $1', [limited])) as [{ calls: string; n: number }];
    expect(receipts[0].calls).toBe('37');
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('keeps its rate and its calls at a time', async () => {
    const slow = await listed({ rateCalls: 3, rateSeconds: 600, atOnce: 2 });
    const { licenceId: own } = await licensed(slow);
    const waiting: (() => void)[] = [];
    vendor.on('/data/v1/quotes/wait', (_, r) => void waiting.push(() => r.end('ok')));
    const running = [call('/v1/quotes/wait', {}, own), call('/v1/quotes/wait', {}, own)];
    while (waiting.length < 2) await pause(10);
    const third = await call('/v1/quotes/a', {}, own);
    expect([third.status, ((await third.json()) as Problem).code]).toEqual([429, 'delivery.api_at_once']);
    for (const end of waiting) end();
    expect((await Promise.all(running)).map((r) => r.status)).toEqual([200, 200]);
    const fourth = await call('/v1/quotes/a', {}, own);
    expect([fourth.status, ((await fourth.json()) as Problem).code]).toEqual([429, 'delivery.api_rate']);
    expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('leaves receipts that prove each call, and its bill is reckoned from them', async () => {
    const { callReceipts } = await market.buyer.ask<{ callReceipts: { nodes: { calls: string; bytes: string; digest: string; jws: string }[] } }>('query($id: ID!) { callReceipts(licenceId: $id, first: 100) { nodes { calls bytes digest jws } } }', { id: licenceId });
    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as Parameters<typeof verifySigned>[0];
    const ids: string[] = [];
    for (const { calls: n, bytes, digest, jws } of callReceipts.nodes) {
      const payload = (await verifySigned(keys, 'entrepot-receipt+jws', jws)) as { callIds: string[]; calls: string; bytes: string; digest: string };
      expect([payload.calls, payload.bytes, payload.digest, callsDigest(payload.callIds)]).toEqual([n, bytes, digest, digest]);
      ids.push(...payload.callIds);
    }
    const charged = (await calls()).filter((c) => c.outcome === 'CHARGED');
    expect([...new Set(ids)].sort()).toEqual(charged.map((c) => c.id).sort());
    const sum = (of: (r: { calls: string; bytes: string }) => string): string => callReceipts.nodes.reduce((s, r) => s + BigInt(of(r)), 0n).toString();
    expect({ calls: sum((r) => r.calls), bytes: sum((r) => r.bytes) }).toEqual(await metered());
    const health = await market.vendor.ask<{ apiHealth: { outcomes: { outcome: string; calls: number }[] } }>('query($id: ID!) { apiHealth(productId: $id) { outcomes { outcome calls } } }', { id: productId });
    expect(health.apiHealth.outcomes.map((o) => o.outcome)).toEqual(expect.arrayContaining(['CHARGED', 'VENDOR_FAILED', 'TIMED_OUT']));
  });

  it('is billed by the calls of its receipts, and the bill is reckoned anew from them offline', async () => {
    const { licenceId: own } = await licensed(productId);
    for (const symbol of ['a', 'b', 'c', 'e500']) await call(`/v1/quotes/${symbol}`, {}, own);
    await exchange.drain();
    const { invoice } = await done<{ invoice: { id: string } }>(market.vendor, 'closeUsagePeriod', 'UsagePeriod', 'invoice { id }', { licenceId: own });
    const get = async (path: string): Promise<string> => {
      const response = await fetch(exchange.url + path, { headers: market.buyer.headers() });
      expect([path, response.status]).toEqual([path, 200]);
      return response.text();
    };
    const statement = JSON.parse(await get(`/v1/invoices/${invoice.id}/usage-statement`)) as UsageStatement;
    const lines = (await get(`/v1/receipt-exports?licenceId=${own}`)).trim().split('\n');
    expect(statement.receipts).toHaveLength(3);
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-calls-'));
    const verify = async (receipts: readonly string[], said: UsageStatement = statement): Promise<{ code: number; text: string }> => {
      const files = ['invoice.json', 'receipts.jsonl', 'jwks.json'].map((name) => join(folder, name));
      await Promise.all([JSON.stringify(said), receipts.join('\n'), await get('/.well-known/jwks.json')].map((text, i) => writeFile(files[i]!, text)));
      return new Promise((resolve) => execFile(process.execPath, ['dist/apps/verify-receipts/src/main.js', files[0]!, files[1]!, '--jwks', files[2]!], { env: {} }, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: out + err })));
    };
    expect(await verify(lines)).toMatchObject({ code: 0, text: expect.stringContaining('by receipts, and what goes beyond them as reported') });
    const missing = await verify(lines.slice(1));
    expect([missing.code, missing.text]).toEqual([1, expect.stringContaining('is charged and is not there')]);
    const fewer = { ...statement, charges: statement.charges.map((c) => (c.meter === 'calls' ? { ...c, quantity: '2' } : c)) };
    expect((await verify(lines, fewer)).text).toContain('2 calls of period 1 are charged, receipts prove 3');
    await rm(folder, { recursive: true });
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('has its receipts acknowledged by the digest of their calls, or contested as those of downloads', async () => {
    const { licenceId: own } = await licensed(productId);
    for (const symbol of ['a', 'b']) await call(`/v1/quotes/${symbol}`, {}, own);
    const receipts = async () => (await market.vendor.ask<{ callReceipts: { nodes: { id: string; digest: string; answer: { state: string } | null }[] } }>('query($id: ID!) { callReceipts(licenceId: $id) { nodes { id digest answer { state } } } }', { id: own })).callReceipts.nodes;
    const [right, wrong] = await receipts();
    const acknowledge = (sha256: string) => market.buyer.mutate('acknowledgeReceipts', 'AcknowledgedReceipts', 'answers { state }', { receipts: [{ receiptId: right!.id, sha256 }] });
    expect(await acknowledge(wrong!.digest)).toMatchObject({ __typename: 'InvalidInput' });
    expect(await acknowledge(right!.digest)).toMatchObject({ answers: [{ state: 'ACKNOWLEDGED' }] });
    await done(market.buyer, 'contestReceipt', 'ReceiptAnswer', 'state', { receiptId: wrong!.id, ground: 'NOT_REQUESTED', reason: 'nobody of us asked for it' });
    await done(market.vendor, 'answerReceiptContest', 'ReceiptAnswer', 'state', { receiptId: wrong!.id, answer: 'CONCEDE' });
    await exchange.drain();
    expect((await receipts()).map((r) => r.answer?.state)).toEqual(['ACKNOWLEDGED', 'UPHELD']);
    expect((await metered(own))['calls']).toBe('1');
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('gives back what a process that died had taken, and charges nothing for it', async () => {
    const { licenceId: own } = await licensed(productId, perCall({ quotas: [{ meter: 'CALLS', quantity: '1' }] }));
    await exchange.owner.query(`insert into delivery.open_call (id, licence_id, vendor_id, buyer_id, calls, bytes, expires_at, product_id, operation, started_at, cost)
      select gen_random_uuid(), id, vendor_id, buyer_id, cost - begun, 0, $2::timestamptz + interval '1 minute', product_id, 'GET /v1/quotes/{id}', $2, cost
      from contracts.licence, (values (1, 0), (3, 3)) c (cost, begun) where id = $1`, [own, clock.now()]);
    // Let in by a release that did not keep what it was.
    await exchange.owner.query(`insert into delivery.open_call (id, licence_id, vendor_id, buyer_id, calls, bytes, expires_at) select gen_random_uuid(), id, vendor_id, buyer_id, 0, 0, $2::timestamptz + interval '1 minute' from contracts.licence where id = $1`, [own, clock.now()]);
    expect((await call('/v1/quotes/a', {}, own)).status).toBe(429);
    clock.advance(61);
    expect((await call('/v1/quotes/a', {}, own)).status).toBe(200);
    expect((await call('/v1/quotes/a', {}, own)).status).toBe(429);
    await exchange.drain();
    expect(await open(own)).toBe(0);
    // Both sides see that they were: one was charged when its answer began, the other was not.
    const left = (outcome: string, charged: string) => expect.objectContaining({ outcome, operation: 'GET /v1/quotes/{id}', status: null, calls: charged, bytes: '0' }) as unknown;
    const lines = (await calls(own, market.vendor)).filter((c) => c.status === null).sort((a, b) => Number(a.calls) - Number(b.calls));
    expect(lines).toEqual([left('INTERRUPTED', '0'), left('CHARGED', '3')]);
    expect((await calls(own)).map((c) => c.outcome).sort()).toEqual(['CHARGED', 'CHARGED', 'INTERRUPTED']);
    await exchange.drain();
    expect(await calls(own)).toHaveLength(3);
  });
});

describe('an exchange that calls nothing private', () => {
  it('refuses an API inside, whatever it is called by', async () => {
    const vendor = await VendorApi.start();
    const exchange = await startExchange({ env: { OUTGOING_ALLOW: '192.0.2.1' } });
    try {
      const market = await openMarket(exchange);
      const files = [csvFile(500)];
      const draft = await draftProduct(market, files);
      const at = (endpointUrl: string) => market.vendor.mutate<Problem>('describeDataService', 'DataService', 'id', { productId: draft.productId, endpointUrl, operations: OPERATIONS, testPath: '/health' });
      for (const url of [vendor.url(), 'https://127.0.0.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://2130706433/', 'https://169.254.169.254/', 'https://10.1.2.3/', 'http://api.example/']) expect([url, (await at(url)).code]).toEqual([url, 'catalog.data_service']);
      // A name is known for what it is when it is called.
      expect(await at(`https://localhost:${new URL(vendor.url()).port}/`)).toMatchObject({ __typename: 'DataService' });
      await done(market.vendor, 'setApiCredential', 'ApiCredential', 'setAt', { productId: draft.productId, placement: 'HEADER', name: 'X-Api-Key', value: vendor.key });
      await submitted(exchange, market, draft, files);
      const { product } = await market.vendor.ask<{ product: { listing: { records: { details: string }[] } } }>('query($id: ID!) { product(id: $id) { listing { records { details } } } }', { id: draft.productId });
      expect(product.listing.records.at(-1)!.details).toContain('API: it cannot be reached');
      expect(vendor.taken).toEqual([]);
    } finally {
      await exchange.close();
      vendor.close();
    }
  });
});
