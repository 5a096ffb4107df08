import { randomUUID } from 'node:crypto';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, draftProduct, join, listedProduct, type Market, offerOf, openMarket, opinion, orderOf, submitted } from './support/market.js';

interface Found { total: number; exact: boolean; corrected: string | null; nodes: { id: string; title: string }[]; facets: { facet: string; value: string; count: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
const QUERY = `query($search: SearchInput!, $sort: SearchSort, $facets: [SearchFacet!], $first: Int!, $after: String) {
  searchProducts(search: $search, sort: $sort, facets: $facets, first: $first, after: $after) { total exact corrected nodes { id title } facets { facet value count } pageInfo { hasNextPage endCursor } } }`;

const FILE = csvFile(500);

describe('discovery', () => {
  let exchange: TestExchange;
  let market: Market;
  let ports: Draft;
  let named: Draft;
  let stranger: GraphClient;
  let outsider: GraphClient;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    [stranger, outsider] = await Promise.all(['stranger', 'outsider'].map((s) => exchange.client(s))) as [GraphClient, GraphClient];
    ports = await listedProduct(exchange, market, [csvFile(3_000)]);
    // A market of many, some of them common as to words and facets.
    await exchange.owner.query(
      `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission, gate_version,
         demanded_steps, completed_steps, opinion_valid_until, certificate_number, certificate_valid_until, listed_at, created_at, price_models, data_languages, search)
       select gen_random_uuid(), vendor_id, vendor_name, case when n % 3 = 0 then 'SG' else 'CN' end, vendor_state, t.title, 'One of many', array[case when n % 2 = 0 then 'ECON' else 'ENVI' end], false, true, 'LISTED', 1, 'many', demanded_steps, completed_steps,
         opinion_valid_until, 1000000 + n, certificate_valid_until, now(), now(), array['ONE_OFF'], array['en'], setweight(to_tsvector('simple', t.title), 'A') || setweight(to_tsvector('simple', 'one of many'), 'C')
       from catalog.product, generate_series(1, 40) n, lateral (select case when n % 10 = 0 then 'Rare orchids ' || n else 'Weather rainfall ' || n end as title) t where id = $1`, [ports.productId]);
    named = await draftProduct(market, [FILE]);
  });
  afterAll(() => exchange.close());

  /** Through the gate as everybody. */
  const list = async (draft: Draft): Promise<void> => {
    const { productId } = draft;
    await submitted(exchange, market, draft, [FILE]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId });
    await done(market.vendor, 'listProduct', 'Product', 'id', { productId, reason: 'ready' });
  };
  const search = async (over: object, more: object = {}, client: GraphClient = market.buyer): Promise<Found> => (await client.ask<{ searchProducts: Found }>(QUERY, { search: over, first: 100, ...more })).searchProducts;
  const titles = async (over: object, more: object = {}) => (await search(over, more)).nodes.map((n) => n.title);

  it('finds by words, English and Chinese, and a vendor by his name', async () => {
    expect(await titles({ text: 'port calls' })).toEqual(['Port calls']);
    expect(await titles({ text: 'CALLS Lingang' })).toEqual(['Port calls']);
    const chinese = await draftProduct(market, [FILE]);
    await done(market.vendor, 'updateProduct', 'Product', 'id', { productId: chinese.productId, translations: [{ language: 'zh', title: '上海港口吞吐量', description: '每月统计', keywords: [] }] });
    await list(chinese);
    expect((await search({ text: '港口' })).nodes.map((n) => n.id)).toEqual([chinese.productId]);
    expect((await search({ text: '上海 统计' })).nodes.map((n) => n.id)).toEqual([chinese.productId]);
    await done(market.vendor, 'withdrawProduct', 'Product', 'id', { productId: chinese.productId, reason: 'a test' });
    expect((await search({ text: '港口' })).total).toBe(0);
  });

  it('takes a mistyped word for its nearest, and says so', async () => {
    const found = await search({ text: 'wether ranfall' });
    expect([found.corrected, found.total]).toEqual(['weather rainfall', 36]);
    expect((await search({ text: 'xylophone' })).corrected).toBeNull();
  });

  it('filters by facets and counts them, within what was found', async () => {
    const found = await search({ text: 'weather', themes: ['ECON'] }, { facets: ['THEME', 'ORIGIN', 'PRICE_MODEL', 'LEVEL', 'LANGUAGE', 'DELIVERY_METHOD', 'FRESHNESS', 'VENDOR'] });
    const count = (facet: string, value: string) => found.facets.find((f) => f.facet === facet && f.value === value)?.count;
    expect([found.total, found.exact, found.nodes.length]).toEqual([16, true, 16]);
    expect([count('THEME', 'ECON'), count('THEME', 'ENVI'), count('PRICE_MODEL', 'ONE_OFF'), count('LEVEL', 'GENERAL'), count('LANGUAGE', 'en'), count('DELIVERY_METHOD', 'HTTP_DOWNLOAD'), count('FRESHNESS', 'MONTH')]).toEqual([16, undefined, 16, 16, 16, 16, 16]);
    expect(count('ORIGIN', 'CN')! + count('ORIGIN', 'SG')!).toBe(16);
    expect(await titles({ text: 'weather', themes: ['ECON'], origins: ['SG'], levels: ['CORE'] })).toEqual([]);
    expect((await search({ origins: ['SG', 'CN'], freshness: 'MONTH' })).total).toBe(41);
    expect((await search({ freshness: 'OLDER' })).total).toBe(0);
  });

