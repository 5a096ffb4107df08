import pg from 'pg';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, draftProduct, type Draft, join, listedProduct, type Market, offerOf, openMarket, putContent } from './support/market.js';
import type { GraphClient } from './support/client.js';

const CONTENT = {
  language: 'en', keywords: ['vessels', 'ports'], spatial: ['CN-SH', 'SG'], temporalStart: '2024-01-01', temporalEnd: '2024-12-31', frequency: 'DAILY', dataLanguages: ['zh-hans', 'en'],
  publisher: { name: 'Lingang Data Co', url: 'https://data.example/' }, contact: { name: 'Desk', email: 'desk@data.example' }, conformsTo: ['https://schema.org/Dataset', 'urn:iso:std:iso:28005'],
  translations: [{ language: 'zh-Hans', title: '港口挂靠', description: '船舶挂靠记录', keywords: ['船舶'] }],
};
const DICTIONARY = [
  { name: 'speed', type: 'DECIMAL', unit: { system: 'UCUM', value: '[kn_i]' }, descriptions: [{ language: 'en', text: 'Speed over ground' }, { language: 'zh', text: '对地航速' }] },
  { name: 'master', type: 'STRING', sensitivity: 'PERSONAL' },
];
const METADATA = 'metadata { keywords spatial temporalStart temporalEnd frequency dataLanguages publisher { name url } contact { name email url } conformsTo }';

