import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { activeLicence, csvFile, done, type Draft, enlist, listedProduct, type Market, openMarket, sha256 } from './support/market.js';

interface Grant { readonly deliveryId: string; readonly url: string }

/** Whose a token is, how it ends before its time, and how many responses run on a licence. */
describe('tokens of downloads', () => {
  const clock = new TestClock();
  const small = csvFile(4_000);
  /** Longer than what the sockets of both ends hold. */
  const long = csvFile(24_000_000, 'long.csv');
  let exchange: TestExchange;
  let beside: TestExchange;
  let market: Market;
  let product: Draft;
  let licenceId: string;

  beforeAll(async () => {
    const env = { DOWNLOADS_PER_LICENCE: '2' };
    exchange = await startExchange({ clock, env });
    beside = await startExchange({ clock, env, beside: exchange });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [small, long]);
  });
  afterAll(async () => {
    await beside.close();
    await exchange.close();
  });
  beforeEach(async () => {
    ({ licenceId } = await activeLicence(exchange, market, product.productId));
  });
  afterEach(async () => {
    await exchange.drain();
    const { 'no message is left over': _, ...broken } = await brokenInvariants(exchange);
    // Licences made without a trade leave the message of their delivery to nobody.
    expect(broken).toEqual({});
  });

  const grant = (file = small, client: GraphClient = market.buyer): Promise<Grant> => done<Grant>(client, 'requestDownload', 'DownloadGrant', 'deliveryId url', { licenceId, assetId: product.assetIds[file === small ? 0 : 1] });
  const codeOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];
  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const receipts = async (): Promise<number> => (await rows('select 1 from delivery.receipt where licence_id = $1', [licenceId])).length;
  const GONE = [410, 'delivery.token_not_valid'];
  /** A response that stands in the middle of its file until it is read on. */
  const begin = async (url: string, range?: string): Promise<http.IncomingMessage> => ((await once(http.get(url, { agent: false, headers: range ? { range } : {} }), 'response')) as [http.IncomingMessage])[0];
  const rest = async (response: http.IncomingMessage): Promise<number | string> => {
    let bytes = 0;
    try {
      for await (const chunk of response) bytes += (chunk as Buffer).length;
      return bytes;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'broken';
    }
  };

  it('answer conditional requests as RFC 9110 has it, and no range to HEAD', async () => {
    const { url } = await grant();
    const etag = `"${sha256(small.content)}"`;
    const status = async (headers: Record<string, string>, method = 'GET'): Promise<(number | string | null)[]> => {
      const response = await fetch(url, { method, headers });
      await response.arrayBuffer();
      return [response.status, response.headers.get('etag'), response.headers.get('content-range')];
    };
    expect(await status({ 'if-none-match': `W/${etag}` })).toEqual([304, etag, null]);
    expect(await status({ 'if-none-match': '*' }, 'HEAD')).toEqual([304, etag, null]);
    expect((await status({ 'if-match': '"other"' }))[0]).toBe(412);
    expect(await status({ range: 'bytes=0-9' }, 'HEAD')).toEqual([200, etag, null]);
    expect(await status({ range: 'bytes=0-9', 'if-match': etag, 'if-none-match': '"other"', 'if-range': etag })).toEqual([206, etag, `bytes 0-9/${small.content.length}`]);
    expect(await receipts()).toBe(0);
    expect((await status({ range: 'bytes=0-9', 'if-range': 'W/"x"' }))[0]).toBe(200);
    expect(await receipts()).toBe(1);
  });

  it('fall with the key that asked', async () => {
    const { id, secret } = await done<{ id: string; secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'loader', scopes: ['DELIVERY_DOWNLOAD'], expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString() });
    const open = await grant(small, new GraphClient(exchange.url, secret));
    const running = await begin((await grant(long, new GraphClient(exchange.url, secret))).url);
    expect((await fetch(open.url, { method: 'HEAD' })).status).toBe(200);
    await done(market.buyer, 'revokeApiKey', 'ApiKey', 'id', { id });
    expect(await codeOf(await fetch(open.url))).toEqual(GONE);
    await pause(3_100);
    expect(await rest(running)).toBe('ECONNRESET');
    expect(await receipts()).toBe(0);
  });

  it('open nothing beside the credential of another', async () => {
    const keyOf = async (name: string): Promise<string> => (await done<{ secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'secret', { name, scopes: ['DELIVERY_DOWNLOAD'], expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString() })).secret;
    const [loader, other] = [await keyOf('loader'), await keyOf('other')];
    const { url, deliveryId } = await grant(small, new GraphClient(exchange.url, loader));
    const shown = (secret: string, method = 'GET') => fetch(url, { method, headers: { authorization: `Bearer ${secret}` } });
    expect(await codeOf(await shown(other))).toEqual([403, 'delivery.not_the_asker']);
    expect((await shown(other, 'HEAD')).status).toBe(403);
    expect((await shown('nobody')).status).toBe(401);
    expect(await rows('select started_at from delivery.delivery where id = $1', [deliveryId])).toEqual([{ started_at: null }]);
    expect(sha256(Buffer.from(await (await shown(loader)).arrayBuffer()))).toBe(sha256(small.content));
    expect(await receipts()).toBe(1);
    // Of an unknown token nobody learns whose it is not.
    expect((await fetch(`${url.slice(0, -4)}AAAA`, { headers: { authorization: `Bearer ${other}` } })).status).toBe(404);
  });

  it('fall with the member who asked, and his usage bears his name', async () => {
    const clerk = await exchange.client('clerk');
    const memberId = await enlist(market.buyer, clerk, 'Clerk', 'BUYER');
    await (await fetch((await grant(small, clerk)).url)).arrayBuffer();
    await exchange.drain();
    const usage = await market.vendor.ask(`{ usage(licenceId: "${licenceId}", window: MONTH, from: "2020-01-01T00:00:00Z", until: "2029-01-01T00:00:00Z", meter: DOWNLOADS, dimension: "member") { nodes { value quantity } } }`);
    expect(usage).toEqual({ usage: { nodes: [{ value: memberId, quantity: '1' }] } });
    const open = await grant(small, clerk);
    await done(market.buyer, 'removeMember', 'DepartedMember', 'id', { memberId });
    expect(await codeOf(await fetch(open.url))).toEqual(GONE);
    const { deliveries } = await market.buyer.ask<{ deliveries: { nodes: object[] } }>(`{ deliveries(licenceId: "${licenceId}") { nodes { state askedBy } } }`);
    expect(deliveries.nodes).toEqual([{ state: 'OPEN', askedBy: `member:${memberId}` }, { state: 'SPENT', askedBy: `member:${memberId}` }]);
  });

  it('are taken back by the buyer alone; what went out on them stays counted', async () => {
    const n = long.content.length;
    const open = await grant(long);
    const first = await fetch(open.url, { headers: { range: `bytes=0-${n / 2 - 1}` } });
    expect((await first.arrayBuffer()).byteLength).toBe(n / 2);
    const running = await begin(open.url, `bytes=${n / 2}-`);
    const revoke = (client: GraphClient) => client.mutate('revokeDownload', 'Delivery', 'state revokedAt', { deliveryId: open.deliveryId });
    expect((await revoke(market.vendor)).__typename).toBe('NotFound');
    expect(await revoke(market.buyer)).toMatchObject({ __typename: 'Delivery', state: 'REVOKED', revokedAt: clock.now().toISOString() });
    expect(await revoke(market.buyer)).toMatchObject({ __typename: 'Delivery', state: 'REVOKED' });
    expect(await codeOf(await fetch(open.url))).toEqual(GONE);
    await pause(3_100);
    expect([await rest(running), await receipts()]).toEqual(['ECONNRESET', 0]);
    // The second half on another token makes the whole file, so it is charged.
    const second = await grant(long);
    expect((await (await fetch(second.url, { headers: { range: `bytes=${n / 2}-` } })).arrayBuffer()).byteLength).toBe(n / 2);
    expect(await receipts()).toBe(1);
    expect(await market.buyer.mutate('revokeDownload', 'Delivery', 'state', { deliveryId: second.deliveryId })).toMatchObject({ __typename: 'StateConflict', code: 'delivery.not_revocable' });
  });

  it('run no more responses at once than a licence has places, in all processes together', async () => {
    const { url } = await grant(long);
    const other = url.replace(exchange.url, beside.url);
    const [one, two] = await Promise.all([begin(url, 'bytes=0-11999999'), begin(other, 'bytes=12000000-')]);
    const third = await fetch(other, { headers: { range: 'bytes=5-9' } });
    expect([third.headers.get('retry-after'), ...(await codeOf(third))]).toEqual(['2', 429, 'delivery.too_many_responses']);
    expect([await rest(one!), await rest(two!)]).toEqual([12_000_000, long.content.length - 12_000_000]);
    expect(await receipts()).toBe(1);
    // A process that died holds its place no longer than half a minute.
    const again = await grant(long);
    await rows(`insert into delivery.response_slot select gen_random_uuid(), licence_id, id, clock_timestamp() - make_interval(secs => s) from delivery.delivery, unnest(array[29, 31, 40]) s where id = $1`, [again.deliveryId]);
    const range = { headers: { range: 'bytes=0-9' } };
    expect((await fetch(again.url, range)).status).toBe(206);
    await rows('update delivery.response_slot set seen_at = clock_timestamp()');
    expect((await fetch(again.url, range)).status).toBe(429);
    await rows('delete from delivery.response_slot');
  });
});