  it('pages through everything once, in each sequence', async () => {
    for (const sort of ['RELEVANCE', 'NEWEST', 'TRADES']) {
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 10; page++) {
        const { nodes, pageInfo }: Found = await search({ text: 'weather' }, { sort, first: 7, after });
        seen.push(...nodes.map((n) => n.id));
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
      expect([sort, seen.length, new Set(seen).size]).toEqual([sort, 36, 36]);
    }
    expect((await titles({ text: 'rare' }, { sort: 'NEWEST' }))).toEqual(['Rare orchids 40', 'Rare orchids 30', 'Rare orchids 20', 'Rare orchids 10']);
    expect((await market.buyer.raw(QUERY, { search: {}, first: 5, after: Buffer.from('["x","1","1"]').toString('base64url') })).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('puts what is licensed most first, also after it rested', async () => {
    const first = async () => (await titles({}, { sort: 'TRADES', first: 1 }))[0];
    expect(await first()).not.toBe('Port calls');
    const { id } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(ports.productId));
    await done(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(id));
    await exchange.drain();
    expect(await first()).toBe('Port calls');
    await done(market.officer, 'suspendProduct', 'Product', 'id', { productId: ports.productId, reason: 'a test' });
    expect(await first()).not.toBe('Port calls');
    await done(market.officer, 'reinstateProduct', 'Product', 'id', { productId: ports.productId, reason: 'it is over' });
    expect(await first()).toBe('Port calls');
  });

  it('survives whatever is typed', async () => {
    for (const text of ["' | a & !b", '\\', ':*', "'';drop", '🚢🚢', '（）', 'a'.repeat(200)]) expect((await search({ text, themes: ["x' | 'y", '\\'] })).total).toBe(0);
  });

  it('never shows what is for others: no result, no count, no word of it, no page', async () => {
    const buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    expect(await market.vendor.mutate('setProductAudience', 'Product', 'id', { productId: named.productId, organisationIds: [randomUUID()] })).toMatchObject({ code: 'catalog.audience' });
    await done(market.vendor, 'updateProduct', 'Product', 'id', { productId: named.productId, title: 'Zanzibar manifests' });
    await done(market.vendor, 'setProductAudience', 'Product', 'id', { productId: named.productId, organisationIds: [buyerId] });
    await list(named);
    const before = (await search({})).total;
    for (const client of [market.buyer, stranger, market.vendor]) {
      const found = await search({ text: 'zanzibar' }, { facets: ['VENDOR'] }, client);
      expect([found.total, found.facets, found.corrected]).toEqual([0, [], null]);
      expect((await search({ text: 'zanzibat' }, {}, client)).corrected).toBeNull();
    }
    const page = (client: GraphClient) => client.ask<{ product: object | null }>('query($id: ID!) { product(id: $id) { id title } }', { id: named.productId });
    const forUs = async (client: GraphClient) => (await client.ask<{ productsForUs: { nodes: { id: string }[] } }>('{ productsForUs { nodes { id } } }')).productsForUs.nodes;
    expect(await page(stranger)).toEqual({ product: null });
    expect(await page(market.buyer)).toEqual({ product: { id: named.productId, title: 'Zanzibar manifests' } });
    expect([await forUs(market.buyer), await forUs(stranger)]).toEqual([[{ id: named.productId }], []]);
    expect((await market.buyer.ask<{ products: { nodes: { id: string }[] } }>('{ products(first: 100) { nodes { id } } }')).products.nodes.map((n) => n.id)).not.toContain(named.productId);
    const offer = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(named.productId));
    const seen = (client: GraphClient) => client.ask<{ offer: object | null; quote: object | null }>('query($id: ID!) { offer(id: $id) { id } }', { id: offer.id });
    expect([await seen(stranger), await seen(market.buyer)]).toEqual([{ offer: null }, { offer: { id: offer.id } }]);
    await join(market.officer, outsider, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    expect(await outsider.mutate('placeOrder', 'Agreement', 'id', orderOf(offer.id))).toMatchObject({ __typename: 'NotFound' });
    expect(await market.vendor.mutate('setProductAudience', 'Product', 'id', { productId: ports.productId, organisationIds: [buyerId] })).toMatchObject({ code: 'catalog.audience' });
    await done(market.vendor, 'setProductAudience', 'Product', 'id', { productId: named.productId });
    expect([(await search({})).total, await titles({ text: 'zanzibar' }, {})]).toEqual([before + 1, ['Zanzibar manifests']]);
  });
});
