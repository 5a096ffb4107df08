import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { GraphClient } from './support/client.js';
import { mediaTypeOf, parquetOf } from './support/contents.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { CLASSIFICATION, done, type Draft, draftProduct, listedProduct, type Market, offerOf, openMarket, putContent, sha256, SOURCE, submitted, type TestFile } from './support/market.js';
import { isAlive, RunningProcess } from './support/process.js';
import { order } from './support/trade.js';

const file = (fileName: string, content: Buffer | string): TestFile => ({ fileName, mediaType: mediaTypeOf(fileName), content: Buffer.from(content) });

interface Column { name: string; physicalType: string; logicalType: string; nulls: number; nullShare: number; min: string | null; max: string | null; minLength: number | null; maxLength: number | null; distinct: number; distinctExact: boolean; sensitive: boolean }
interface Profile {
  revisionNumber: number; complete: boolean; rows: string; bytes: string; freshness: { latest: string; ageDays: number } | null; schemaChange: { class: string; changes: { kind: string; column: string | null; before: string | null; after: string | null }[] } | null;
  files: { fileName: string; encoding: string | null; delimiter: string | null; rows: number | null; findings: string[] }[];
  tables: { name: string; files: string[]; rows: number; duplicateShare: number; duplicatesExact: boolean; columns: Column[] }[];
}
interface Shown { profile: Profile | null; sample: { table: string; columns: string[]; rows: (string | null)[][] }[] | null }
const PROFILE = `query($id: ID!) { product(id: $id) { datasets {
  profile { revisionNumber complete rows bytes freshness { latest ageDays } schemaChange { class changes { kind column before after } } files { fileName encoding delimiter rows findings }
    tables { name files rows duplicateShare duplicatesExact columns { name physicalType logicalType nulls nullShare min max minLength maxLength distinct distinctExact sensitive } } }
  sample { table columns rows } } } }`;

