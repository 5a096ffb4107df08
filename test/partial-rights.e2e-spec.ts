import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { canonicalHash } from '#shared';
import { TestClock } from './support/clock.js';
import { mediaTypeOf, parquetOf } from './support/contents.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeOn, CLASSIFICATION, done, type Draft, draftProduct, join, listDraft, listedProduct, type Market, offerOf, openMarket, putContent, sha256, SOURCE, type TestFile } from './support/market.js';
import type { GraphClient } from './support/client.js';

const file = (fileName: string, content: Buffer | string): TestFile => ({ fileName, mediaType: mediaTypeOf(fileName), content: Buffer.from(content) });
const CALLS = file('calls.csv', 'ship,teu,on,secret\nEver Calm,20,2026-01-02,SECRET1\n"Ever ""O\'Odd""",7,2026-03-04,SECRET2\nEver New,31,2026-02-01,SECRET3\n');
const PART = 'ship,teu\nEver Calm,20\nEver New,31\n';
type Answer = { __typename: string; id?: string; url?: string; code?: string; message?: string; current?: string; byteLength?: string; sha256?: string; fileName?: string; mediaType?: string; retryAfterSeconds?: number; fields?: { path: string; message: string }[] };
interface Receipt { assetId: string; bytes: string; sha256: string; partDigest: string | null; jws: string }

