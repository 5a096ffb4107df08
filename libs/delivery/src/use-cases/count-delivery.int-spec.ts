import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LIMITS, verifySigned, trustCallsOutsideRequests } from '#shared';
import { GraphClient } from '../../../../test/support/client.js';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { activeLicence, csvFile, done, type Draft, listedProduct, type Market, openMarket, sha256, type TestFile } from '../../../../test/support/market.js';
import { MAX_OPEN_PER_HOUR, RECEIPT_TYPE } from '../domain/delivery.js';
import { ReserveBytes } from './reserve-bytes.js';
import { CountDelivery } from './count-delivery.js';

const GRANT = 'deliveryId url expiresAt fileName mediaType byteLength sha256';
interface Grant { deliveryId: string; url: string; byteLength: string; sha256: string }

/** On the public channel nobody asks. */
const PROOF = { address: '127.0.0.1', certificate: null };

trustCallsOutsideRequests();

describe('downloads', () => {
  const clock = new TestClock();
  const large = csvFile(12_000_000, 'large.csv');
  const small = csvFile(2_000, '港口 calls.csv');
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let licenceId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [large, small]);
  });
  afterAll(() => exchange.close());
  /** Each test has a licence of its own, so that it counts only what it did. */
  beforeEach(async () => {
    ({ licenceId } = await activeLicence(exchange, market, product.productId));
  });

  const assetOf = (file: TestFile): string => product.assetIds[file === large ? 0 : 1]!;
  const grant = (file: TestFile, client = market.buyer): Promise<Grant> => done<Grant>(client, 'requestDownload', 'DownloadGrant', GRANT, { licenceId, assetId: assetOf(file) });
  const get = (url: string, range?: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url, { headers: { ...(range ? { range } : {}), ...headers } });
  const body = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
  const codeOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];
  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const charged = async (): Promise<Record<string, string>> => {
    const found = await rows<{ meter: string; quantity: string }>('select meter, sum(quantity)::text as quantity from metering.usage_event where licence_id = $1 group by meter', [licenceId]);
    const [receipts] = await rows<{ n: number }>('select count(*)::int as n from delivery.receipt where licence_id = $1', [licenceId]);
    return { ...Object.fromEntries(found.map((f) => [f.meter, f.quantity])), receipts: String(receipts!.n) };
  };
  const CHARGED_ONCE = (file: TestFile) => ({ downloads: '1', bytes: String(file.content.length), receipts: '1' });
  const FREE = { receipts: '0' };
  const stateOf = async ({ deliveryId }: Grant) => (await rows<{ state: string; budget_left: string }>('select state, budget_left from delivery.delivery where id = $1', [deliveryId]))[0]!;

  /** Reads so many bytes slowly enough to be in the middle, and breaks off. */
  async function breakOff(url: string, bytes: number, range?: string): Promise<Buffer> {
    const request = http.get(url, { headers: range ? { range } : {}, agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const chunks: Buffer[] = [];
    let received = 0;
    while (received < bytes) {
      const chunk = response.read() as Buffer | null;
      if (chunk === null) await once(response, 'readable');
      else received += chunks.push(chunk) && chunk.length;
    }
    request.destroy();
    return Buffer.concat(chunks);
  }
  const noneRunning = async (): Promise<void> => {
    for (let i = 0; i < 200 && (await rows('select 1 from delivery.response where licence_id = $1', [licenceId])).length; i++) await pause(20);
  };

  it('hands the whole file out with its headers, charges it once, and is spent', async () => {
    const open = await grant(small);
    const head = await fetch(open.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await charged()]).toEqual([200, String(small.content.length), FREE]);
    const response = await get(open.url);
    expect((await body(response)).equals(small.content)).toBe(true);
    const digest = Buffer.from(sha256(small.content), 'hex').toString('base64');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv', 'accept-ranges': 'bytes', etag: `"${sha256(small.content)}"`, 'repr-digest': `sha-256=:${digest}:`, 'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="__ calls.csv"; filename*=UTF-8''%E6%B8%AF%E5%8F%A3%20calls.csv`, 'x-content-type-options': 'nosniff',
    });
    expect(await codeOf(await get(open.url))).toEqual([410, 'delivery.token_not_valid']);
    expect(await charged()).toEqual(CHARGED_ONCE(small));
    expect(await rows('select act from audit.entry where object_id = $1 order by recorded_at, id', [open.deliveryId])).toEqual([{ act: 'delivery.open' }, { act: 'delivery.complete' }, { act: 'delivery.spend' }]);
  });

  it('signs a receipt that an outsider can verify with the published keys', async () => {
    await body(await get((await grant(small)).url));
    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as Parameters<typeof verifySigned>[0];
    const query = 'query($id: ID!) { receipts(licenceId: $id) { nodes { id jws bytes sha256 agreementHash ranges { from to } } } }';
    for (const client of [market.buyer, market.vendor, market.officer]) {
      const { receipts: { nodes: [receipt] } } = await client.ask<{ receipts: { nodes: { id: string; jws: string; bytes: string; sha256: string; agreementHash: string; ranges: object[] }[] } }>(query, { id: licenceId });
      expect(receipt!.ranges).toEqual([{ from: '0', to: String(small.content.length - 1) }]);
      const { jws, ...rest } = receipt!;
      expect(await verifySigned(keys, RECEIPT_TYPE, jws)).toMatchObject({ ...rest, licenceId, sha256: sha256(small.content) });
      const [header, payload, signature] = jws.split('.') as [string, string, string];
      const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace(/"bytes":"\d/, '"bytes":"9')).toString('base64url');
      await expect(verifySigned(keys, RECEIPT_TYPE, `${header}.${forged}.${signature}`)).rejects.toThrow();
      expect(await client.ask('query($id: ID!) { receipt(id: $id) { id } }', { id: receipt!.id })).toEqual({ receipt: { id: receipt!.id } });
    }
    const stranger = await exchange.client('stranger');
    expect(await stranger.ask(query, { id: licenceId })).toEqual({ receipts: null });
    await expect(rows('update delivery.receipt set bytes = 1')).rejects.toThrow('never changed');
  });

  it('puts a file together from ranges, in any order and overlapping, and charges when the last byte goes', async () => {
    const open = await grant(large);
    const n = large.content.length;
    const cuts: [number, number][] = [[n - 1_000, n - 1], [0, 4_000_000], [3_900_000, 9_000_000]];
    for (const [from, to] of cuts) {
      const response = await get(open.url, `bytes=${from}-${to}`);
      expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to}/${n}`]);
      expect((await body(response)).equals(large.content.subarray(from, to + 1))).toBe(true);
      expect(await charged()).toEqual(FREE);
    }
    await body(await get(open.url, 'bytes=8999999-'));
    expect(await charged()).toEqual(CHARGED_ONCE(large));
    expect((await get(open.url)).status).toBe(410);
  });

  it('answers unusual ranges as RFC 9110 says', async () => {
    const open = await grant(small);
    const outside = await get(open.url, `bytes=${small.content.length}-`);
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${small.content.length}`]);
    expect((await get(open.url, 'bytes=0-9', { 'if-range': `"${open.sha256}"` })).status).toBe(206);
    const stale = await fetch(open.url, { method: 'HEAD', headers: { range: 'bytes=0-9', 'if-range': '"other"' } });
    const several = await fetch(open.url, { method: 'HEAD', headers: { range: 'bytes=0-1,5-6' } });
    expect([stale.status, several.status, await charged()]).toEqual([200, 200, FREE]);
  });

  it('charges nothing when the client breaks off, gives the unsent bytes back, and charges once when he resumes', async () => {
    const open = await grant(large);
    const got = await breakOff(open.url, 2_000_000);
    await noneRunning();
    expect(await charged()).toEqual(FREE);
    const broken = await stateOf(open);
    expect(broken.state).toBe('OPEN');
    expect(Number(broken.budget_left)).toBeGreaterThan(large.content.length);
    const rest = await body(await get(open.url, `bytes=${got.length}-`));
    expect(Buffer.concat([got, rest]).equals(large.content)).toBe(true);
    expect(await charged()).toEqual(CHARGED_ONCE(large));
    expect(await codeOf(await get(open.url))).toEqual([410, 'delivery.token_not_valid']);
  });

  it('charges nothing while a client does not read on', async () => {
    const open = await grant(large);
    const request = http.get(open.url, { agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.pause();
    await pause(300);
    expect(await charged()).toEqual(FREE);
    request.destroy();
    await noneRunning();
    expect(await charged()).toEqual(FREE);
  });

  it('counts what went out on two tokens together: half a file on each is one delivery', async () => {
    const [first, second] = [await grant(large), await grant(large)];
    await body(await get(first.url, 'bytes=0-5999999'));
    expect(await charged()).toEqual(FREE);
    await body(await get(second.url, 'bytes=6000000-'));
    expect(await charged()).toEqual(CHARGED_ONCE(large));
    expect((await get(second.url)).status).toBe(410);
    expect([(await stateOf(first)).state, (await stateOf(second)).state]).toEqual(['OPEN', 'SPENT']);
  });

  it('charges once for two whole requests at the same time, and never sends more than two copies', async () => {
    const open = await grant(large);
    const answers = await Promise.all([get(open.url), get(open.url), get(open.url)]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 200, 409]);
    const bodies = await Promise.all(answers.filter((a) => a.status === 200).map(body));
    expect(bodies.every((b) => b.equals(large.content))).toBe(true);
    expect(await charged()).toEqual(CHARGED_ONCE(large));
    expect((await get(open.url)).status).toBe(410);
  });

  it('charges twice for two deliveries', async () => {
    const open = await Promise.all([grant(small), grant(small)]);
    await Promise.all(open.map(async (g) => body(await get(g.url))));
    expect(await charged()).toEqual({ downloads: '2', bytes: String(2 * small.content.length), receipts: '2' });
  });

  it('holds the end back until the charge is committed, and a crash before it charges nothing', async () => {
    const open = await grant(small);
    const counting = exchange.app.get(CountDelivery);
    const real = counting.execute.bind(counting);
    counting.execute = async () => { throw new Error('power cut'); };
    await expect(get(open.url).then(body)).rejects.toThrow();
    counting.execute = real;
    expect(await charged()).toEqual(FREE);
    expect((await body(await get(open.url))).equals(small.content)).toBe(true);
    expect(await charged()).toEqual(CHARGED_ONCE(small));
  });

  it('lets a client resume what was charged and did not arrive, without charging again', async () => {
    const open = await grant(small);
    const reserving = exchange.app.get(ReserveBytes);
    const found = await reserving.find(open.url.split('/').at(-1)!, 'test-request', PROOF, null);
    const reservation = await reserving.execute(found as never, { from: 0, to: small.content.length }, 'test-request', PROOF);
    await exchange.app.get(CountDelivery).execute(reservation as never);
    expect(await charged()).toEqual(CHARGED_ONCE(small));
    clock.advance(LIMITS.downloadTokenSeconds + 1);
    expect((await body(await get(open.url, 'bytes=500-'))).equals(small.content.subarray(500))).toBe(true);
    expect(await charged()).toEqual(CHARGED_ONCE(small));
    expect((await get(open.url)).status).toBe(410);
  });

  it('counts the bytes of a crashed response as handed out: the rest completes the delivery', async () => {
    const open = await grant(large);
    const reserving = exchange.app.get(ReserveBytes);
    await reserving.execute((await reserving.find(open.url.split('/').at(-1)!, 'test-request', PROOF, null)) as never, { from: 0, to: large.content.length }, 'test-request', PROOF);
    await body(await get(open.url, 'bytes=5000000-'));
    expect(await charged()).toEqual(CHARGED_ONCE(large));
  });

  it('ends with its time', async () => {
    const open = await grant(small);
    clock.advance(LIMITS.downloadTokenSeconds);
    expect(await codeOf(await get(open.url))).toEqual([410, 'delivery.token_not_valid']);
    await exchange.drain();
    expect(await stateOf(open)).toMatchObject({ state: 'EXPIRED' });
    expect(await codeOf(await get(`${exchange.url}/v1/downloads/${'x'.repeat(43)}`))).toEqual([404, 'not_found']);
  });

  it('sends nothing once the product is suspended, nor without an active licence', async () => {
    const open = await grant(small);
    await done(market.reviewer, 'suspendProduct', 'Product', 'id', { productId: product.productId, reason: 'complaint' });
    expect(await codeOf(await get(open.url))).toEqual([403, 'delivery.product_not_listed']);
    expect(await market.buyer.mutate('requestDownload', 'DownloadGrant', GRANT, { licenceId, assetId: assetOf(small) })).toMatchObject({ __typename: 'StateConflict', code: 'delivery.product_not_listed' });
    await done(market.reviewer, 'reinstateProduct', 'Product', 'id', { productId: product.productId, reason: 'cleared' });
    await rows(`update contracts.licence set state = 'EXPIRED' where id = $1`, [licenceId]);
    expect(await codeOf(await get(open.url))).toEqual([403, 'delivery.licence_not_active']);
    expect(await market.buyer.mutate('requestDownload', 'DownloadGrant', GRANT, { licenceId, assetId: assetOf(small) })).toMatchObject({ __typename: 'StateConflict', code: 'delivery.licence_not_active' });
    expect(await charged()).toEqual(FREE);
  });

  it('opens deliveries to the buyer of the licence only', async () => {
    const ask = (client: GraphClient, over: object = {}) => client.mutate('requestDownload', 'DownloadGrant', GRANT, { licenceId, assetId: assetOf(small), ...over });
    expect((await ask(market.vendor)).__typename).toBe('NotFound');
    expect((await ask(market.officer)).__typename).toBe('NotPermitted');
    expect((await ask(market.buyer, { assetId: licenceId })).__typename).toBe('NotFound');
    expect((await ask(market.buyer, { licenceId: assetOf(small) })).__typename).toBe('NotFound');
    const { secret } = await done<{ secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'loader', scopes: ['DELIVERY_DOWNLOAD'], expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString() });
    expect((await ask(new GraphClient(exchange.url, secret))).__typename).toBe('DownloadGrant');
  });

  it('answers a repeated request with the same delivery and without the token', async () => {
    const input = { licenceId, assetId: assetOf(small) };
    const first = await done<Grant>(market.buyer, 'requestDownload', 'DownloadGrant', GRANT, input, { 'idempotency-key': `k-${licenceId}` });
    expect(first.url).toContain('/v1/downloads/');
    expect(await done<Grant>(market.buyer, 'requestDownload', 'DownloadGrant', GRANT, input, { 'idempotency-key': `k-${licenceId}` })).toEqual({ ...first, url: null });
    expect(await rows('select 1 from delivery.delivery where licence_id = $1', [licenceId])).toHaveLength(1);
  });

  it('bounds the deliveries that are opened and never finished, also when asked for at once', async () => {
    const ask = () => market.buyer.mutate('requestDownload', 'DownloadGrant', 'deliveryId', { licenceId, assetId: assetOf(small) });
    const answers = await Promise.all(Array.from({ length: MAX_OPEN_PER_HOUR + 5 }, ask));
    expect(answers.filter((a) => a.__typename === 'DownloadGrant')).toHaveLength(MAX_OPEN_PER_HOUR);
    expect(answers.filter((a) => a.code === 'delivery.too_many_open')).toHaveLength(5);
    clock.advance(3_600);
    expect((await ask()).__typename).toBe('DownloadGrant');
  });

  it('holds no delivery against the client on which a process of the exchange died', async () => {
    const ask = () => market.buyer.mutate<Grant>('requestDownload', 'DownloadGrant', GRANT, { licenceId, assetId: assetOf(small) });
    const opened = await Promise.all(Array.from({ length: MAX_OPEN_PER_HOUR }, ask));
    expect((await ask()).code).toBe('delivery.too_many_open');
    const left = (seen: string) => rows(`insert into delivery.response_slot (id, licence_id, delivery_id, seen_at) values (gen_random_uuid(), $1, $2, clock_timestamp() - $3::interval)`, [licenceId, opened[0]!.deliveryId, seen]);
    // That one may still be sending.
    await left('20 seconds');
    expect((await ask()).code).toBe('delivery.too_many_open');
    await left('40 seconds');
    expect((await ask()).__typename).toBe('DownloadGrant');
    expect((await ask()).code).toBe('delivery.too_many_open');
    await rows('delete from delivery.response_slot where licence_id = $1', [licenceId]);
  });

  it('refuses what today no rule permits, and keeps the decision', async () => {
    await rows(`update catalog.dataset set classification = jsonb_set(classification, '{level}', '"core"') where product_id = $1`, [product.productId]);
    const query = `mutation($input: RequestDownloadInput!) { requestDownload(input: $input) { __typename ... on DownloadRefused { code decision { id outcome permitted reasons { rule citation } } } } }`;
    const { requestDownload } = await market.buyer.ask<{ requestDownload: { decision: { id: string; outcome: string; permitted: boolean; reasons: object[] } } }>(query, { input: { licenceId, assetId: assetOf(small) } });
    await rows(`update catalog.dataset set classification = jsonb_set(classification, '{level}', '"general"') where product_id = $1`, [product.productId]);
    expect(requestDownload).toMatchObject({ __typename: 'DownloadRefused', code: 'delivery.download_refused', decision: { outcome: 'PROHIBITED', permitted: false } });
    expect(requestDownload.decision.reasons.length).toBeGreaterThan(0);
    expect(await rows('select 1 from compliance.decision where id = $1', [requestDownload.decision.id])).toHaveLength(1);
    expect(await rows('select 1 from delivery.delivery where licence_id = $1', [licenceId])).toEqual([]);
  });

  it('breaks the answer off when the file is shorter than it should be, and charges nothing', async () => {
    const [{ key }] = (await rows<{ key: string }>('select object_key as key from delivery.stored_object where asset_id = $1', [assetOf(large)])) as [{ key: string }];
    const file = path.join(exchange.dataDir, 'storage', 'objects', key.slice(-2), key);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, 1_000_000));
    const open = await grant(large);
    await expect(get(open.url).then(body)).rejects.toThrow();
    await writeFile(file, whole);
    await noneRunning();
    expect(await charged()).toEqual(FREE);
  });
});
