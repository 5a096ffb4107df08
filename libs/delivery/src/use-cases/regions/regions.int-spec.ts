import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { trustCallsOutsideRequests } from '#shared';
import { GraphClient } from '../../../../../test/support/client.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { activeLicence, csvFile, done, draftProduct, listedProduct, join as joinExchange, type Market, openMarket, putContent, sha256 } from '../../../../../test/support/market.js';
import { type S3Server, startS3 } from '../../../../../test/support/s3-server.js';

trustCallsOutsideRequests();

describe('storage regions', () => {
  let folder: string;
  let file: string;
  let server: S3Server;
  let exchange: TestExchange;
  let market: Market;
  const regions = (): object[] => [
    { id: 'cn-shanghai', jurisdiction: 'CN', ...server.place },
    { id: 'local', jurisdiction: 'CN', kind: 'disk' },
    { id: 'sg-east', jurisdiction: 'SG', kind: 'disk', folder: path.join(folder, 'sg') },
  ];
  const write = (list: object[], name = 'regions.json'): Promise<void> => writeFile(path.join(folder, name), JSON.stringify({ regions: list }, (key, value) => (key === 'prefix' && value === '' ? undefined : value as unknown)));
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-regions-'));
    file = path.join(folder, 'regions.json');
    server = await startS3('assets');
    await write(regions());
    exchange = await startExchange({ env: { STORAGE_REGIONS_FILE: file } });
    market = await openMarket(exchange);
  });
  afterAll(async () => {
    await exchange.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const homeOf = async (client: GraphClient, productId: string): Promise<(string | null)[]> => {
    const { product } = await client.ask<{ product: { datasets: { revisions: { assets: { homeRegion: string | null }[] }[] }[] } }>(`{ product(id: "${productId}") { datasets { revisions { assets { homeRegion } } } } }`);
    return product.datasets.flatMap((d) => d.revisions.flatMap((r) => r.assets.map((a) => a.homeRegion)));
  };

  it('keep what is uploaded in the bucket of the default, test it, read it and hand it out whole and in parts', async () => {
    const asset = csvFile(9_000_000);
    const before = await server.objects();
    const product = await listedProduct(exchange, market, [asset]);
    expect([await server.objects() - before, await rows('select region from delivery.stored_object where asset_id = $1', [product.assetIds[0]])]).toEqual([1, [{ region: 'cn-shanghai' }]]);
    expect(await readdir(path.join(exchange.dataDir, 'storage', 'objects')).catch(() => [])).toEqual([]);
    expect(await readdir(path.join(exchange.dataDir, 'reading'))).toEqual([]);
    expect(await homeOf(market.buyer, product.productId)).toEqual(['cn-shanghai']);
    const { licenceId } = await activeLicence(exchange, market, product.productId);
    const { url } = await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] });
    const half = Math.floor(asset.content.length / 2);
    const parts = await Promise.all([`bytes=0-${half - 1}`, `bytes=${half}-`].map(async (range) => Buffer.from(await (await fetch(url, { headers: { range } })).arrayBuffer())));
    expect(sha256(Buffer.concat(parts))).toBe(sha256(asset.content));
    expect(await rows('select count(*)::int as n from delivery.receipt where licence_id = $1', [licenceId])).toEqual([{ n: 1 }]);
  });

  it('leave nothing in the bucket of bytes that are not those that were described', async () => {
    const asset = csvFile(50_000);
    const { assetIds, productId } = await draftProduct(market, [asset]);
    const before = await server.objects();
    const refused = await putContent(market.vendor, assetIds[0]!, Buffer.from(asset.content).fill('x', 100, 101));
    expect([refused.status, await server.objects(), await homeOf(market.vendor, productId)]).toEqual([422, before, [null]]);
    expect((await putContent(market.vendor, assetIds[0]!, asset.content)).status).toBe(201);
  });

  it('are chosen by the vendor among those for his jurisdiction, before the upload', async () => {
    const asset = csvFile(2_000);
    const { assetIds: [assetId], productId } = await draftProduct(market, [asset]);
    const choose = (regionId: string, client = market.vendor): Promise<Record<string, unknown>> => client.mutate('chooseHomeRegion', 'Asset', 'homeRegion', { assetId, regionId });
    expect(await choose('sg-east')).toMatchObject({ __typename: 'InvalidInput', code: 'delivery.region_not_permitted', message: expect.stringContaining('cn-shanghai, local') });
    expect(await choose('nowhere')).toMatchObject({ __typename: 'InvalidInput' });
    expect(await choose('local', market.buyer)).toMatchObject({ __typename: 'NotFound' });
    expect(await choose('local')).toMatchObject({ __typename: 'Asset', homeRegion: 'local' });
    expect((await putContent(market.vendor, assetId!, asset.content)).status).toBe(201);
    expect(await rows('select region from delivery.stored_object where asset_id = $1', [assetId])).toEqual([{ region: 'local' }]);
    expect(await choose('cn-shanghai')).toMatchObject({ __typename: 'StateConflict' });
    expect(await homeOf(market.vendor, productId)).toEqual(['local']);
  });

  it('are shown with who may use them', async () => {
    const shown = async (client: GraphClient): Promise<unknown> => (await client.ask<{ storageRegions: unknown }>('{ storageRegions { id jurisdiction permitted usual } }')).storageRegions;
    const row = (id: string, jurisdiction: string, permitted: boolean, usual: boolean): object => ({ id, jurisdiction, permitted, usual });
    expect(await shown(market.vendor)).toEqual([row('cn-shanghai', 'CN', true, true), row('local', 'CN', true, false), row('sg-east', 'SG', false, false)]);
    expect(await shown(market.buyer)).toEqual([row('cn-shanghai', 'CN', false, false), row('local', 'CN', false, false), row('sg-east', 'SG', true, true)]);
  });

  it('refuse the upload of a vendor for whom there is none, with the reason', async () => {
    const german = await exchange.client('german');
    await joinExchange(market.officer, german, 'Elbe Daten', { jurisdiction: 'DE' }, 'LEI', '529900T8BM49AURSDO55');
    const asset = csvFile(2_000);
    const { assetIds } = await draftProduct({ vendor: german }, [asset], { collectedIn: 'OVERSEAS' });
    const refused = await putContent(german, assetIds[0]!, asset.content);
    expect([refused.status, await refused.json()]).toEqual([409, { code: 'delivery.region_not_permitted', message: 'no storage region is for vendors in DE' }]);
  });

  it('hand whole files out by a link of the bucket where the channel says so, charged once; parts go through the exchange', async () => {
    const asset = csvFile(2_000_000, '上海 calls.csv');
    const product = await listedProduct(exchange, market, [asset]);
    const { licenceId } = await activeLicence(exchange, market, product.productId);
    await writeFile(path.join(folder, 'linked.json'), JSON.stringify({ regions: regions(), channels: [{ id: 'open', kind: 'public', regions: ['cn-shanghai', 'local', 'sg-east'], presigned: true }] }, (key, value) => (key === 'prefix' && value === '' ? undefined : value as unknown)));
    const beside = await startExchange({ beside: exchange, env: { STORAGE_REGIONS_FILE: path.join(folder, 'linked.json') } });
    try {
      const buyer = await beside.client('buyer');
      const { url } = await done<{ url: string }>(buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] });
      const counted = (): Promise<unknown[]> => rows(`select (select count(*)::int from delivery.receipt where licence_id = $1) as receipts, (select sum(quantity)::text from metering.usage_event where licence_id = $1 and meter = 'bytes') as bytes`, [licenceId]);
      const part = await fetch(url, { headers: { range: 'bytes=0-9' }, redirect: 'manual' });
      expect([part.status, Buffer.from(await part.arrayBuffer()).equals(asset.content.subarray(0, 10)), await counted()]).toEqual([206, true, [{ receipts: 0, bytes: null }]]);
      const redirect = await fetch(url, { redirect: 'manual' });
      expect([redirect.status, redirect.headers.get('cache-control'), redirect.headers.get('referrer-policy')]).toEqual([307, 'no-store', 'no-referrer']);
      const link = new URL(redirect.headers.get('location')!);
      expect([link.searchParams.get('X-Amz-Expires'), link.searchParams.get('response-content-type'), link.searchParams.get('response-content-disposition')]).toEqual(['60', 'text/csv', `attachment; filename="__ calls.csv"; filename*=UTF-8''%E4%B8%8A%E6%B5%B7%20calls.csv`]);
      const whole = Buffer.from(await (await fetch(link)).arrayBuffer());
      expect([sha256(whole), await counted()]).toEqual([sha256(asset.content), [{ receipts: 1, bytes: String(asset.content.length) }]]);
      // The budget of the token holds for links too: one copy is gone, ten bytes of the second.
      expect((await fetch(url, { redirect: 'manual' })).status).toBe(409);
      expect(await counted()).toEqual([{ receipts: 1, bytes: String(asset.content.length) }]);
    } finally {
      await beside.close();
    }
  });

  it('are needed at start: errors are named, and so is one that is gone though assets lie in it', async () => {
    const start = (name: string): Promise<string> => startExchange({ beside: exchange, env: { STORAGE_REGIONS_FILE: path.join(folder, name) } }).then(() => 'started', (e: Error) => `${e.constructor.name}: ${e.message}`);
    expect(await start('absent.json')).toMatch(/^ConfigError: STORAGE_REGIONS_FILE: .*absent\.json cannot be read$/);
    await write([{ ...regions()[0], bucket: '' }], 'wrong.json');
    expect(await start('wrong.json')).toContain('regions[0].bucket: the name of a bucket');
    await write(regions().slice(1), 'less.json');
    expect(await start('less.json')).toBe('ConfigError: STORAGE_REGIONS_FILE: assets lie in cn-shanghai, which is not configured');
  });
});