/** A licence that is limited to columns or rows, from the offer to the receipt, over HTTP. */
describe('a licence for a part', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let draft: Draft;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    draft = await listedProduct(exchange, market, [CALLS]);
  });
  afterAll(() => exchange.close());

  const few = (over: object = {}) => ({ datasetId: draft.datasetId, columns: ['teu', 'ship'], rows: [{ column: 'teu', type: 'NUMBER', operator: 'BETWEEN', values: ['10', '40.0'] }], ...over });
  const offered = (parts: unknown, product = draft.productId) => market.vendor.mutate<Answer>('createOffer', 'Offer', 'id', offerOf(product, { terms: { parts } }));
  const licensed = async (parts: unknown, buyer = market.buyer, product = draft.productId) => {
    const { id, ...wrong } = await offered(parts, product);
    if (!id) throw new Error(JSON.stringify(wrong));
    return activeOn(exchange, buyer, id);
  };
  const ask = (licenceId: string, assetId = draft.assetIds[0]!, buyer = market.buyer) => buyer.mutate<Answer>('requestDownload', 'DownloadGrant', 'url fileName mediaType byteLength sha256 } ... on FileBeingMade { retryAfterSeconds', { licenceId, assetId });
  /** Asks until the file is written. */
  const granted = async (licenceId: string, assetId?: string, buyer?: GraphClient): Promise<Answer> => {
    const first = await ask(licenceId, assetId, buyer);
    if (first.__typename !== 'FileBeingMade') return first;
    await exchange.drain();
    return ask(licenceId, assetId, buyer);
  };
  const fetched = async (url: string): Promise<string> => (await fetch(url)).text();
  const owner = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const receipts = async (licenceId: string) => (await market.buyer.ask<{ receipts: { nodes: Receipt[] } }>('query($id: ID!) { receipts(licenceId: $id) { nodes { assetId bytes sha256 partDigest jws } } }', { id: licenceId })).receipts.nodes;
  const parts = (assetId: string) => owner<{ object_key: string; attempts: number; finding: string | null; sha256: string }>('select object_key, attempts, finding, sha256 from delivery.part_file where asset_id = $1 order by requested_at', [assetId]);
  const objectFile = (key: string): string => path.join(exchange.dataDir, 'storage', 'objects', key.slice(-2), key);

  it('is quoted, agreed and hashed, and said in plain words', async () => {
    const { agreementId } = await licensed([few()]);
    const { agreement } = await market.buyer.ask<{ agreement: { hash: string; document: string; terms: { policy: string; parts: { digest: string; columns: string[]; rows: { operator: string; values: string[] }[] }[]; clauses: { kind: string; text: string }[] } } }>('query($id: ID!) { agreement(id: $id) { hash document terms { policy parts { digest columns rows { column type operator values } } clauses { kind text } } } }', { id: agreementId });
    expect(agreement.terms.clauses.at(-1)).toEqual({ kind: 'SCOPE', text: 'The licence is for a part of the dataset "Calls": its columns "ship", "teu", and of them its rows where "teu" is at least 10 and "teu" is at most 40. The licensee receives a file with nothing else.' });
    expect(agreement.terms.parts).toMatchObject([{ columns: ['ship', 'teu'], rows: [{ operator: 'GTEQ', values: ['10'] }, { operator: 'LTEQ', values: ['40'] }] }]);
    // An outsider computes the digest from the policy that was hashed with the agreement.
    const { target: [{ refinement }] } = JSON.parse(agreement.terms.policy) as { target: [{ refinement: unknown }] };
    expect(canonicalHash(refinement)).toBe(agreement.terms.parts[0]!.digest);
    expect(agreement.document).toContain('"target":[');
  });

  it.each<[string, () => unknown, string]>([
    ['a dataset of nobody', () => [few({ datasetId: market.vendorId })], 'terms.parts.0.datasetId'], ['a column that is not there', () => [few({ columns: ['Ship'] })], 'terms.parts.0.columns.0'], ['a condition on one that is not', () => [few({ rows: [{ column: 'gone', type: 'TEXT', operator: 'EQ', values: ['x'] }] })], 'terms.parts.0.rows.0.column'],
    ['another type', () => [few({ rows: [{ column: 'ship', type: 'NUMBER', operator: 'EQ', values: ['1'] }] })], 'terms.parts.0.rows.0.type'], ['a value that is none', () => [few({ rows: [{ column: 'teu', type: 'NUMBER', operator: 'EQ', values: ['1 or 1=1'] }] })], 'terms.target.0.refinement.1.rightOperand.0'],
    ['no column', () => [few({ columns: [] })], 'terms.parts.0.columns'], ['one value of between', () => [few({ rows: [{ column: 'teu', type: 'NUMBER', operator: 'BETWEEN', values: ['1'] }] })], 'terms.target.0.refinement.2.rightOperand'],
  ])('is not offered of %s', async (_, of, at) => expect((await offered(of())).fields?.map((f) => f.path)).toEqual([at]));

  it('receives a file with nothing else, and a receipt that names the part', async () => {
    const { licenceId } = await licensed([few()]);
    expect(await ask(licenceId)).toMatchObject({ __typename: 'FileBeingMade', code: 'delivery.file_being_made', retryAfterSeconds: 5 });
    await exchange.drain();
    const grant = await ask(licenceId);
    expect(grant).toMatchObject({ fileName: 'calls.part.csv', mediaType: 'text/csv', byteLength: String(PART.length), sha256: sha256(Buffer.from(PART)) });
    const response = await fetch(grant.url!, { headers: { range: 'bytes=0-9' } });
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([206, `bytes 0-9/${PART.length}`, PART.slice(0, 10)]);
    const beyond = await fetch(grant.url!, { headers: { range: `bytes=${PART.length}-` } });
    expect(beyond.status).toBe(416);
    expect(await fetched(grant.url!)).toBe(PART);
    await exchange.drain();
    const [receipt, ...more] = await receipts(licenceId);
    const [{ limit_digest: digest }] = await owner<{ limit_digest: string }>('select limit_digest from delivery.part_file where asset_id = $1', [draft.assetIds[0]]) as [{ limit_digest: string }];
    expect([receipt, more]).toEqual([{ assetId: draft.assetIds[0], bytes: String(PART.length), sha256: sha256(Buffer.from(PART)), partDigest: digest, jws: receipt!.jws }, []]);
    expect(JSON.parse(Buffer.from(receipt!.jws.split('.')[1]!, 'base64url').toString())).toMatchObject({ partDigest: digest, sha256: sha256(Buffer.from(PART)) });
    const [{ bytes }] = await owner<{ bytes: string }>(`select sum(quantity)::text as bytes from metering.usage_event where licence_id = $1 and meter = 'bytes'`, [licenceId]) as [{ bytes: string }];
    expect(bytes).toBe(String(PART.length));
  });

  it('is written once for everybody with the same part, asked for at once, and takes nothing of the vendor', async () => {
    const market2 = await exchange.client('second-buyer');
    await join(market.officer, market2, 'Bay Insights', { jurisdiction: 'SG' }, 'UEN', '197200078R');
    const own = few({ columns: ['secret'], rows: [] });
    const [mine, theirs] = [await licensed([own]), await licensed([own], market2)];
    const held = await owner('select * from delivery.held_bytes where vendor_id = $1 order by 1', [market.vendorId]);
    const answers = await Promise.all([ask(mine.licenceId), ask(theirs.licenceId, undefined, market2), ask(mine.licenceId), ask(theirs.licenceId, undefined, market2)]);
    expect(new Set(answers.map((a) => a.__typename))).toEqual(new Set(['FileBeingMade']));
    await exchange.drain();
    const [a, b] = [await ask(mine.licenceId), await ask(theirs.licenceId, undefined, market2)];
    expect(await Promise.all([fetched(a.url!), fetched(b.url!)])).toEqual(['secret\nSECRET1\nSECRET2\nSECRET3\n', 'secret\nSECRET1\nSECRET2\nSECRET3\n']);
    const made = (await parts(draft.assetIds[0]!)).filter((p) => p.sha256 === a.sha256);
    expect(made).toMatchObject([{ attempts: 1 }]);
    expect(await owner('select * from delivery.held_bytes where vendor_id = $1 order by 1', [market.vendorId])).toEqual(held);
    const { product } = await market.vendor.ask<{ product: { datasets: { revisions: { assets: { fileName: string }[] }[] }[] } }>('query($id: ID!) { product(id: $id) { datasets { revisions { assets { fileName } } } } }', { id: draft.productId });
    expect(product.datasets[0]!.revisions[0]!.assets).toEqual([{ fileName: 'calls.csv' }]);
  });

  it('gives nothing of datasets that it does not name, and all of one that it names without a limit', async () => {
    const more = file('berths.csv', 'berth,depth\nA1,12\n');
    const own = await draftProduct(market, [CALLS]);
    const { id: datasetId } = await done(market.vendor, 'addDataset', 'Dataset', 'id', { productId: own.productId, title: 'Berths', description: 'One row a berth' });
    await done(market.vendor, 'classifyDataset', 'Dataset', 'id', { datasetId, classification: CLASSIFICATION, source: SOURCE });
    const { id: revisionId } = await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId });
    const { id: assetId } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: more.fileName, mediaType: more.mediaType, byteLength: String(more.content.length), sha256: sha256(more.content) });
    expect((await putContent(market.vendor, assetId, more.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    await listDraft(exchange, market, own, [CALLS]);
    const { licenceId } = await licensed([{ datasetId }], market.buyer, own.productId);
    expect(await ask(licenceId, own.assetIds[0]!)).toMatchObject({ __typename: 'StateConflict', code: 'delivery.not_licensed' });
    expect(await ask(licenceId, assetId)).toMatchObject({ __typename: 'DownloadGrant', fileName: 'berths.csv', sha256: sha256(more.content) });
    expect((await offered([{ datasetId, columns: ['ship'] }], own.productId)).fields?.map((f) => f.path)).toEqual(['terms.parts.0.columns.0']);
  });

  it('keeps everything that a limit keeps, and a header where no row is left', async () => {
    const all = await licensed([few({ columns: ['secret', 'on', 'teu', 'ship'], rows: [] })]);
    expect(await fetched((await granted(all.licenceId)).url!)).toBe(CALLS.content.toString());
    const none = await licensed([few({ rows: [{ column: 'ship', type: 'TEXT', operator: 'EQ', values: [`x' or 1=1; --`] }] })]);
    expect(await fetched((await granted(none.licenceId)).url!)).toBe('ship,teu\n');
  });

  it('is written again where it is lost, and where its writer died', async () => {
    const { licenceId } = await licensed([few({ columns: ['on'], rows: [] })]);
    const first = await granted(licenceId);
    const { object_key: key } = (await parts(draft.assetIds[0]!)).find((p) => p.sha256 === first.sha256)!;
    await rm(objectFile(key));
    const second = await granted(licenceId);
    expect([second.sha256, await fetched(second.url!)]).toEqual([first.sha256, 'on\n2026-01-02\n2026-03-04\n2026-02-01\n']);
    // A process that took it and died holds it for ten seconds.
    const { licenceId: another } = await licensed([few({ columns: ['on', 'ship'], rows: [] })]);
    expect((await ask(another)).__typename).toBe('FileBeingMade');
    await owner(`update delivery.part_file set held_until = $1, attempts = 1 where finished_at is null`, [new Date(clock.now().getTime() + 10_000)]);
    await exchange.drain();
    expect((await ask(another)).__typename).toBe('FileBeingMade');
    clock.advance(11_000);
    expect(await fetched((await granted(another)).url!)).toMatch(/^ship,on\n/);
  });

  it('is the size of its part where quotas count bytes', async () => {
    const { id } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(draft.productId, { terms: { parts: [few()] }, plans: [{ label: 'Quota', currency: 'SGD', duration: 'P30D', period: 'P30D', components: [], quotas: [{ meter: 'BYTES', quantity: String(PART.length + 5) }] }] }));
    const { licenceId } = await activeOn(exchange, market.buyer, id);
    expect(await fetched((await granted(licenceId)).url!)).toBe(PART);
    expect(await granted(licenceId)).toMatchObject({ code: 'delivery.quota' });
  });

  it('is refused of a revision whose column vanished, and both sides are told; a Parquet file hides it everywhere', async () => {
    const tide = file('tide.parquet', await parquetOf(`select i::int as hour, 'SECRET' || i as secret from range(50) r(i)`));
    const own = await listedProduct(exchange, market, [tide]);
    const { licenceId } = await licensed([{ datasetId: own.datasetId, columns: ['hour'], rows: [{ column: 'secret', type: 'TEXT', operator: 'IS_NONE_OF', values: ['SECRET3'] }] }], market.buyer, own.productId);
    const grant = await granted(licenceId, own.assetIds[0]!);
    const bytes = Buffer.from(await (await fetch(grant.url!)).arrayBuffer());
    expect([sha256(bytes), bytes.includes('SECRET'), bytes.includes('secret')]).toEqual([grant.sha256, false, false]);
    // The next revision has another column in its place.
    const next = file('tide.parquet', await parquetOf(`select i::int as hour, i as level from range(5) r(i)`));
    const { id: revisionId } = await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId: own.datasetId });
    const { id: assetId } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: next.fileName, mediaType: next.mediaType, byteLength: String(next.content.length), sha256: sha256(next.content) });
    expect((await putContent(market.vendor, assetId, next.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    await exchange.drain();
    const refused = await granted(licenceId, assetId);
    expect(refused).toMatchObject({ __typename: 'StateConflict', code: 'delivery.part_not_written', message: 'the part of tide.parquet that is licensed cannot be written: there is no column "secret"' });
    for (const side of [market.vendor, market.buyer]) {
      const { notices } = await side.ask<{ notices: { nodes: { kind: string; text: string }[] } }>('{ notices(first: 50) { nodes { kind text } } }');
      expect(notices.nodes.filter((n) => n.kind === 'PART_NOT_WRITTEN')).toEqual([{ kind: 'PART_NOT_WRITTEN', text: 'tide.parquet of revision 2 is not delivered under licences for a part of it: there is no column "secret"' }]);
    }
    // A revision that is called back leaves no part behind.
    const { object_key: key } = (await parts(own.assetIds[0]!))[0]!;
    expect((await readFile(objectFile(key))).length).toBe(bytes.length);
    await done(market.vendor, 'revokeRevision', 'Revision', 'id', { revisionId: own.revisionId, reason: 'wrong hours' });
    await exchange.drain();
    expect([await parts(own.assetIds[0]!), (await ask(licenceId, own.assetIds[0]!)).code]).toEqual([[], 'delivery.revision_revoked']);
    clock.advance(2 * 3_600_000);
    await exchange.drain();
    await expect(readFile(objectFile(key))).rejects.toThrow('ENOENT');
  });
});
