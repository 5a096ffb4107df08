import { once } from 'node:events';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { digestField, newId, trustCallsOutsideRequests } from '#shared';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { csvFile, done, draftProduct, type Market, openMarket, putContent, sha256, submitted, type TestFile } from '../../../../test/support/market.js';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';

trustCallsOutsideRequests();

describe('uploads', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
  });
  afterAll(() => exchange.close());

  const files = async (): Promise<string[]> => {
    const names = await readdir(path.join(exchange.dataDir, 'storage'), { recursive: true }).catch(() => []);
    const found = await Promise.all(names.map(async (name) => ((await stat(path.join(exchange.dataDir, 'storage', name)).catch(() => null))?.isFile() ? name : null)));
    return found.filter((name) => name !== null).sort();
  };
  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const pending = async (): Promise<number> => (await rows<object>('select 1 from delivery.pending_object')).length;
  const asset = async (file: TestFile): Promise<string> => (await draftProduct(market, [file])).assetIds[0]!;
  /** Whatever `act` does leaves the folder and the tables as they were. */
  const leavesNothing = async (assetId: string, act: () => Promise<void>): Promise<void> => {
    const before = await files();
    await act();
    expect(await files()).toEqual(before);
    expect(await rows('select 1 from delivery.stored_object where asset_id = $1', [assetId])).toEqual([]);
    expect(await rows('select state from catalog.asset where id = $1', [assetId])).toEqual([{ state: 'AWAITING_UPLOAD' }]);
    expect(await pending()).toBe(0);
  };

  it('stores exactly the bytes that were described, and answers a repetition the same', async () => {
    const file = csvFile(300_000);
    const id = await asset(file);
    const first = await putContent(market.vendor, id, file.content, { 'content-digest': digestField(sha256(file.content)) });
    const answer = await first.json();
    expect(first.status).toBe(201);
    expect(answer).toMatchObject({ assetId: id, state: 'STORED', byteLength: file.content.length, sha256: sha256(file.content) });
    const before = await files();
    const again = await putContent(market.vendor, id, file.content);
    expect([again.status, await again.json()]).toEqual([200, answer]);
    expect(await files()).toEqual(before);
    const other = await putContent(market.vendor, id, Buffer.alloc(file.content.length));
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'delivery.content_differs']);
    expect(await pending()).toBe(0);
  });

  it('keeps one object when two upload the same asset at once', async () => {
    const file = csvFile(200_000);
    const id = await asset(file);
    const count = (await files()).length;
    const answers = await Promise.all([1, 2, 3].map(() => putContent(market.vendor, id, file.content)));
    expect(answers.map((a) => a.status).sort()).toEqual([200, 200, 201]);
    expect((await files()).length).toBe(count + 1);
    expect(await pending()).toBe(0);
  });

  it('refuses other bytes, other lengths and other digests, and keeps nothing of them', async () => {
    const file = csvFile(100_000);
    const id = await asset(file);
    const wrong = Buffer.from(file.content).fill('x', 500, 501);
    await leavesNothing(id, async () => {
      for (const [content, headers] of [[wrong, {}], [wrong.subarray(1), {}], [Buffer.concat([file.content, wrong]), {}], [file.content, { 'content-digest': digestField(sha256(wrong)) }]] as const) {
        const response = await putContent(market.vendor, id, content, headers);
        expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, 'delivery.content_differs']);
      }
      const malformed = await putContent(market.vendor, id, file.content, { 'content-digest': 'sha-256=x' });
      expect(malformed.status).toBe(400);
    });
  });

  it('counts a body without a length, and stops at the first byte too many', async () => {
    const file = csvFile(150_000);
    const id = await asset(file);
    const send = async (content: Buffer): Promise<number> => {
      const request = http.request(`${exchange.url}/v1/assets/${id}/content`, { method: 'PUT', headers: market.vendor.headers({ 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' }) });
      request.on('error', () => undefined);
      request.end(content);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      response.resume();
      return response.statusCode!;
    };
    await leavesNothing(id, async () => expect(await send(Buffer.concat([file.content, Buffer.from('x')]))).toBe(422));
    expect(await send(file.content)).toBe(201);
  });

  it('keeps nothing of a broken connection', async () => {
    const file = csvFile(400_000);
    const id = await asset(file);
    await leavesNothing(id, async () => {
      const request = http.request(`${exchange.url}/v1/assets/${id}/content`, { method: 'PUT', headers: market.vendor.headers({ 'content-type': 'application/octet-stream', 'content-length': String(file.content.length) }) });
      request.on('error', () => undefined);
      request.write(file.content.subarray(0, 200_000));
      for (let i = 0; i < 100 && !(await files()).some((f) => f.startsWith('tmp')); i++) await pause(20);
      expect((await files()).filter((f) => f.startsWith('tmp'))).toHaveLength(1);
      request.destroy();
      for (let i = 0; i < 100 && (await files()).some((f) => f.startsWith('tmp')); i++) await pause(20);
    });
  });

  it('shows nobody an asset that is not his', async () => {
    const file = csvFile(1_000);
    const id = await asset(file);
    const statuses = async (client: typeof market.vendor, assetId: string) => (await putContent(client, assetId, file.content)).status;
    await leavesNothing(id, async () => {
      expect(await statuses(market.buyer, id)).toBe(404);
      expect(await statuses(market.vendor, newId())).toBe(404);
      expect(await statuses(market.vendor, 'nonsense')).toBe(404);
      expect(await statuses(market.officer, id)).toBe(403);
      expect(await statuses(await exchange.client(), id)).toBe(401);
    });
  });

  it('takes octet streams only', async () => {
    const file = csvFile(1_000);
    const id = await asset(file);
    await leavesNothing(id, async () => {
      for (const type of ['text/csv', 'application/json', 'multipart/form-data; boundary=x']) {
        const response = await putContent(market.vendor, id, Buffer.from('{}'), { 'content-type': type });
        expect(response.status).toBe(415);
      }
    });
  });

  it('clears away what crashes left, and only that', async () => {
    const file = csvFile(2_000);
    const id = await asset(file);
    expect((await putContent(market.vendor, id, file.content)).status).toBe(201);
    const [{ key }] = (await rows<{ key: string }>('select object_key as key from delivery.stored_object where asset_id = $1', [id])) as [{ key: string }];
    const storage = exchange.app.get(StorageRegions).storage('local');
    const orphan = newId();
    await storage.commit(await storage.writeTemporary(orphan, (async function* () { yield Buffer.from('orphan'); })(), 10));
    await rows('insert into delivery.pending_object (object_key, asset_id, created_at, region) values ($1, $2, $3, $4)', [orphan, newId(), clock.now(), 'local']);
    const stale = await storage.writeTemporary(newId(), (async function* () { yield Buffer.from('stale'); })(), 10);
    await exchange.drain();
    expect(await storage.stat(orphan)).not.toBeNull();
    await utimes(path.join(exchange.dataDir, 'storage', 'tmp', stale.key), 0, 0);
    clock.advance(3_601);
    await exchange.drain();
    expect(await storage.stat(orphan)).toBeNull();
    expect((await files()).filter((f) => f.startsWith('tmp'))).toEqual([]);
    expect(await storage.stat(key)).toEqual({ bytes: file.content.length });
    expect(await pending()).toBe(0);
  });

  it('tests what was submitted: good files pass, bad ones send the product back with findings', async () => {
    const good = csvFile(5_000);
    const passed = await draftProduct(market, [good]);
    await submitted(exchange, market, passed, [good]);
    const bad = [{ fileName: 'broken.csv', mediaType: 'text/csv', content: Buffer.from('a,b\n1\n') }, { fileName: 'x.parquet', mediaType: 'application/vnd.apache.parquet', content: Buffer.from('not parquet') }];
    const failed = await draftProduct(market, bad);
    await submitted(exchange, market, failed, bad);
    expect(await rows('select state from catalog.product where id = any($1::uuid[]) order by id', [[passed.productId, failed.productId]])).toEqual([{ state: 'TESTED' }, { state: 'DRAFT' }]);
    expect(await rows('select passed, findings from delivery.platform_test where product_id = $1', [failed.productId])).toEqual([
      { passed: false, findings: ['broken.csv: line 2: not as many columns as the header: 2 expected, 1 found', 'x.parquet: the file does not begin as Parquet does'] },
    ]);
  });

  it('finds bytes that changed in the storage', async () => {
    const file = csvFile(3_000);
    const draft = await draftProduct(market, [file]);
    expect((await putContent(market.vendor, draft.assetIds[0]!, file.content)).status).toBe(201);
    const [{ key }] = (await rows<{ key: string }>('select object_key as key from delivery.stored_object where asset_id = $1', [draft.assetIds[0]])) as [{ key: string }];
    await writeFile(path.join(exchange.dataDir, 'storage', 'objects', key.slice(-2), key), Buffer.from(file.content).fill('z', 10, 11));
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.drain();
    expect(await rows('select findings from delivery.platform_test where product_id = $1', [draft.productId])).toEqual([{ findings: ['calls.csv: the stored bytes are not those that were described'] }]);
  });
});
