import { randomUUID } from 'node:crypto';
import { LIMITS, WorkerRuntime } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, draftProduct, join, type Market, offerOf, openMarket, opinion, submitted } from './support/market.js';

interface Saved { id: string; name: string; matches: number; newMatches: number; lastNotifiedAt: string | null; criteria: Record<string, unknown> }
type Told = { text: string; details: string; createdAt: string };
const FIELDS = 'id name matches newMatches lastNotifiedAt';
const FILE = csvFile(500);

describe('saved searches', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let rival: GraphClient;
  let buyerId: string;
  let rivalId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    rival = await exchange.client('rival');
    rivalId = await join(market.officer, rival, 'Harbour Traders', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
  });
  afterAll(() => exchange.close());

  const drafted = async (title: string, named: readonly string[] = []): Promise<Draft> => {
    const draft = await draftProduct(market, [FILE]);
    await done(market.vendor, 'updateProduct', 'Product', 'id', { productId: draft.productId, title });
    if (named.length) await done(market.vendor, 'setProductAudience', 'Product', 'id', { productId: draft.productId, organisationIds: named });
    return draft;
  };
  /** Through the gate, up to the vendor's last word. */
  const certified = async (title: string, named: readonly string[] = []): Promise<string> => {
    const draft = await drafted(title, named);
    const { productId } = draft;
    await submitted(exchange, market, draft, [FILE]);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId });
    return productId;
  };
  const list = (productId: string) => done(market.vendor, 'listProduct', 'Product', 'id', { productId, reason: 'ready' });
  const listed = async (title: string, named: readonly string[] = []): Promise<string> => {
    const productId = await certified(title, named);
    await list(productId);
    return productId;
  };
  const save = (search: object, client = market.buyer, name = 'Watch'): Promise<Saved> => done<Saved>(client, 'saveSearch', 'SavedSearch', FIELDS, { name, search });
  const all = async (client = market.buyer): Promise<Saved[]> => (await client.ask<{ savedSearches: { nodes: Saved[] } }>(`{ savedSearches(first: 100) { nodes { ${FIELDS} criteria { text themes origins vendorIds freshness } } } }`)).savedSearches.nodes;
  const told = async ({ id }: { id: string }, client = market.buyer): Promise<string[][]> =>
    (await client.ask<{ notices: { nodes: Told[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [SEARCH_MATCHED]) { nodes { text details createdAt } } }', { id })).notices.nodes.map((n) => (JSON.parse(n.details) as { productIds: string[] }).productIds);
  const works = async (): Promise<void> => {
    clock.advance(61);
    await exchange.drain();
  };

  it('tell of what becomes visible from then on, once, also when it rests and resumes', async () => {
    const before = await listed('Lighthouse inventory');
    await works();
    const search = await save({ text: 'LIGHTHOUSE', themes: ['TRAN'] });
    const other = await save({ text: 'lighthouse', themes: ['ECON'] });
    const productId = await listed('灯塔 Lighthouse keepers');
    await works();
    expect([await told(search), await told(other)]).toEqual([[[productId]], []]);
    for (const [by, act] of [[market.officer, 'suspendProduct'], [market.officer, 'reinstateProduct']] as const) for (const id of [productId, before]) await done(by, act, 'Product', 'id', { productId: id, reason: 'a test' });
    await works();
    // What is listed grows: it is found as it was before.
    await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(before));
    await works();
    expect([await told(search), await told(other)]).toEqual([[[productId]], []]);
    const saved = (await all()).find((s) => s.id === search.id);
    expect(saved).toMatchObject({ matches: 1, newMatches: 1, criteria: { text: 'LIGHTHOUSE', themes: ['TRAN'], origins: [], freshness: null } });
    expect(Date.parse(saved!.lastNotifiedAt!)).toBeLessThanOrEqual(clock.now().getTime());
    expect((await all()).find((s) => s.id === other.id)).toMatchObject({ matches: 0, lastNotifiedAt: null });
    expect(await done<Saved>(market.buyer, 'markSavedSearchRead', 'SavedSearch', FIELDS, { savedSearchId: search.id })).toMatchObject({ matches: 1, newMatches: 0 });
    const found = await market.buyer.ask<{ savedSearchMatches: { nodes: { id: string; title: string }[] } }>('query($id: ID!) { savedSearchMatches(savedSearchId: $id) { nodes { id title } } }', { id: search.id });
    expect(found.savedSearchMatches.nodes).toEqual([{ id: productId, title: '灯塔 Lighthouse keepers' }]);
  });

  it('tell of a private product those alone who are named, and each when he is', async () => {
    const [mine, theirs, ofAssessor] = await Promise.all([save({ text: 'kraken' }), save({ text: 'kraken' }, rival), save({ text: 'kraken' }, await exchange.client('assessor'))]);
    const productId = await listed('Kraken sightings', [buyerId]);
    await works();
    expect([await told(mine), await told(theirs, rival), await told(ofAssessor, await exchange.client('assessor'))]).toEqual([[[productId]], [], []]);
    expect(await exchange.owner.query('select count(*)::int as n from catalog.saved_search_match where saved_search_id = $1', [theirs.id])).toEqual([{ n: 0 }]);
    await done(market.vendor, 'setProductAudience', 'Product', 'id', { productId, organisationIds: [buyerId, rivalId] });
    await works();
    expect([await told(mine), await told(theirs, rival)]).toEqual([[[productId]], [[productId]]]);
    await done(market.vendor, 'setProductAudience', 'Product', 'id', { productId });
    await works();
    expect([await told(mine), await told(theirs, rival), await told(ofAssessor, await exchange.client('assessor'))]).toEqual([[[productId]], [[productId]], [[productId]]]);
    // Named while it rests: told when it goes on.
    const resting = await listed('Kraken nests', [buyerId]);
    await done(market.officer, 'suspendProduct', 'Product', 'id', { productId: resting, reason: 'a test' });
    await works();
    await done(market.vendor, 'setProductAudience', 'Product', 'id', { productId: resting, organisationIds: [buyerId, rivalId] });
    await works();
    expect([await told(mine), await told(theirs, rival)]).toEqual([[[productId]], [[productId]]]);
    await done(market.officer, 'reinstateProduct', 'Product', 'id', { productId: resting, reason: 'it is over' });
    await works();
    expect([(await told(mine)).flat(), (await told(theirs, rival)).flat()]).toEqual([[resting, productId], [resting, productId]]);
  });

  it('find what the search finds, and nothing else', async () => {
    const searches = [
      { text: 'ferry' }, { text: 'ferry Timetables' }, { text: '渡轮 时刻表' }, { text: '渡轮' }, { text: 'ferri' }, { text: "'ferry' | x" }, { themes: ['TRAN'], text: 'ferry' }, { themes: ['ECON', 'TRAN'] }, { themes: ['ECON'] }, { origins: ['CN'] }, { origins: ['SG'] },
      { vendorIds: [market.vendorId], freshness: 'MONTH' }, { vendorIds: [market.vendorId], freshness: 'OLDER' }, { levels: ['GENERAL'], formats: ['text/csv'] }, { levels: ['CORE'] }, { priceModels: ['ONE_OFF'], text: 'ferry' }, { languages: ['xx'] }, { deliveryMethods: ['HTTP_DOWNLOAD'], text: 'lingang' },
    ];
    const saved = await Promise.all(searches.map((s) => save(s)));
    const productId = await listed('Ferry timetables 渡轮时刻表');
    const compare = async (): Promise<void> => {
      await works();
      const found = await Promise.all(searches.map(async (search) => (await market.buyer.ask<{ searchProducts: { corrected: string | null; nodes: { id: string }[] } }>('query($search: SearchInput!) { searchProducts(search: $search, first: 100) { corrected nodes { id } } }', { search })).searchProducts));
      for (const [i, { corrected, nodes }] of found.entries()) {
        // A word that is mistyped is watched as it was typed.
        expect([searches[i], (await told(saved[i]!)).flat().includes(productId)]).toEqual([searches[i], corrected === null && nodes.some((n) => n.id === productId)]);
      }
    };
    await compare();
    expect((await told(saved[15]!)).flat()).toEqual([]);
    // It is priced later: only then does it match.
    await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    await compare();
    expect((await told(saved[15]!)).flat()).toEqual([productId]);
  });

  it('are told once by several workers, and by one that died in the middle', async () => {
    const search = await save({ text: 'meteorite' });
    await exchange.owner.query(`create function public.no_notice() returns trigger language plpgsql as $$ begin raise exception 'the process died'; end $$; create trigger dies before insert on identity.notice for each row execute function public.no_notice()`);
    const first = await listed('Meteorite falls').catch((error: Error) => error.message);
    clock.advance(61);
    await expect(exchange.drain()).rejects.toThrow('the process died');
    expect([typeof first, await told(search)]).toEqual(['string', []]);
    await exchange.owner.query('drop trigger dies on identity.notice; drop function public.no_notice()');
    const beside = await startExchange({ clock, beside: exchange });
    const more = [first as string, ...(await Promise.all(Array.from({ length: 4 }, (_, i) => certified(`Meteorite ${i}`))))];
    await Promise.all(more.slice(1).map(list));
    clock.advance(61);
    await Promise.all([exchange, beside].flatMap(({ app }) => [app.get(WorkerRuntime).drain(), app.get(WorkerRuntime).drain()]));
    await works();
    expect((await told(search)).flat().sort()).toEqual([...more].sort());
    await beside.close();
    expect((await all()).find((s) => s.id === search.id)).toMatchObject({ matches: 5, newMatches: 5 });
  });

  it('of thousands of organisations are all told, in batches, and a vendor not of his own', async () => {
    const own = await save({ text: 'monsoon' }, market.vendor);
    await exchange.owner.query(
      `with s as (insert into catalog.saved_search (id, organisation_id, name, request, query, created_at) select gen_random_uuid(), gen_random_uuid(), 'Many', '{"text": "monsoon", "filters": [], "freshness": null}', '''monsoon''', now() from generate_series(1, 1200) returning id, organisation_id)
       insert into catalog.saved_search_needle (lexeme, saved_search_id, organisation_id) select 'monsoon', id, organisation_id from s`);
    const productId = await listed('Monsoon onset');
    await works();
    expect(await exchange.owner.query(`select count(*)::int as n, count(distinct organisation_id)::int as organisations from identity.notice where text like 'Many: %' and details -> 'productIds' ->> 0 = $1`, [productId])).toEqual([{ n: 1200, organisations: 1200 }]);
    expect([await told(own, market.vendor), await exchange.owner.query('select count(*)::int as n from catalog.product_to_match')]).toEqual([[], [{ n: 0 }]]);
  });

  it('come with the next notice where much is found at once', async () => {
    const search = await save({ text: 'typhoon' });
    const first = await listed('Typhoon tracks');
    await works();
    const second = await certified('Typhoon damages');
    await list(second);
    await exchange.drain();
    const third = await certified('Typhoon names');
    await list(third);
    await exchange.drain();
    expect(await told(search)).toEqual([[first]]);
    // Gone before it was told of: not told of.
    await done(market.officer, 'suspendProduct', 'Product', 'id', { productId: third, reason: 'a test' });
    await works();
    expect(await told(search)).toEqual([[second], [first]]);
    await done(market.officer, 'reinstateProduct', 'Product', 'id', { productId: third, reason: 'it is over' });
    await works();
    expect(await told(search)).toEqual([[third], [second], [first]]);
  });

  it('are an organisation\'s own: kept, renamed and deleted by it alone, also by a machine, and not without end', async () => {
    const { secret } = await done<{ secret: string }>(rival, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'watch', scopes: ['CATALOG_WATCH'], expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString() });
    const machine = new GraphClient(exchange.url, secret);
    const search = await save({ origins: ['CN'], text: 'tides' }, machine, 'Tides');
    expect((await all(machine))[0]).toMatchObject({ id: search.id, name: 'Tides', criteria: { origins: ['CN'] } });
    expect(await done<Saved>(machine, 'renameSavedSearch', 'SavedSearch', 'name', { savedSearchId: search.id, name: 'Ebb' })).toMatchObject({ name: 'Ebb' });
    for (const [act, over] of [['renameSavedSearch', { name: 'x' }], ['markSavedSearchRead', {}], ['deleteSavedSearch', {}]] as const) expect(await market.buyer.mutate(act, 'SavedSearch', 'id', { savedSearchId: search.id, ...over })).toMatchObject({ __typename: 'NotFound' });
    expect(await market.buyer.ask('query($id: ID!) { savedSearchMatches(savedSearchId: $id) { nodes { id } } }', { id: search.id })).toEqual({ savedSearchMatches: null });
    for (const nothing of [{}, { text: '--' }, { freshness: 'MONTH' }, { themes: [] }]) expect([nothing, (await machine.mutate('saveSearch', 'SavedSearch', 'id', { name: 'All', search: nothing })).code]).toEqual([nothing, 'catalog.saved_search']);
    expect((await machine.mutate('saveSearch', 'SavedSearch', 'id', { name: 'Odd', search: { themes: ['a\u0000b'] } })).__typename).toBe('InvalidInput');
    expect(await done(machine, 'deleteSavedSearch', 'SavedSearch', 'id', { savedSearchId: search.id })).toMatchObject({ id: search.id });
    await listed('Tides of Lingang');
    await works();
    expect(await told(search, rival)).toEqual([]);
    const kept = (await all(rival)).length;
    await exchange.owner.query(
      `insert into catalog.saved_search (id, organisation_id, name, request, query, created_at) select gen_random_uuid(), $1, 'Full', '{"text": "x", "filters": [], "freshness": null}', '''x''', now() from generate_series(1, $2::int)`, [rivalId, LIMITS.savedSearches - kept - 2]);
    const tries = await Promise.all(Array.from({ length: 6 }, () => rival.mutate('saveSearch', 'SavedSearch', 'id', { name: randomUUID(), search: { text: 'one more' } })));
    expect([tries.filter((t) => t.__typename === 'SavedSearch').length, tries.find((t) => t.__typename !== 'SavedSearch')]).toMatchObject([2, { __typename: 'StateConflict', code: 'catalog.saved_search' }]);
  });
});
