import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { newId, trustCallsOutsideRequests } from '#shared';
import { GraphClient } from '../../../../../test/support/client.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { clamdDouble, EICAR } from '../../../../../test/support/malware-scan-fake.js';
import { csvFile, draftProduct, join as joinExchange, type Market, openMarket, putContent, type TestFile } from '../../../../../test/support/market.js';
import { TusClient } from '../../../../../test/support/tus.js';
import { Staging } from '../../object-storage/staging.js';

trustCallsOutsideRequests();

const QUOTA = 60_000_000;

describe('resumable uploads', () => {
  const clock = new TestClock();
  let clamd: Awaited<ReturnType<typeof clamdDouble>>;
  let exchange: TestExchange;
  let market: Market;
  let tus: TusClient;
  beforeAll(async () => {
    clamd = await clamdDouble();
    exchange = await startExchange({ clock, env: { VENDOR_STORAGE_BYTES: String(QUOTA), CLAMD_ADDRESS: `127.0.0.1:${clamd.port}` } });
    market = await openMarket(exchange);
    tus = new TusClient(market.vendor);
  });
  afterAll(async () => {
    await exchange.close();
    await clamd.stop();
  });

  const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values);
  const asset = async (file: TestFile): Promise<string> => (await draftProduct(market, [file])).assetIds[0]!;
  const stateOf = async (assetId: string): Promise<string> => (await rows<{ state: string }>('select state from catalog.asset where id = $1', [assetId]))[0]!.state;
  const staged = (): Promise<string[]> => readdir(path.join(exchange.dataDir, 'uploads')).catch(() => []);
  const objects = async (): Promise<number> => (await readdir(path.join(exchange.dataDir, 'storage'), { recursive: true, withFileTypes: true }).catch(() => [])).filter((f) => f.isFile()).length;
  const held = async (): Promise<number> => Number((await rows<{ n: string }>('select coalesce(sum(bytes), 0) as n from delivery.held_bytes'))[0]!.n);
  const codeOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];

  it('take the bytes in several requests, show nothing before the end, and keep exactly what was described', async () => {
    const file = csvFile(3_000_000);
    const id = await asset(file);
    const [before, free] = [await objects(), await held()];
    const created = await tus.create(id, file.content.length);
    expect([created.status, created.headers.get('tus-resumable'), Date.parse(created.headers.get('upload-expires')!) > clock.now().getTime()]).toEqual([201, '1.0.0', true]);
    const url = tus.here(created.headers.get('location')!);
    expect(await held() - free).toBe(file.content.length);
    const half = 1_234_567;
    const first = await tus.append(url, 0, file.content.subarray(0, half));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, String(half)]);
    expect([await tus.offset(url), await objects(), await stateOf(id)]).toEqual([half, before, 'AWAITING_UPLOAD']);
    const wrong = await tus.append(url, half - 1, file.content.subarray(half - 1));
    expect([wrong.status, wrong.headers.get('content-type'), await wrong.json()]).toEqual([409, 'application/json; charset=utf-8', { code: 'delivery.tus', message: 'Upload-Offset conflict' }]);
    expect((await tus.append(url, half, file.content.subarray(half))).status).toBe(204);
    expect([await stateOf(id), await objects() - before, await staged(), await held() - free]).toEqual(['STORED', 1, [], file.content.length]);
    const end = await tus.head(url);
    expect([end.status, end.headers.get('upload-offset'), end.headers.get('upload-length')]).toEqual([200, String(file.content.length), String(file.content.length)]);
    expect((await tus.create(id, file.content.length)).status).toBe(409);
  });

  it('go on where a connection broke, in another process too', async () => {
    const file = csvFile(8_000_000);
    const id = await asset(file);
    const url = await tus.begin(id, file.content.length);
    const request = http.request(url, { method: 'PATCH', headers: market.vendor.headers({ 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'content-length': String(file.content.length) }) });
    request.on('error', () => undefined);
    request.write(file.content.subarray(0, 5_000_000));
    for (let i = 0; i < 200 && ((await stat(path.join(exchange.dataDir, 'uploads', url.split('/').pop()!)).catch(() => null))?.size ?? 0) < 1_000_000; i++) await pause(20);
    request.destroy();
    const other = await startExchange({ beside: exchange, clock, env: { VENDOR_STORAGE_BYTES: String(QUOTA), CLAMD_ADDRESS: `127.0.0.1:${clamd.port}` } });
    try {
      const client = new TusClient(await GraphClient.signIn(other.url, 'vendor'));
      const there = client.here(url);
      for (let i = 0, last = -1; i < 100 && last !== (last = await client.offset(there)); i++) await pause(50);
      const offset = await client.offset(there);
      expect(offset).toBeGreaterThan(0);
      expect(offset).toBeLessThan(file.content.length);
      expect((await client.append(there, offset, file.content.subarray(offset))).status).toBe(204);
    } finally {
      await other.close();
    }
    expect([await stateOf(id), await staged()]).toEqual(['STORED', []]);
  });

  it('put parts together that came side by side, once', async () => {
    const file = csvFile(4_000_000);
    const id = await asset(file);
    const cuts = [0, 1_000_000, 1_000_001, 3_500_000, file.content.length];
    const parts = await Promise.all(cuts.slice(1).map(async (to, i) => {
      const content = file.content.subarray(cuts[i]!, to);
      const url = await tus.begin(id, content.length, { 'upload-concat': 'partial' });
      expect((await tus.head(url)).headers.get('upload-concat')).toBe('partial');
      return { url, content };
    }));
    expect(await codeOf(await tus.concatenate(parts.map((p) => p.url)))).toEqual([422, 'delivery.upload_parts']);
    await Promise.all(parts.map(async ({ url, content }) => expect((await tus.append(url, 0, content)).status).toBe(204)));
    const urls = parts.map((p) => p.url);
    expect(await codeOf(await tus.concatenate([urls[0]!, ...urls]))).toEqual([422, 'delivery.upload_parts']);
    expect(await stateOf(id)).toBe('AWAITING_UPLOAD');
    const whole = await tus.concatenate(urls);
    expect([whole.status, whole.headers.get('tus-resumable')]).toEqual([201, '1.0.0']);
    expect([await stateOf(id), await staged(), await tus.offset(tus.here(whole.headers.get('location')!))]).toEqual(['STORED', [], file.content.length]);
  });

  it('throw away what differs from the description, and take the right bytes after that', async () => {
    const file = csvFile(200_000);
    const id = await asset(file);
    const free = await held();
    const wrong = Buffer.from(file.content).fill('x', 500, 501);
    const url = await tus.begin(id, file.content.length);
    expect(await codeOf(await tus.append(url, 0, wrong))).toEqual([422, 'delivery.content_differs']);
    expect([(await tus.head(url)).status, await staged(), await held(), await stateOf(id)]).toEqual([404, [], free, 'AWAITING_UPLOAD']);
    expect((await tus.append(await tus.begin(id, file.content.length), 0, file.content)).status).toBe(204);
    expect(await stateOf(id)).toBe('STORED');
  });

  it('are begun and seen by the vendor of the asset alone, with its length', async () => {
    const file = csvFile(10_000);
    const id = await asset(file);
    const length = file.content.length;
    const url = await tus.begin(id, length);
    const rival = await exchange.client('rival');
    await joinExchange(market.officer, rival, 'Rival', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    const others: [TusClient, number][] = [[new TusClient(rival), 404], [new TusClient(market.officer), 403], [new TusClient(await exchange.client()), 401]];
    for (const [client, status] of others) {
      expect([(await client.create(id, length)).status, (await client.head(url)).status, (await client.append(url, 0, file.content)).status, (await client.send('DELETE', url)).status]).toEqual([status, status, status, status]);
    }
    const unread = [tus.create(id, length - 1), tus.create(id, length + 1), tus.create(newId(), length), tus.create(id, length, { 'upload-metadata': '' }), tus.create(id, length, { 'tus-resumable': '0.2.2' }), tus.append(url, 0, Buffer.alloc(length + 1))];
    expect((await Promise.all(unread)).map((r) => r.status)).toEqual([422, 422, 404, 400, 412, 413]);
    expect((await tus.send('PATCH', url, { 'content-type': 'application/json', 'upload-offset': '0' }, Buffer.from('{}'))).status).toBe(415);
    expect(await tus.offset(url)).toBe(0);
    const shown = await tus.send('GET', url);
    expect(await shown.json()).toMatchObject({ assetId: id, byteLength: length, offset: 0, partial: false });
    expect((await tus.send('DELETE', url)).status).toBe(204);
    expect((await tus.head(url)).status).toBe(404);
    const options = await tus.send('OPTIONS', `${market.vendor.url}/v1/uploads`);
    expect([options.status, options.headers.get('tus-version'), options.headers.get('tus-extension'), options.headers.get('tus-max-size')]).toEqual([204, '1.0.0', 'creation,creation-with-upload,expiration,termination,concatenation', String(100 * 1024 ** 3)]);
  });

  it('are ended by whoever asks, where the process died after the last byte', async () => {
    const file = csvFile(50_000);
    const id = await asset(file);
    const url = await tus.begin(id, file.content.length);
    await exchange.app.get(Staging).append(url.split('/').pop()!, 0, (async function* () { yield file.content; })());
    expect(await stateOf(id)).toBe('AWAITING_UPLOAD');
    expect(await tus.offset(url)).toBe(file.content.length);
    expect(await stateOf(id)).toBe('STORED');
  });

  it('are not what they are said to be: files of another kind are refused with what they are, by PUT too', async () => {
    const zip: TestFile = { fileName: 'a.csv', mediaType: 'text/csv', content: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(3_000)]) };
    const id = await asset(zip);
    const free = await held();
    const answers = [await tus.append(await tus.begin(id, zip.content.length), 0, zip.content), await putContent(market.vendor, id, zip.content)];
    for (const answer of answers) expect([answer.status, await answer.json()]).toEqual([422, { code: 'delivery.content_type_differs', message: 'it begins as a ZIP archive or an office document does; the description says text/csv' }]);
    expect([await staged(), await held(), await stateOf(id)]).toEqual([[], free, 'AWAITING_UPLOAD']);
  });

  it('are looked at for malware before they are kept', async () => {
    const bad: TestFile = { fileName: 'a.csv', mediaType: 'text/csv', content: Buffer.from(`ship,teu\n${EICAR},1\n`) };
    const id = await asset(bad);
    for (const answer of [await tus.append(await tus.begin(id, bad.content.length), 0, bad.content), await putContent(market.vendor, id, bad.content)]) {
      expect([answer.status, await answer.json()]).toEqual([422, { code: 'delivery.malware', message: 'malware was found in it: Eicar-Test-Signature' }]);
    }
    expect(await stateOf(id)).toBe('AWAITING_UPLOAD');
  });

  it('are never more than the quota of the vendor, however many begin at once', async () => {
    const file = csvFile(9_000_000);
    const drafts = await Promise.all(Array.from({ length: 12 }, () => asset(file)));
    const room = Math.floor((QUOTA - await held()) / file.content.length);
    expect(room).toBeLessThan(drafts.length);
    const answers = await Promise.all(drafts.map((id) => tus.create(id, file.content.length)));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(room);
    expect(await held()).toBeLessThanOrEqual(QUOTA);
    const full = answers.find((a) => a.status !== 201)!;
    expect(await codeOf(full)).toEqual([413, 'delivery.storage_quota']);
    const late = drafts[answers.indexOf(full)]!;
    expect(await codeOf(await putContent(market.vendor, late, file.content))).toEqual([413, 'delivery.storage_quota']);
    for (const a of answers.filter((r) => r.status === 201)) await tus.send('DELETE', tus.here(a.headers.get('location')!));
    expect((await putContent(market.vendor, late, file.content)).status).toBe(201);
    // What was stored already is not more when it comes again.
    await rows('update delivery.held_bytes set bytes = $1 where holder_id = (select object_key from delivery.stored_object where asset_id = $2)', [QUOTA, late]);
    expect((await putContent(market.vendor, late, file.content)).status).toBe(200);
    await rows('update delivery.held_bytes set bytes = 1 where bytes = $1', [QUOTA]);
  });

  it('sent in one request hold their place as long as its process is seen, and no longer', async () => {
    const file = csvFile(200_000);
    const [one, two] = [await asset(file), await asset(file)];
    const [free] = await rows<{ n: string }>('select $1::bigint - coalesce(sum(bytes), 0) as n from delivery.held_bytes where vendor_id = $2', [QUOTA, market.vendorId]);
    const dead = newId();
    const seen = (ago: string, holder = dead) => rows(`update delivery.held_bytes set seen_at = clock_timestamp() - $2::interval where holder_id = $1`, [holder, ago]);
    await rows('insert into delivery.held_bytes (holder_id, vendor_id, bytes, since) values ($1, $2, $3, $4)', [dead, market.vendorId, Number(free!.n) - 300_000, clock.now()]);
    // Of one that goes on there is word again soon, so another has no room beside it.
    const request = http.request(`${exchange.url}/v1/assets/${one}/content`, { method: 'PUT', headers: market.vendor.headers({ 'content-type': 'application/octet-stream', 'content-length': String(file.content.length) }) });
    request.write(file.content.subarray(0, 100_000));
    const coming = async (): Promise<{ id: string; ago: number }[]> => rows('select holder_id as id, extract(epoch from clock_timestamp() - seen_at)::float as ago from delivery.held_bytes where seen_at is not null');
    const begun = async (): Promise<string> => {
      for (;;) {
        const [own] = await coming();
        if (own) return own.id;
        await pause(20);
      }
    };
    await seen('25 seconds', await begun());
    for (let i = 0; i < 150 && (await coming()).some((h) => h.ago > 20); i++) await pause(100);
    expect((await coming()).map((h) => h.ago < 20)).toEqual([true]);
    expect(await codeOf(await putContent(market.vendor, two, file.content))).toEqual([413, 'delivery.storage_quota']);
    request.end(file.content.subarray(100_000));
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    expect([answer.statusCode, await coming()]).toEqual([201, []]);
    answer.resume();
    await seen('20 seconds');
    expect(await codeOf(await putContent(market.vendor, two, file.content))).toEqual([413, 'delivery.storage_quota']);
    await seen('40 seconds');
    expect((await putContent(market.vendor, two, file.content)).status).toBe(201);
    await exchange.drain();
    expect(await rows('select 1 from delivery.held_bytes where holder_id = $1', [dead])).toEqual([]);
  });

  it('expire, and give their place back', async () => {
    const file = csvFile(20_000);
    const id = await asset(file);
    const free = await held();
    const url = await tus.begin(id, file.content.length);
    await tus.append(url, 0, file.content.subarray(0, 10_000));
    await rows('insert into delivery.held_bytes (holder_id, vendor_id, bytes, since) values ($1, $2, 5, $3)', [newId(), market.vendorId, clock.now()]);
    clock.advance(71 * 3_600);
    // Tokens of then are over by now.
    const later = new TusClient(await exchange.client('vendor'));
    expect(await later.offset(url)).toBe(10_000);
    clock.advance(3_600);
    const latest = new TusClient(await exchange.client('vendor'));
    expect(await codeOf(await latest.send('GET', url))).toEqual([410, 'delivery.upload_expired']);
    await exchange.drain();
    expect([(await latest.head(url)).status, await staged(), await held()]).toEqual([404, [], free]);
  });
});