/** What the exchange computes of the data itself, through the public API. */
describe('profiles', () => {
  let exchange: TestExchange;
  let market: Market;
  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
  });
  afterAll(() => exchange.close());

  const shown = async (client: GraphClient, productId: string): Promise<Shown | null> => (await client.ask<{ product: { datasets: Shown[] } | null }>(PROFILE, { id: productId })).product?.datasets[0] ?? null;
  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const upload = async (draft: Draft, files: readonly TestFile[]): Promise<void> => {
    for (const [i, id] of draft.assetIds.entries()) expect((await putContent(market.vendor, id, files[i]!.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
  };

  it('are computed of CSV, JSON lines, Parquet and Arrow, and seen by whoever sees the product', async () => {
    const files = [
      file('calls.csv', 'ship,teu,on\nEver Calm,20,2026-01-02\nEver Calm,20,2026-01-02\nEver Odd,,2026-03-04\n'), file('more.csv', Buffer.from('ship,teu,on\nEver New,7,2026-02-01\n', 'utf16le')),
      file('ports.jsonl', '{"port":"CNSHA","berth":{"no":1,"deep":true}}\n{"port":"SGSIN","berth":null}\n'),
      file('tide.parquet', await parquetOf(`select i::int as hour, i::decimal(6,2) as level, timestamp '2026-04-01' + interval (i) hour as at from range(24) r(i)`)),
      file('wind.arrow', Buffer.from(tableToIPC(tableFromArrays({ station: ['a', 'b', null], speed: Float64Array.from([1.5, 2.5, 3.5]) }), 'file'))),
    ];
    const { productId } = await draftProduct(market, files).then(async (draft) => {
      await upload(draft, files);
      expect(await shown(market.vendor, draft.productId)).toEqual({ profile: null, sample: null });
      await exchange.drain();
      return draft;
    });
    expect(await shown(market.buyer, productId)).toBeNull();
    const { profile, sample } = (await shown(market.vendor, productId))!;
    expect(profile).toMatchObject({ revisionNumber: 1, complete: true, rows: '33', bytes: String(files.reduce((sum, f) => sum + f.content.length, 0)), schemaChange: null, freshness: { latest: '2026-04-01T23:00:00.000Z', ageDays: expect.any(Number) as number } });
    expect(profile!.files.map((f) => [f.fileName, f.encoding, f.rows, f.findings])).toEqual([['calls.csv', 'UTF-8', 3, []], ['more.csv', 'UTF-16LE', 1, []], ['ports.jsonl', 'UTF-8', 2, []], ['tide.parquet', null, 24, []], ['wind.arrow', null, 3, []]]);
    expect(profile!.tables.map((t) => [t.name, t.files.length, t.rows, t.duplicateShare, t.columns.map((c) => `${c.name} ${c.physicalType} ${c.logicalType}`)])).toEqual([
      ['calls.csv', 2, 4, 0.25, ['ship VARCHAR text', 'teu VARCHAR integer', 'on VARCHAR date']], ['ports.jsonl', 1, 2, 0, ['port VARCHAR text', 'berth.no BIGINT integer', 'berth.deep BOOLEAN boolean']],
      ['tide.parquet', 1, 24, 0, ['hour INTEGER integer', 'level DECIMAL(6,2) decimal', 'at TIMESTAMP timestamp']], ['wind.arrow', 1, 3, 0, ['station Utf8 text', 'speed Float64 decimal']],
    ]);
    expect(profile!.tables[0]!.columns[1]).toEqual({ name: 'teu', physicalType: 'VARCHAR', logicalType: 'integer', nulls: 1, nullShare: 0.25, min: '7', max: '20', minLength: null, maxLength: null, distinct: 2, distinctExact: true, sensitive: false });
    expect(sample!.map((s) => [s.table, s.rows.length])).toEqual([['calls.csv', 4], ['ports.jsonl', 2], ['tide.parquet', 20], ['wind.arrow', 3]]);
    expect(sample![0]).toMatchObject({ columns: ['ship', 'teu', 'on'], rows: [['Ever Calm', '20', '2026-01-02'], ['Ever Calm', '20', '2026-01-02'], ['Ever Odd', null, '2026-03-04'], ['Ever New', '7', '2026-02-01']] });
    await expect(exchange.owner.query(`update catalog.dataset_profile set change_class = 'NONE'`)).rejects.toThrow('refused');
  });

  it('are none that the vendor can write, and are shown of a listed product to every user without a word of what is sensitive', async () => {
    const people = file('people.csv', `姓名,身份证号,city,note,secret,amount\n${['11010519491231002X', '440524188001010014', '310101199003074255'].map((id, i) => `张三丰${i},${id},上海,${'he said that he would come back in spring '.repeat(2)}${i},s${i},${i}`).join('\n')}\n`);
    const draft = await draftProduct(market, [people]);
    await done(market.vendor, 'updateDataset', 'Dataset', 'id', { datasetId: draft.datasetId, dictionary: [{ name: 'secret', type: 'STRING', sensitivity: 'CONFIDENTIAL' }] });
    await done(market.vendor, 'classifyDataset', 'Dataset', 'id', { datasetId: draft.datasetId, classification: { ...CLASSIFICATION, sensitivePersons: '3', sensitiveCategories: ['MEDICAL_HEALTH'] }, source: SOURCE });
    await upload(draft, [people]);
    await exchange.drain();
    const { profile, sample } = (await shown(market.vendor, draft.productId))!;
    expect(profile!.tables[0]!.columns.map((c) => [c.name, c.sensitive, c.min, c.maxLength])).toEqual([['姓名', true, null, null], ['身份证号', true, null, null], ['city', false, null, 2], ['note', true, null, null], ['secret', true, null, null], ['amount', false, '0', null]]);
    expect(sample![0]!.rows).toEqual([0, 1, 2].map((i) => ['•••', '•••', '上海', '•••', '•••', String(i)]));
    const kept = JSON.stringify(await rows('select to_jsonb(p) from catalog.dataset_profile p where product_id = $1', [draft.productId]));
    for (const secret of ['张三丰', '11010519491231002X', 'come back']) expect(kept).not.toContain(secret);
    const wall = exchange.owner.createQueryRunner();
    try {
      await wall.startTransaction();
      await wall.query(`select set_config('role', 'entrepot_app', true), set_config('entrepot.reach', 'tenant', true), set_config('entrepot.tenant', $1, true)`, [market.vendorId]);
      await expect(wall.query(`insert into catalog.dataset_profile select revision_id, 'forged', dataset_id, product_id, vendor_id, content, samples, change_class, changes, created_at from catalog.dataset_profile limit 1`)).rejects.toThrow('row-level security');
    } finally {
      await wall.rollbackTransaction();
      await wall.release();
    }
  });

  it('read Chinese in GB18030 and name the encoding', async () => {
    const files = [file('gb.csv', Buffer.from('d0d5c3fb2cb3c7cad00ac1d6b3ab2cc9cfbaa30ac0eec6bd2cb1b1bea90a', 'hex'))];
    const draft = await draftProduct(market, files);
    await upload(draft, files);
    await exchange.drain();
    const { profile } = (await shown(market.vendor, draft.productId))!;
    expect([profile!.files[0], profile!.tables[0]!.columns.map((c) => [c.name, c.sensitive])]).toEqual([{ fileName: 'gb.csv', encoding: 'GB18030', delimiter: ',', rows: 2, findings: [] }, [['姓名', true], ['城市', false]]]);
  });

  it('of files that are not what they say are findings of the platform test, never a table', async () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`;
    const lying = await parquetOf('select 1 as a');
    lying.writeUInt32LE(0x7fff_ffff, lying.length - 8);
    const files = [file('deep.jsonl', deep), file('latin.csv', Buffer.from('a,b\n1,café\n', 'latin1')), file('lying.parquet', lying), file('ragged.csv', 'a,b\n1,2\n3\n'), file('rows.parquet', await parquetOf('select 0 as z from range(300000000)', ', row_group_size 300000000'))];
    const draft = await draftProduct(market, files);
    await submitted(exchange, market, draft, files);
    const [{ state, details }] = (await rows<{ state: string; details: { findings: string[] } }>('select p.state, g.details from catalog.product p join catalog.gate_record g on g.product_id = p.id where p.id = $1', [draft.productId])) as [{ state: string; details: { findings: string[] } }];
    expect(state).toBe('DRAFT');
    expect(details.findings).toEqual([
      expect.stringMatching(/^deep.jsonl: byte \d+: brackets stand more than 100 deep/), 'latin.csv: byte 9: neither UTF-8 nor another encoding that can be told for sure (UTF-16, GB18030)',
      expect.stringMatching(/^lying.parquet: could not be read/), 'ragged.csv: line 3: not as many columns as the header: 2 expected, 1 found', 'rows.parquet: its footer states 300000000 rows; at most 200000000 are read',
    ]);
    expect(await shown(market.vendor, draft.productId)).toMatchObject({ profile: { complete: false, tables: [], rows: '0' }, sample: [] });
  });

  it('are not even begun of a file whose first bytes say that it is something else: it is not let in', async () => {
    const packed = file('gzip.csv', gzipSync('a,b\n1,2\n'));
    const { assetIds: [assetId] } = await draftProduct(market, [packed]);
    const response = await putContent(market.vendor, assetId!, packed.content);
    expect([response.status, await response.json()]).toEqual([422, { code: 'delivery.content_type_differs', message: 'it begins as a gzip archive does; the description says text/csv' }]);
    expect(await rows('select 1 from delivery.stored_object where asset_id = $1', [assetId])).toEqual([]);
  });

  it('are held against the dictionary: what is typed otherwise, or not there, fails the platform test', async () => {
    const files = [file('calls.csv', 'ship,teu,on\nEver Calm,20,2026-01-02\nEver Odd,many,soon\n')];
    const draft = await draftProduct(market, files);
    const column = (name: string, type: string) => ({ name, type, sensitivity: 'NONE' });
    await done(market.vendor, 'updateDataset', 'Dataset', 'id', { datasetId: draft.datasetId, dictionary: [column('ship', 'STRING'), column('teu', 'INTEGER'), column('on', 'DATE'), column('port', 'STRING')] });
    await submitted(exchange, market, draft, files);
    const found = ['the dictionary says that teu is integer; it is text', 'the dictionary says that on is date; it is text', 'the dictionary names port, which no file has'].map((f) => `Calls: ${f}`);
    expect(await rows('select p.state, g.details -> \'findings\' as findings from catalog.product p join catalog.gate_record g on g.product_id = p.id where p.id = $1', [draft.productId])).toEqual([{ state: 'DRAFT', findings: found }]);
    expect(await rows('select test_passed, test_findings from catalog.revision where id = $1', [draft.revisionId])).toEqual([{ test_passed: false, test_findings: found }]);
  });

  it('tell licensees of another schema once the revision that brings it is handed out', async () => {
    const product = await listedProduct(exchange, market, [file('v1.csv', 'ship,teu\nEver Calm,20\n')]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId));
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: (await order(exchange, market, offerId)).purchaseId });
    await exchange.drain();
    const grow = async (content: TestFile): Promise<void> => {
      const { id: revisionId } = await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId: product.datasetId });
      const { id: assetId } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: content.fileName, mediaType: content.mediaType, byteLength: String(content.content.length), sha256: sha256(content.content) });
      expect((await putContent(market.vendor, assetId, content.content)).status).toBe(201);
      await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
      await exchange.drain();
    };
    const told = async (): Promise<{ text: string; details: { class: string; number: number } }[]> =>
      (await market.buyer.ask<{ notices: { nodes: { text: string; details: string }[] } }>('{ notices(kinds: [SCHEMA_CHANGE]) { nodes { text details } } }')).notices.nodes.map((n) => ({ ...n, details: JSON.parse(n.details) as { class: string; number: number } }));
    await grow(file('v2.csv', 'ship,teu\nEver Odd,30\n'));
    expect([await told(), (await shown(market.buyer, product.productId))!.profile]).toMatchObject([[], { revisionNumber: 2, schemaChange: { class: 'NONE', changes: [] } }]);
    await grow(file('v3.csv', 'ship,teu,port\nEver Odd,30.5,CNSHA\n'));
    expect((await shown(market.buyer, product.productId))!.profile!.schemaChange).toMatchObject({ class: 'COMPATIBLE', changes: [{ kind: 'TYPE_WIDENED', column: 'teu' }, { kind: 'COLUMN_ADDED', column: 'port' }] });
    expect(await told()).toMatchObject([{ text: 'Revision 3 has another schema, which readers by name bear: TYPE_WIDENED teu, COLUMN_ADDED port.', details: { class: 'COMPATIBLE', number: 3 } }]);
    // One that fails its test is nobody's, and the next is compared with the last that was handed out.
    await grow(file('v4.csv', 'boat\nEver Odd,30\n'));
    expect([(await told()).length, (await shown(market.buyer, product.productId))!.profile!.revisionNumber]).toEqual([1, 3]);
    await grow(file('v5.csv', 'ship,port\nEver Odd,CNSHA\n,SGSIN\n'));
    expect((await shown(market.buyer, product.productId))!.profile).toMatchObject({ revisionNumber: 5, schemaChange: { class: 'BREAKING', changes: [{ kind: 'COLUMN_REMOVED', column: 'teu' }, { kind: 'NULLS_ADDED', column: 'ship' }] } });
    expect((await told())[0]).toMatchObject({ text: expect.stringContaining('may break readers: COLUMN_REMOVED teu, NULLS_ADDED ship') as string, details: { class: 'BREAKING' } });
  });

  it('are computed by another process where one was killed in the middle, and its reader ends with it', async () => {
    const files = [file('long.csv', `a,b,c\n${Array.from({ length: 700_000 }, (_, i) => `${i},ship ${i % 1_000},2026-01-0${(i % 9) + 1}`).join('\n')}\n`)];
    const draft = await draftProduct(market, files);
    await upload(draft, files);
    const worker = new RunningProcess('worker', { DATABASE_URL: exchange.databaseUrl, DATA_DIR: exchange.dataDir });
    const job = async (): Promise<{ attempts: number; finished: boolean } | undefined> => (await rows<{ attempts: number; finished: boolean }>('select attempts, finished_at is not null as finished from delivery.profile_job where revision_id = $1', [draft.revisionId]))[0];
    let reader = 0;
    await worker.until('reader', async () => {
      const children = await readFile(`/proc/${worker.pid}/task/${worker.pid}/children`, 'utf8').catch(() => '');
      reader = Number(children.trim().split(' ')[0] || 0);
      return reader > 0 && (await job())?.attempts === 1;
    });
    worker.signal('SIGKILL');
    await worker.exited;
    for (let i = 0; isAlive(reader) && i < 200; i++) await pause(50);
    expect([isAlive(reader), await job()]).toEqual([false, { attempts: 1, finished: false }]);
    await rows(`update delivery.profile_job set held_until = now() - interval '1 second' where revision_id = $1`, [draft.revisionId]);
    await exchange.drain();
    expect([await job(), (await shown(market.vendor, draft.productId))!.profile]).toMatchObject([{ attempts: 2, finished: true }, { rows: '700000', complete: true }]);
  });
});
