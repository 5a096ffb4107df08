import { readFileSync, readdirSync } from 'node:fs';
import { readPolicy } from '../libs/contracts/src/domain/terms/read-policy.js';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeLicence, csvFile, done, draftProduct, type Draft, listedProduct, type Market, openMarket, putContent, listDraft, offerOf, planOf } from './support/market.js';

const METADATA = { modes: ['SEA'], recordKinds: ['PORT_CALL'], coverage: { locodes: ['CNSHA', 'SGSIN'] }, latency: 'HOURS', sources: ['TERMINAL'] };
const ANSWERS = ['carrier-consent', 'ais-shore', 'military', 'commercial-secrets'].map((code) => ({ code, answer: 'YES' }));

/** Scenarios that products claim, and what passes between vendors and the market beside trade. */
describe('scenarios, announcements and the funnel', () => {
  let exchange: TestExchange;
  let market: Market;
  let listed: Draft;
  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    listed = await listedProduct(exchange, market, [csvFile(600)]);
  });
  afterAll(() => exchange.close());
  type Answer = { __typename: string; code?: string; fields?: { path: string; message: string }[]; metadata?: { scenario: { version: string; metadata: string } | null } };
  const claim = (productId: string, over: object = {}, metadata: unknown = METADATA): Promise<Answer> =>
    market.vendor.mutate('updateProduct', 'Product', 'metadata { scenario { pack version metadata answers { code answer } } }', { productId, scenario: { pack: 'supply-chain', metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata), answers: ANSWERS, ...over } });

  it('tells its packs, and their rights are terms that the exchange understands', async () => {
    const { scenarioPacks } = await market.buyer.ask<{ scenarioPacks: { id: string; version: string; title: string; rightsPolicy: string; meters: { code: string; unit: string }[] }[] }>('{ scenarioPacks(language: "zh") { id version title rightsPolicy meters { code unit } } }');
    expect(scenarioPacks.map((p) => [p.id, p.version, p.title])).toEqual([['digital-content', '1.0.0', '数字内容出海'], ['livestream-commerce', '1.0.0', '跨境电商直播'], ['supply-chain', '1.0.0', '供应链与航运数据']]);
    expect(scenarioPacks.flatMap((p) => p.meters.map((m) => m.code))).toEqual(expect.arrayContaining(['minutes_streamed', 'territories', 'titles']));
    for (const { id, rightsPolicy } of scenarioPacks) expect([id, readPolicy(JSON.parse(rightsPolicy))]).toEqual([id, expect.not.objectContaining({ problems: expect.anything() as unknown })]);
    for (const file of readdirSync('libs/catalog/packs')) expect(() => JSON.parse(readFileSync(`libs/catalog/packs/${file}`, 'utf8')) as unknown).not.toThrow();
  });

  it('holds a claim against its pack at once, and whole when the product is handed in', async () => {
    const file = csvFile(500);
    const { productId, revisionId, assetIds } = await draftProduct(market, [file]);
    for (const [path, metadata] of [
      ['scenario.metadata', { ...METADATA, modes: undefined }], ['scenario.metadata.modes.0', { ...METADATA, modes: ['TELEPORT'] }], ['scenario.metadata', { ...METADATA, surprise: 1 }], ['scenario.metadata', { ...METADATA, recordKinds: ['BILL_OF_LADING'] }], ['scenario.metadata.coverage.locodes.0', { ...METADATA, coverage: { locodes: ['Shanghai'] } }],
      ['scenario.metadata', JSON.parse('{"__proto__": {"modes": ["SEA"]}}')],
    ] as const) {
      const answer = await claim(productId, {}, metadata);
      expect([path, answer.__typename, answer.code, answer.fields?.map((f) => f.path)]).toEqual([path, 'InvalidInput', 'catalog.content', expect.arrayContaining([path])]);
    }
    for (const text of ['[]', 'null', '{', '"x"', '{"modes": "\\u0000"}', '{"modes": "\\ud800"}']) expect([text, (await claim(productId, {}, text)).__typename]).toEqual([text, 'InvalidInput']);
    expect(await claim(productId, { pack: 'weather' })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'scenario.pack' }] });
    expect(await claim(productId, { version: '9.9.9' })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'scenario.pack' }] });
    expect(await claim(productId, { answers: ANSWERS.slice(1) })).toMatchObject({ __typename: 'Product', metadata: { scenario: { pack: 'supply-chain', version: '1.0.0' } } });
    expect((await putContent(market.vendor, assetIds[0]!, file.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    expect(await market.vendor.mutate('submitProduct', 'Product', 'id', { productId })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.not_ready_to_submit', message: 'scenario.answers.carrier-consent: not answered' });
    await claim(productId);
    expect(await market.vendor.mutate('submitProduct', 'Product', 'state', { productId })).toMatchObject({ __typename: 'Product', state: 'SUBMITTED' });
    expect(await exchange.owner.query('select scenario_pack, scenario->>\'version\' as version from catalog.product where id = $1', [productId])).toEqual([{ scenario_pack: 'supply-chain', version: '1.0.0' }]);
    expect((await market.vendor.mutate<Answer>('updateProduct', 'Product', 'id', { productId, scenario: null })).__typename).toBe('StateConflict');
  });

  it('lets the meters of a pack have a price where the product claims the pack', async () => {
    const files = [csvFile(400)];
    const draft = await draftProduct(market, files);
    await claim(draft.productId);
    await listDraft(exchange, market, draft, files);
    const offer = (productId: string, meter: string): Promise<Answer> =>
      market.vendor.mutate('createOffer', 'Offer', 'plans { components { meter } }', offerOf(productId, { plans: [planOf({ components: [{ kind: 'USAGE', label: 'By use', meter, model: 'FLAT', tiers: [{ unitPrice: '0.05' }] }] })] }));
    expect(await offer(draft.productId, 'VESSELS')).toMatchObject({ __typename: 'Offer', plans: [{ components: [{ meter: 'VESSELS' }] }] });
    for (const [productId, meter] of [[draft.productId, 'MINUTES_STREAMED'], [listed.productId, 'VESSELS']] as const) {
      expect([meter, await offer(productId, meter)]).toEqual([meter, expect.objectContaining({ __typename: 'InvalidInput', fields: [expect.objectContaining({ path: 'plans.0.components.0.meter' })] })]);
    }
    expect((await offer(listed.productId, 'CALLS')).__typename).toBe('Offer');
  });

  it('what a vendor announces reaches every licensee, and nobody else', async () => {
    const { productId } = listed;
    await activeLicence(exchange, market, productId);
    const announce = (client: GraphClient, over: object = {}) => client.mutate('announceProduct', 'Announcement', 'id kind effectiveOn', { productId, kind: 'SCHEMA_CHANGE', text: 'teu becomes decimal', effectiveOn: '2027-01-01', ...over });
    expect(await announce(market.buyer)).toMatchObject({ __typename: 'NotFound' });
    expect(await announce(market.vendor, { effectiveOn: '2027-02-30' })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await announce(market.vendor)).toMatchObject({ __typename: 'Announcement', kind: 'SCHEMA_CHANGE', effectiveOn: '2027-01-01' });
    for (const kind of ['UPDATED', 'DELAYED', 'DEPRECATION']) await done(market.vendor, 'announceProduct', 'Announcement', 'id', { productId, kind, text: 'as announced' });
    await exchange.drain();
    await exchange.drain();
    type Told = { notices: { nodes: { kind: string; text: string; details: string }[] } };
    const told = async (client: GraphClient): Promise<string[]> => (await client.ask<Told>('query($id: ID!) { notices(objectId: $id) { nodes { kind text details } } }', { id: productId })).notices.nodes.map((n) => `${n.kind} ${n.text}`);
    expect(await told(market.buyer)).toEqual(['DEPRECATION as announced', 'DELAYED as announced', 'UPDATED as announced', 'SCHEMA_CHANGE teu becomes decimal']);
    expect(await told(market.vendor)).toEqual([]);
    const { announcements } = await market.buyer.ask<{ announcements: { nodes: { kind: string }[] } }>('query($id: ID!) { announcements(productId: $id, first: 2) { nodes { kind } } }', { id: productId });
    expect(announcements.nodes.map((a) => a.kind)).toEqual(['DEPRECATION', 'DELAYED']);
    const draft = await draftProduct(market, []);
    expect(await announce(market.vendor, { productId: draft.productId })).toMatchObject({ __typename: 'StateConflict' });
    expect(await market.buyer.ask('query($id: ID!) { announcements(productId: $id) { nodes { kind } } }', { id: draft.productId })).toEqual({ announcements: null });
    const more = await Promise.all(Array.from({ length: 20 }, () => announce(market.vendor)));
    expect(more.filter((m) => m.__typename === 'Announcement')).toHaveLength(16);
  });

  it('counts who looks, asks and buys, and shows the vendor how many, never who', async () => {
    const { productId } = await listedProduct(exchange, market, [csvFile(500)]);
    type Funnel = { productFunnel: { month: string; views: string; samples: string; requests: string; trades: string }[] | null };
    const funnel = async (client: GraphClient): Promise<Funnel['productFunnel']> => (await client.ask<Funnel>('query($id: ID!) { productFunnel(productId: $id) { month views samples requests trades } }', { id: productId })).productFunnel;
    const open = (client: GraphClient) => client.ask('query($id: ID!) { product(id: $id) { id } }', { id: productId });
    await Promise.all(Array.from({ length: 30 }, () => open(market.buyer)));
    for (const own of [market.vendor, market.officer]) await open(own);
    for (const client of [market.buyer, market.vendor]) await client.ask('query($id: ID!) { product(id: $id) { datasets { sample { columns } } } }', { id: productId });
    await activeLicence(exchange, market, productId);
    await exchange.drain();
    expect(await funnel(market.vendor)).toEqual([{ month: `${new Date().toISOString().slice(0, 7)}-01`, views: '31', samples: '1', requests: '1', trades: '1' }]);
    await exchange.drain();
    expect((await funnel(market.vendor))![0]).toMatchObject({ views: '31', trades: '1' });
    expect([await funnel(market.buyer), await funnel(market.officer)]).toEqual([null, null]);
    const { rows } = { rows: (await exchange.owner.query(`select column_name as name from information_schema.columns where table_schema = 'catalog' and table_name = 'product_funnel'`)) as { name: string }[] };
    expect(rows.map((r) => r.name).sort()).toEqual(['month', 'product_id', 'requests', 'samples', 'trades', 'views']);
  });
});
