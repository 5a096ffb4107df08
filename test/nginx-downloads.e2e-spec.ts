import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { activeLicence, csvFile, done, type Draft, listedProduct, type Market, openMarket, type TestFile } from './support/market.js';
import { type Nginx, startFront } from './support/nginx.js';

/** I3 where nginx sends the bytes after the exchange's yes. */
describe('downloads that nginx sends', () => {
  const file = csvFile(3_000_000, '港口 calls.csv');
  const beyond = csvFile(9_000_000, 'beyond.csv');
  let folder: string;
  let exchange: TestExchange;
  let nginx: Nginx;
  let market: Market;
  let product: Draft;
  let licenceId: string;
  let deliveryId: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-nginx-'));
    const regions = path.join(folder, 'regions.json');
    await writeFile(regions, JSON.stringify({ regions: [{ id: 'local', jurisdiction: 'CN', kind: 'disk' }], nginx: { from: ['127.0.0.1'], mostBytes: 8_000_000 } }));
    exchange = await startExchange({ env: { STORAGE_REGIONS_FILE: regions, TRUSTED_PROXIES: '127.0.0.1' } });
    nginx = await startFront(exchange.url, path.resolve(exchange.dataDir, 'storage', 'objects'));
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [file, beyond]);
  });
  afterAll(async () => {
    await nginx.stop();
    await exchange.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    ({ licenceId } = await activeLicence(exchange, market, product.productId));
  });
  afterEach(async () => {
    const { 'no message is left over': _, ...broken } = await brokenInvariants(exchange);
    expect(broken).toEqual({});
  });

  const grant = async (of: TestFile = file): Promise<string> => {
    const given = await done<{ url: string; deliveryId: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'deliveryId url', { licenceId, assetId: product.assetIds[of === file ? 0 : 1] });
    deliveryId = given.deliveryId;
    return given.url.replace(exchange.url, nginx.url);
  };
  const get = (url: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url, { headers });
  const body = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const standing = async (): Promise<[string, number]> => {
    const [{ state }] = (await rows<{ state: string }>('select state from delivery.delivery where id = $1', [deliveryId])) as [{ state: string }];
    return [state, (await rows('select 1 from delivery.receipt where licence_id = $1', [licenceId])).length];
  };
  /** The end of a response is written down after its last byte. */
  const ended = async (): Promise<[string, number]> => {
    for (let i = 0; i < 100 && (await standing())[0] !== 'SPENT'; i++) await pause(20);
    return standing();
  };
  const bytesCharged = async (): Promise<string> => (await rows<{ n: string }>(`select coalesce(sum(quantity), 0)::text as n from metering.usage_event where licence_id = $1 and meter = 'bytes'`, [licenceId]))[0]!.n;
  const described = (response: Response): Record<string, string | null> => Object.fromEntries(['content-type', 'content-length', 'content-disposition', 'etag', 'repr-digest', 'cache-control', 'accept-ranges', 'x-content-type-options', 'last-modified'].map((n) => [n, response.headers.get(n)]));

  it('go out whole with the headers of the exchange, and are charged once with the yes', async () => {
    const url = await grant();
    const response = await get(url);
    expect([response.status, (await body(response)).equals(file.content), response.headers.get('server')]).toEqual([200, true, expect.stringContaining('nginx')]);
    expect([await standing(), await bytesCharged()]).toEqual([['COMPLETED', 1], String(file.content.length)]);
    const direct = await get((await grant()).replace(nginx.url, exchange.url));
    expect(described(response)).toEqual(described(direct));
    await body(direct);
  });

  it('go out in ranges at once, and are charged when the last byte is given away', async () => {
    const url = await grant();
    const half = Math.floor(file.content.length / 2);
    const parts = await Promise.all([`bytes=${half}-`, `bytes=0-${half - 2}`].map(async (range) => {
      const response = await get(url, { range });
      return [response.status, response.headers.get('content-range'), await body(response)] as const;
    }));
    expect(parts.map(([status, range]) => [status, range])).toEqual([[206, `bytes ${half}-${file.content.length - 1}/${file.content.length}`], [206, `bytes 0-${half - 2}/${file.content.length}`]]);
    expect(await standing()).toEqual(['OPEN', 0]);
    const last = await body(await get(url, { range: `bytes=${half - 1}-${half - 1}` }));
    expect(Buffer.concat([parts[1]![2], last, parts[0]![2]]).equals(file.content)).toBe(true);
    expect([await standing(), await bytesCharged()]).toEqual([['COMPLETED', 1], String(file.content.length)]);
  });

  it('that broke off are resumed on the same token without another charge, and no token gives more than two copies', async () => {
    const url = await grant();
    const request = http.get(url, { agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const [chunk] = (await once(response, 'data')) as [Buffer];
    request.destroy();
    const rest = await body(await get(url, { range: `bytes=${chunk.length}-` }));
    expect(Buffer.concat([chunk, rest]).equals(file.content)).toBe(true);
    expect(await standing()).toEqual(['COMPLETED', 1]);
    expect((await get(url)).status).toBe(409);
    expect(await standing()).toEqual(['COMPLETED', 1]);
  });

  it('are sent by the exchange itself where a condition could be read in two ways, or nginx would be given too much', async () => {
    const url = await grant();
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag')!;
    expect((await get(url, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(url, { 'if-match': '"other"' })).status).toBe(412);
    expect((await get(url, { range: 'bytes=99999999-' })).status).toBe(416);
    const part = await get(url, { range: 'bytes=5-9', 'if-range': etag });
    expect([part.status, (await body(part)).equals(file.content.subarray(5, 10))]).toEqual([206, true]);
    const whole = await get(url, { range: 'bytes=0-1,5-6' });
    expect([whole.status, (await body(whole)).equals(file.content), await ended()]).toEqual([200, true, ['SPENT', 1]]);
    const large = await get(await grant(beyond));
    expect([(await body(large)).equals(beyond.content), (await ended())[0]]).toEqual([true, 'SPENT']);
  });

  it('need the yes: nothing is found without it, and nobody else is taken for nginx', async () => {
    const [{ key }] = (await rows<{ key: string }>('select object_key as key from delivery.stored_object where asset_id = $1', [product.assetIds[0]])) as [{ key: string }];
    expect((await get(`${nginx.url}/entrepot-objects/local/${key.slice(-2)}/${key}`)).status).toBe(404);
    expect((await get(`${nginx.url}/v1/downloads/${'x'.repeat(43)}`)).status).toBe(404);
    const url = (await grant()).replace(nginx.url, exchange.url);
    const request = http.get(url, { localAddress: '127.0.0.9', agent: false, headers: { 'x-sendfile-type': 'X-Accel-Redirect' } });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect([response.headers['x-accel-redirect'], Buffer.concat((await response.toArray()) as Buffer[]).equals(file.content)]).toEqual([undefined, true]);
    const revoked = await grant();
    await done(market.buyer, 'revokeDownload', 'Delivery', 'id', { deliveryId });
    expect((await get(revoked)).status).toBe(410);
  });

  it('are not charged where the file is shorter than it says', async () => {
    const [{ key }] = (await rows<{ key: string }>('select object_key as key from delivery.stored_object where asset_id = $1', [product.assetIds[0]])) as [{ key: string }];
    const stored = path.join(exchange.dataDir, 'storage', 'objects', key.slice(-2), key);
    const whole = await readFile(stored);
    await writeFile(stored, whole.subarray(0, 1_000_000));
    const url = await grant();
    await expect(get(url).then(body)).rejects.toThrow();
    await writeFile(stored, whole);
    expect(await standing()).toEqual(['OPEN', 0]);
    // Nor is what a crash of the exchange cuts off before its yes is written down: the same token still brings the file.
    expect((await body(await get(url))).equals(file.content)).toBe(true);
    expect(await standing()).toEqual(['COMPLETED', 1]);
  });
});
