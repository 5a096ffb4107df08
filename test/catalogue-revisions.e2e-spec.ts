import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, draftProduct, listedProduct, type Market, offerOf, openMarket, putContent, sha256, submitted, type TestFile } from './support/market.js';
import { order } from './support/trade.js';

interface Revision { readonly id: string; readonly number: number; readonly state: string; readonly releasedAt: string | null; readonly revocationReason: string | null; readonly test: { passed: boolean; findings: string[] } | null; readonly assets: { fileName: string }[] }
const FIELDS = 'id number state releasedAt revocationReason test { passed findings } assets { fileName }';

/** A listed product grows by revisions; each is tested by itself, and can be called back. */
describe('revisions', () => {
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let licenceId: string;
  const long = csvFile(24_000_000, 'long.csv');
  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [csvFile(800), long]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    ({ licenceId } = ordered);
  });
  afterAll(() => exchange.close());

  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const shown = async (client: GraphClient, of = product): Promise<readonly Revision[]> =>
    (await client.ask<{ product: { datasets: { revisions: Revision[] }[] } }>(`query($id: ID!) { product(id: $id) { datasets { revisions { ${FIELDS} } } } }`, { id: of.productId })).product.datasets[0]!.revisions;
  const all = async (client: GraphClient, of = product): Promise<readonly Revision[] | null> =>
    (await client.ask<{ revisions: { nodes: Revision[] } | null }>(`query($id: ID!) { revisions(datasetId: $id) { nodes { ${FIELDS} } } }`, { id: of.datasetId })).revisions?.nodes ?? null;
  const ask = (assetId: string) => market.buyer.mutate<{ url: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
  const told = async (client: GraphClient, kind: string): Promise<{ text: string; details: string }[]> => (await client.ask<{ notices: { nodes: { text: string; details: string }[] } }>('query($kinds: [NoticeKind!]) { notices(kinds: $kinds) { nodes { text details } } }', { kinds: [kind] })).notices.nodes;
  /** Another revision with this file, closed and not tested yet. */
  const grown = async (file: TestFile, of = product): Promise<{ revisionId: string; assetId: string }> => {
    const { id: revisionId } = await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId: of.datasetId });
    const { id: assetId } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: file.fileName, mediaType: file.mediaType, byteLength: String(file.content.length), sha256: sha256(file.content) });
    expect((await putContent(market.vendor, assetId, file.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    return { revisionId, assetId };
  };

  it('of a listed product are handed out once they passed their test, and licensees are told', async () => {
    const file = csvFile(900, 'later.csv');
    const { revisionId, assetId } = await grown(file);
    expect([(await shown(market.buyer)).map((r) => r.number), (await all(market.buyer))!.map((r) => r.number), (await shown(market.vendor)).map((r) => [r.number, r.state, r.releasedAt])[0]]).toEqual([[1], [1], [2, 'FINALISED', null]]);
    expect(await ask(assetId)).toMatchObject({ __typename: 'NotFound' });
    await exchange.drain();
    expect((await all(market.buyer))![0]).toMatchObject({ number: 2, state: 'FINALISED', releasedAt: expect.any(String) as string, test: null, assets: [{ fileName: 'later.csv' }] });
    expect((await shown(market.vendor))[0]!.test).toEqual({ passed: true, findings: [] });
    const given = await ask(assetId);
    expect(given.__typename).toBe('DownloadGrant');
    expect(Buffer.from(await (await fetch(given.url)).arrayBuffer()).equals(file.content)).toBe(true);
    expect(await told(market.buyer, 'UPDATED')).toEqual([{ text: 'Revision 2 can be downloaded.', details: expect.stringContaining(revisionId) as string }]);
    expect(await rows('select act from audit.entry where object_id = $1 order by recorded_at, id', [revisionId])).toEqual(['create', 'finalise', 'profile', 'test', 'release'].map((a) => ({ act: `revision.${a}` })));
  });

  it('that fail stay with their vendor, who is told; a later one takes their place', async () => {
    const { assetId } = await grown({ fileName: 'ragged.csv', mediaType: 'text/csv', content: Buffer.from('ship,teu\nEver Calm,20\nEver Odd,30,surplus\n') });
    const before = (await told(market.buyer, 'UPDATED')).length;
    await exchange.drain();
    expect((await shown(market.vendor))[0]).toMatchObject({ state: 'FINALISED', releasedAt: null, test: { passed: false, findings: [expect.stringContaining('ragged.csv')] } });
    expect((await shown(market.buyer)).some((r) => r.assets.some((a) => a.fileName === 'ragged.csv'))).toBe(false);
    expect(await ask(assetId)).toMatchObject({ __typename: 'NotFound' });
    expect(await told(market.vendor, 'REVISION_REFUSED')).toEqual([{ text: expect.stringContaining('ragged.csv') as string, details: expect.any(String) as string }]);
    const next = await grown(csvFile(700, 'mended.csv'));
    await exchange.drain();
    expect((await ask(next.assetId)).__typename).toBe('DownloadGrant');
    expect(await told(market.buyer, 'UPDATED')).toHaveLength(before + 1);
  });

  it('whose columns speak for more than was declared are not handed out, and do not stand in the way of the next', async () => {
    const people = `name,phone,email\n${Array.from({ length: 200 }, (_, i) => `Wang Wei,138${String(10_000_000 + i * 7_919).slice(-8)},wang${i}@example.com`).join('\n')}\n`;
    const { assetId } = await grown({ fileName: 'people.csv', mediaType: 'text/csv', content: Buffer.from(people) });
    await exchange.drain();
    expect((await shown(market.vendor))[0]!.test).toMatchObject({ passed: false, findings: [expect.stringMatching(/say why/)] });
    expect(await ask(assetId)).toMatchObject({ __typename: 'NotFound' });
    const next = await grown(csvFile(650, 'without-people.csv'));
    await exchange.drain();
    expect((await ask(next.assetId)).__typename).toBe('DownloadGrant');
  });

  it('that are called back leave no more, running downloads included, and the reason reaches whoever may have them', async () => {
    const given = await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[1] });
    const waiting = await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] });
    const [response] = (await once(http.get(given.url, { agent: false }), 'response')) as [http.IncomingMessage];
    await pause(2_100);
    expect(await market.vendor.mutate('revokeRevision', 'Revision', 'state revocationReason', { revisionId: product.revisionId, reason: ' ' })).toMatchObject({ __typename: 'InvalidInput' });
    const calls = await Promise.all([1, 2].map(() => market.vendor.mutate('revokeRevision', 'Revision', 'state revocationReason', { revisionId: product.revisionId, reason: 'wrong tonnages' })));
    expect(calls.map((c) => c.__typename).sort()).toEqual(['Revision', 'StateConflict']);
    let received = 0;
    await expect((async () => {
      for await (const chunk of response) received += (chunk as Buffer).length;
    })()).rejects.toThrow('aborted');
    expect(received).toBeLessThan(long.content.length);
    const late = await fetch(waiting.url);
    expect([late.status, await late.json()]).toEqual([410, { code: 'delivery.revision_revoked', message: expect.stringContaining('wrong tonnages') as string }]);
    expect(await ask(product.assetIds[0]!)).toMatchObject({ __typename: 'StateConflict', code: 'delivery.revision_revoked', message: expect.stringContaining('wrong tonnages') as string });
    await exchange.drain();
    await exchange.drain();
    expect(await told(market.buyer, 'REVISION_REVOKED')).toEqual([{ text: expect.stringContaining('wrong tonnages') as string, details: expect.stringContaining(product.revisionId) as string }]);
    expect((await all(market.buyer))!.at(-1)).toMatchObject({ number: 1, state: 'REVOKED', revocationReason: 'wrong tonnages' });
  });

  it('are never changed by hand, neither what they hold nor what was decided of them', async () => {
    const [fine, { id: revoked }] = [(await all(market.vendor))![0]!.id, { id: product.revisionId }];
    for (const change of ["digest = repeat('b', 64)", 'number = 9', "state = 'DRAFT', digest = null, finalised_at = null", 'released_at = null', "test_findings = '{x}'", "state = 'REVOKED', revoked_at = now()"]) {
      await expect(rows(`update catalog.revision set ${change} where id = $1`, [fine])).rejects.toThrow(/never changed|violates check/);
    }
    await expect(rows(`update catalog.revision set state = 'FINALISED', revoked_at = null, revocation_reason = null where id = $1`, [revoked])).rejects.toThrow('never changed');
    await expect(rows(`update catalog.revision set revocation_reason = 'other words' where id = $1`, [revoked])).rejects.toThrow('never changed');
    for (const id of [fine, revoked]) {
      await expect(rows('delete from catalog.asset where revision_id = $1', [id])).rejects.toThrow('never changed');
      await expect(rows('delete from catalog.revision where id = $1', [id])).rejects.toThrow('never changed');
    }
  });

  it('of a draft that failed are superseded too: the product is handed in again without them', async () => {
    const bad = { fileName: 'ragged.csv', mediaType: 'text/csv', content: Buffer.from('ship,teu\nEver Calm,20\nEver Odd,30,surplus\n') };
    const draft = await draftProduct(market, [bad]);
    await submitted(exchange, market, draft, [bad]);
    const stateOf = async (): Promise<string> => (await rows<{ state: string }>('select state from catalog.product where id = $1', [draft.productId]))[0]!.state;
    expect(await stateOf()).toBe('DRAFT');
    await grown(csvFile(500), draft);
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.drain();
    expect(await stateOf()).toBe('TESTED');
    expect((await shown(market.vendor, draft)).map((r) => [r.number, r.releasedAt !== null])).toEqual([[2, true], [1, false]]);
    expect(await market.vendor.mutate('revokeRevision', 'Revision', 'id', { revisionId: draft.revisionId, reason: 'not now' })).toMatchObject({ __typename: 'StateConflict' });
    expect(await all(market.buyer, draft)).toBe(null);
  });

  describe('with other columns', () => {
    const DICTIONARY = [{ name: 'ship', type: 'STRING' }, { name: 'teu', type: 'INTEGER' }, { name: 'master', type: 'STRING', sensitivity: 'PERSONAL' }];
    const dictionary = async (of: Draft): Promise<unknown> => (await market.buyer.ask<{ product: { datasets: { dictionary: object[] }[] } }>('query($id: ID!) { product(id: $id) { datasets { dictionary { name sensitivity } } } }', { id: of.productId })).product.datasets[0]!.dictionary;
    const file = (header: string, line: string): TestFile => ({ fileName: 'other.csv', mediaType: 'text/csv', content: Buffer.from(`${header}\n${`${line}\n`.repeat(20)}`) });
    const uploaded = async (of: Draft, content: TestFile): Promise<string> => {
      const { id: revisionId } = await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId: of.datasetId });
      const { id: assetId } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: content.fileName, mediaType: content.mediaType, byteLength: String(content.content.length), sha256: sha256(content.content) });
      expect((await putContent(market.vendor, assetId, content.content)).status).toBe(201);
      return revisionId;
    };
    let own: Draft;
    beforeAll(async () => {
      own = await listedProduct(exchange, market, [csvFile(600)]);
    });

    it('bring their dictionary with them, which is that of the dataset once they are handed out', async () => {
      const revisionId = await uploaded(own, file('ship,teu,master', 'Ever Calm,20,Captain'));
      const closed = await market.vendor.mutate('finaliseRevision', 'Revision', 'dictionary { name }', { revisionId, dictionary: DICTIONARY });
      expect(closed).toEqual({ __typename: 'Revision', dictionary: DICTIONARY.map(({ name }) => ({ name })) });
      expect(await dictionary(own)).toEqual([]);
      await exchange.drain();
      expect((await shown(market.buyer, own))[0]).toMatchObject({ number: 2, releasedAt: expect.any(String) as string });
      expect(await dictionary(own)).toEqual([{ name: 'ship', sensitivity: 'NONE' }, { name: 'teu', sensitivity: 'NONE' }, { name: 'master', sensitivity: 'PERSONAL' }]);
      await expect(rows('update catalog.revision set dictionary = null where id = $1', [revisionId])).rejects.toThrow('never changed');
    });

    it('cannot say that a column gives away less, nor be silent about it while it is there', async () => {
      const revisionId = await uploaded(own, file('ship,teu,master', 'Ever Odd,30,Captain'));
      expect(await market.vendor.mutate('finaliseRevision', 'Revision', 'id', { revisionId, dictionary: [...DICTIONARY.slice(0, 2), { name: 'master', type: 'STRING' }] })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'dictionary.2.sensitivity' }] });
      await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId, dictionary: DICTIONARY.slice(0, 2) });
      await exchange.drain();
      expect((await shown(market.vendor, own))[0]).toMatchObject({ releasedAt: null, test: { passed: false, findings: [expect.stringContaining('leaves out master')] } });
      expect(await dictionary(own)).toHaveLength(3);
    });

    it('may drop a column that they have no more; a draft says its columns itself', async () => {
      const revisionId = await uploaded(own, file('ship,berth', 'Ever Glad,4'));
      await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId, dictionary: [{ name: 'ship', type: 'STRING' }, { name: 'berth', type: 'INTEGER' }] });
      await exchange.drain();
      expect(await dictionary(own)).toEqual([{ name: 'ship', sensitivity: 'NONE' }, { name: 'berth', sensitivity: 'NONE' }]);
      const draft = await draftProduct(market, []);
      expect(await market.vendor.mutate('finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId, dictionary: DICTIONARY })).toMatchObject({ __typename: 'StateConflict' });
    });
  });
});