/** What a product says of itself, over the public API. */
describe('the content of the catalogue', () => {
  let exchange: TestExchange;
  let market: Market;
  let listed: Draft;
  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    listed = await listedProduct(exchange, market, [csvFile(800)]);
  });
  afterAll(() => exchange.close());

  const page = async <P>(client: GraphClient, id: string, fields: string): Promise<P> => (await client.ask<{ product: P }>(`query($id: ID!) { product(id: $id) { ${fields} } }`, { id })).product;
  const update = (input: object): Promise<Record<string, unknown> & { __typename: string; code?: string; fields?: { path: string }[] }> => market.vendor.mutate('updateProduct', 'Product', `id title ${METADATA}`, input);

  it('is said in several languages, with the default one where a language is not there', async () => {
    const { productId, datasetId } = await draftProduct(market, []);
    expect(await update({ productId, ...CONTENT, title: 'Port calls' })).toMatchObject({ __typename: 'Product', metadata: { keywords: ['vessels', 'ports'], spatial: ['CN-SH', 'SG'], dataLanguages: ['zh-Hans', 'en'], publisher: { name: 'Lingang Data Co' }, contact: { email: 'desk@data.example', url: null } } });
    const seen = await page(market.vendor, productId, 'languages en: title(language: "en-GB") zh: title(language: "zh-Hans-CN") tw: title(language: "zh-Hant") no: title(language: "x") description(language: "ZH-HANS") metadata { own: keywords zh: keywords(language: "zh-Hans") }');
    expect(seen).toEqual({ languages: ['en', 'zh-Hans'], en: 'Port calls', zh: '港口挂靠', tw: 'Port calls', no: 'Port calls', description: '船舶挂靠记录', metadata: { own: ['vessels', 'ports'], zh: ['船舶'] } });
    expect(await market.vendor.mutate('updateDataset', 'Dataset', 'title(language: "zh") dictionary { name type unit { system value } zh: description(language: "zh-TW") any: description sensitivity }', { datasetId, language: 'en', dictionary: DICTIONARY, translations: [{ language: 'zh', title: '挂靠', description: '每行一次' }] })).toEqual({
      __typename: 'Dataset', title: '挂靠', dictionary: [{ name: 'speed', type: 'DECIMAL', unit: { system: 'UCUM', value: '[kn_i]' }, zh: '对地航速', any: 'Speed over ground', sensitivity: 'NONE' }, { name: 'master', type: 'STRING', unit: null, zh: null, any: null, sensitivity: 'PERSONAL' }],
    });
  });

  it('changes what is said and leaves the rest; null empties', async () => {
    const { id: productId } = await done(market.vendor, 'createProduct', 'Product', 'id', { title: 'Berths', description: 'Berths of a port', themes: ['TRAN'], exporterIsCIIO: false, exporterHasPRCEntity: true, ...CONTENT });
    expect(await update({ productId, frequency: null, keywords: null, title: 'Berth plans' })).toMatchObject({ title: 'Berth plans', metadata: { frequency: null, keywords: [], spatial: ['CN-SH', 'SG'], publisher: { name: 'Lingang Data Co' } } });
    expect(await page(market.vendor, productId, 'themes languages')).toEqual({ themes: ['TRAN'], languages: ['en', 'zh-Hans'] });
  });

  it.each<[string, object]>([
    ['themes.0', { themes: ['SHIPS'] }], ['frequency', { frequency: 'SOMETIMES' }], ['spatial.0', { spatial: ['XX'] }], ['spatial.0', { spatial: ['CN-ZZ'] }], ['dataLanguages.0', { dataLanguages: ['klingonese'] }],
    ['language', { language: 'qq' }], ['translations.xx-y', { translations: [{ language: 'xx-y', title: 'x', description: 'x' }] }], ['translations.en', { language: 'en', translations: [{ language: 'EN', title: 'x', description: 'x' }] }],
    ['temporalEnd', { temporalStart: '2024-02-01', temporalEnd: '2024-01-01' }], ['temporalStart', { temporalStart: '2024-02-31' }], ['conformsTo.0', { conformsTo: ['not an iri'] }],
    ['publisher.url', { publisher: { name: 'x', url: 'javascript:alert(1)' } }], ['contact.email', { contact: { name: 'x' } }], ['contact.email', { contact: { name: 'x', email: 'a@b' } }], ['keywords.0', { keywords: [' '] }], ['related.0', { related: ['0191d5a0-0000-7000-8000-000000000000'] }],
  ])('refuses %s where it is %j, and changes nothing', async (path, wrong) => {
    const { id: productId } = await done(market.vendor, 'createProduct', 'Product', 'id', { title: 'Berths', description: 'Berths of a port', themes: [], exporterIsCIIO: false, exporterHasPRCEntity: true });
    const answer = await update({ productId, title: 'Changed', ...wrong });
    expect([answer.__typename, answer.code, answer.fields?.[0]?.path]).toEqual(['InvalidInput', 'catalog.content', path]);
    expect(await page(market.vendor, productId, 'title themes languages')).toEqual({ title: 'Berths', themes: [], languages: ['und'] });
  });

  it.each<[string, object[]]>([
    ['dictionary.1.name', [DICTIONARY[1]!, DICTIONARY[1]!]], ['dictionary.0.unit', [{ ...DICTIONARY[0], unit: { system: 'UCUM', value: 'metres per second' } }]], ['dictionary.0.unit', [{ ...DICTIONARY[0], unit: { system: 'UCUM', value: 'm(s' } }]],
    ['dictionary.0.descriptions.english', [{ ...DICTIONARY[0], descriptions: [{ language: 'english', text: 'x' }] }]],
  ])('refuses a dictionary: %s', async (path, dictionary) => {
    const { datasetId } = await draftProduct(market, []);
    expect((await market.vendor.mutate('updateDataset', 'Dataset', 'id', { datasetId, dictionary })).fields?.map((f) => f.path)).toContain(path);
  });

  it('of what was handed in is not edited, and nobody edits what is not his', async () => {
    expect(await update({ productId: listed.productId, title: 'Other' })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.product_not_draft' });
    expect(await market.vendor.mutate('updateDataset', 'Dataset', 'id', { datasetId: listed.datasetId, title: 'Other' })).toMatchObject({ __typename: 'StateConflict' });
    const draft = await draftProduct(market, []);
    expect(await market.buyer.mutate('updateProduct', 'Product', 'id', { productId: draft.productId, title: 'Mine' })).toMatchObject({ __typename: 'NotFound' });
    expect(await market.buyer.mutate('removeDataset', 'Dataset', 'id', { datasetId: draft.datasetId })).toMatchObject({ __typename: 'NotFound' });
  });

  it('names related products to those who may see them', async () => {
    const { id: hidden } = await done(market.vendor, 'createProduct', 'Product', 'id', { title: 'Not yet', description: 'x', themes: [], exporterIsCIIO: false, exporterHasPRCEntity: true });
    const { id: productId } = await done(market.vendor, 'createProduct', 'Product', 'id', { title: 'Both', description: 'x', themes: [], exporterIsCIIO: false, exporterHasPRCEntity: true, related: [hidden, listed.productId] });
    await exchange.owner.query(`update catalog.product set related = $2 where id = $1`, [listed.productId, [hidden, productId]]);
    const related = async (client: GraphClient, id: string): Promise<string[]> => (await page<{ related: { title: string }[] }>(client, id, 'related { title }')).related.map((r) => r.title).sort();
    expect([await related(market.vendor, productId), await related(market.vendor, listed.productId), await related(market.officer, listed.productId), await related(market.buyer, listed.productId)]).toEqual([['Not yet', 'Port calls'], ['Both', 'Not yet'], ['Both', 'Not yet'], []]);
    expect(await update({ productId, related: [productId] })).toMatchObject({ __typename: 'InvalidInput' });
    const stranger = await exchange.client('stranger');
    await join(market.officer, stranger, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    const { id: theirs } = await done(stranger, 'createProduct', 'Product', 'id', { title: 'Theirs', description: 'x', themes: [], exporterIsCIIO: false, exporterHasPRCEntity: true, related: [listed.productId] });
    expect(await stranger.mutate('updateProduct', 'Product', 'id', { productId: theirs, related: [hidden] })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'related.0' }] });
  });

  it('takes a file and a dataset out of a draft again, bytes included', async () => {
    const [one, two] = [csvFile(300), { ...csvFile(400), fileName: 'second.csv' }];
    const { productId, datasetId, revisionId, assetIds } = await draftProduct(market, [one, two]);
    for (const [i, file] of [one, two].entries()) expect((await putContent(market.vendor, assetIds[i]!, file.content)).status).toBe(201);
    expect(await market.vendor.mutate('removeAsset', 'Asset', 'fileName', { assetId: assetIds[1]! })).toMatchObject({ __typename: 'Asset', fileName: 'second.csv' });
    expect(await market.vendor.mutate('removeAsset', 'Asset', 'fileName', { assetId: assetIds[1]! })).toMatchObject({ __typename: 'NotFound' });
    expect((await putContent(market.vendor, assetIds[1]!, two.content)).status).toBe(404);
    await exchange.drain();
    expect(await exchange.owner.query('select asset_id from delivery.pending_object where asset_id = any($1)', [assetIds])).toEqual([{ asset_id: assetIds[1] }]);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    expect(await market.vendor.mutate('removeAsset', 'Asset', 'id', { assetId: assetIds[0]! })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.revision_finalised' });
    expect(await market.vendor.mutate('removeDataset', 'Dataset', 'id', { datasetId })).toMatchObject({ __typename: 'StateConflict' });
    const { id: spare } = await done(market.vendor, 'addDataset', 'Dataset', 'id', { productId, title: 'Spare', description: 'x' });
    await done(market.vendor, 'createRevision', 'Revision', 'id', { datasetId: spare });
    expect(await market.vendor.mutate('removeDataset', 'Dataset', 'title', { datasetId: spare })).toMatchObject({ __typename: 'Dataset', title: 'Spare' });
    expect(await page(market.vendor, productId, 'datasets { id }')).toEqual({ datasets: [{ id: datasetId }] });
  });

  it('tells its vocabularies', async () => {
    const { vocabularies } = await market.buyer.ask<{ vocabularies: { id: string; codes: { code: string; iri: string; name: string }[] }[] }>('{ vocabularies(language: "zh") { id codes { code iri name } } }');
    expect(vocabularies.map((v) => v.id)).toEqual(['data-theme', 'frequency']);
    expect(vocabularies[0]!.codes).toContainEqual({ code: 'TRAN', iri: 'http://publications.europa.eu/resource/authority/data-theme/TRAN', name: '交通运输' });
  });

  it('is found after a draft was given another title', async () => {
    const { productId } = await draftProduct(market, []);
    await update({ productId, title: 'Zephyr tables' });
    expect(await exchange.owner.query(`select title from catalog.product where search @@ plainto_tsquery('simple', 'zephyr')`)).toEqual([{ title: 'Zephyr tables' }]);
  });

  it('shows a product with everything in four statements', async () => {
    const { productId } = listed;
    await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    const everything = `id title(language: "zh") description languages themes ${METADATA} related { title } vendor { legalName } datasets { title dictionary { name } classification { level } profile { rows } sample { table } } assets { fileName } offers { title } offersToMe { title } listing { records { step } }`;
    const statements: string[] = [];
    const { query } = pg.Client.prototype;
    const spy = function (this: pg.Client, ...args: unknown[]): unknown {
      statements.push(typeof args[0] === 'string' ? args[0] : (args[0] as { text: string }).text);
      return (query as (...a: unknown[]) => unknown).apply(this, args);
    };
    const seen = async (client: GraphClient): Promise<string[]> => {
      statements.length = 0;
      await page(client, productId, everything);
      // Who asks is looked up, and the connection told, whatever is asked for.
      return statements.filter((s) => !s.includes('set_config') && !s.includes('identity.')).map((s) => s.replace(/\s+/g, ' ').slice(0, 60));
    };
    for (const client of [market.buyer, market.vendor]) await page(client, productId, everything);
    pg.Client.prototype.query = spy as typeof query;
    try {
      for (const client of [market.buyer, market.vendor]) {
        const made = await seen(client);
        expect([made.length <= 4, made]).toEqual([true, made]);
      }
    } finally {
      pg.Client.prototype.query = query;
    }
  });
});
