import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { KEY_SCOPES, PERMISSIONS, TRADER_ROLES } from '../libs/identity/src/domain/permissions.js';
import { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, draftProduct, hire, listDraft, listedProduct, type Market, offerOf, openMarket } from './support/market.js';
import { order, playTrade } from './support/trade.js';

/** What a person must do himself. */
const OF_PERSONS = ['contracts:sign', 'contracts:sign-offer', 'delivery:manage-access'];
/** Lists that need nothing to narrow them down by: an organisation's own set-up, and documents of the exchange. */
const SHORT = ['apiKeys', 'credentialIssuers', 'credentials', 'gateRulebooks', 'invitations', 'lawDocuments', 'lawInForce', 'mandates', 'members', 'savedSearches', 'screenings', 'webhookEndpoints'];
/** Lists that another one filters. */
const FOUND_BY: Readonly<Record<string, string>> = { products: 'searchProducts' };

describe('machines trade with API keys alone', () => {
  let exchange: TestExchange;
  let market: Market;
  let machines: Market;
  let people: Market;

  beforeAll(async () => {
    exchange = await startExchange();
    people = await openMarket(exchange);
    const machine = async (of: GraphClient): Promise<GraphClient> => {
      const scopes = KEY_SCOPES.map((act) => act.replace(/[:-]/g, '_').toUpperCase());
      const { secret } = await done<{ secret: string }>(of, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'machine', scopes, expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
      return new GraphClient(exchange.url, secret);
    };
    market = people;
    machines = { ...people, vendor: await machine(people.vendor), buyer: await machine(people.buyer) };
  });
  afterAll(() => exchange.close());

  it('from the draft of a product to the certificate of its trade', async () => {
    const settler = await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER');
    const trade = await playTrade(exchange, machines, settler);
    expect(trade.states).toEqual(['payTrade SUCCEEDED', 'acceptTrade ACCEPTED', 'payTrade SUCCEEDED', 'acceptTrade ACCEPTED', 'runClearing CLOSED']);
    for (const machine of [machines.vendor, machines.buyer]) {
      expect(await machine.ask('query($id: ID!) { certificate(tradeId: $id) { jws } }', { id: trade.purchaseId })).toEqual({ certificate: { jws: expect.any(String) } });
    }
  });

  it('may do every act of a trader but those that a person must do himself', () => {
    const traders = (Object.entries(PERMISSIONS) as [string, (typeof PERMISSIONS)[keyof typeof PERMISSIONS]][]).filter(([act, p]) => !/^(identity|compliance):/.test(act) && p.roles.some((r) => (TRADER_ROLES as readonly string[]).includes(r)));
    expect(traders.length).toBeGreaterThan(15);
    expect(traders.filter(([, p]) => !p.key).map(([act]) => act)).toEqual(OF_PERSONS);
  });

  it('every list pages, and filters where it can grow', async () => {
    const queries = buildSchema(await readFile('schema.graphql', 'utf8')).getQueryType()!.getFields();
    const lists = Object.values(queries).filter((f) => /Connection!?$/.test(String(f.type)));
    expect(lists.length).toBeGreaterThan(40);
    expect(lists.filter((f) => !['first', 'after'].every((name) => f.args.some((a) => a.name === name))).map((f) => f.name)).toEqual([]);
    expect(lists.filter((f) => f.args.every((a) => ['first', 'after'].includes(a.name))).map((f) => f.name).sort()).toEqual([...SHORT, ...Object.keys(FOUND_BY)].sort());
    for (const by of Object.values(FOUND_BY)) expect(queries[by]!.args.map((a) => a.name)).toEqual(expect.arrayContaining(['first', 'after', 'search', 'sort']));
  });

  describe('and find what they look for', () => {
    const ids = async (client: GraphClient, list: string, args: string, values: object = {}, types = ''): Promise<string[]> => {
      const answer = await client.ask<Record<string, { nodes: { id: string }[] }>>(`query${types} { ${list}(first: 50${args}) { nodes { id } } }`, values as Record<string, unknown>);
      return answer[list]!.nodes.map((n) => n.id);
    };
    let deals: { productId: string; agreementId: string; licenceId: string }[];
    let buyerId: string;

    beforeAll(async () => {
      deals = [];
      for (let i = 0; i < 2; i++) {
        const { productId } = await listedProduct(exchange, machines, [csvFile(100)]);
        const { id: offerId } = await done(machines.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
        deals.push({ productId, ...(await order(exchange, machines, offerId)) });
      }
      ({ me: { organisation: { id: buyerId } } } = await people.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }'));
    });

    it.each(['agreements', 'licences'])('%s by product, side and counterparty', async (list) => {
      const [first, second] = deals as [typeof deals[0], typeof deals[0]];
      const idOf = (d: typeof first): string => (list === 'agreements' ? d.agreementId : d.licenceId);
      expect(await ids(machines.buyer, list, ', productId: $p', { p: first.productId }, '($p: ID!)')).toEqual([idOf(first)]);
      const bought = await ids(machines.buyer, list, ', side: BUYER');
      expect(bought.slice(0, 2)).toEqual([idOf(second), idOf(first)]);
      expect(await ids(machines.buyer, list, ', side: VENDOR')).toEqual([]);
      expect(await ids(machines.vendor, list, ', side: VENDOR')).toEqual(bought);
      expect(await ids(machines.vendor, list, ', counterpartyId: $c', { c: buyerId }, '($c: ID!)')).toEqual(bought);
      expect(await ids(machines.vendor, list, ', counterpartyId: $c', { c: market.assessorId }, '($c: ID!)')).toEqual([]);
    });

    it('licences by state, page by page', async () => {
      expect(await ids(machines.buyer, 'licences', ', state: PENDING')).toEqual(deals.map((d) => d.licenceId).reverse());
      expect(await ids(machines.buyer, 'licences', ', state: TERMINATED')).toEqual([]);
      const page = 'query($after: String) { licences(first: 1, state: PENDING, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }';
      type Page = { licences: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
      const { licences: one } = await machines.buyer.ask<Page>(page);
      const { licences: two } = await machines.buyer.ask<Page>(page, { after: one.pageInfo.endCursor });
      expect([one.nodes[0]!.id, one.pageInfo.hasNextPage, two.nodes[0]!.id, two.pageInfo.hasNextPage]).toEqual([deals[1]!.licenceId, true, deals[0]!.licenceId, false]);
    });

    it('own products by state', async () => {
      const { productId } = await draftProduct(machines, []);
      expect(await ids(machines.vendor, 'myProducts', ', state: DRAFT')).toEqual([productId]);
      expect(await ids(machines.vendor, 'myProducts', ', state: LISTED')).toEqual(expect.arrayContaining(deals.map((d) => d.productId)));
    });

    it('what is offered to them by name, by product and vendor', async () => {
      const [{ productId }, other] = deals as [typeof deals[0], typeof deals[0]];
      const { id } = await done(machines.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { title: 'For you', forOrganisations: [buyerId], validUntil: new Date(Date.now() + 86_400_000).toISOString() }));
      expect(await ids(machines.buyer, 'offersToMe', ', productId: $p', { p: productId }, '($p: ID!)')).toEqual([id]);
      expect(await ids(machines.buyer, 'offersToMe', ', productId: $p', { p: other.productId }, '($p: ID!)')).toEqual([]);
      expect(await ids(machines.buyer, 'offersToMe', ', vendorId: $v', { v: market.vendorId }, '($v: ID!)')).toEqual([id]);
      expect(await ids(machines.buyer, 'offersToMe', ', vendorId: $v', { v: buyerId }, '($v: ID!)')).toEqual([]);
    });

    it('products for them alone, by vendor', async () => {
      const files = [csvFile(100)];
      const draft = await draftProduct(machines, files);
      await done(machines.vendor, 'setProductAudience', 'Product', 'id', { productId: draft.productId, organisationIds: [buyerId] });
      await listDraft(exchange, machines, draft, files);
      expect(await ids(machines.buyer, 'productsForUs', ', vendorId: $v', { v: market.vendorId }, '($v: ID!)')).toEqual([draft.productId]);
      expect(await ids(machines.buyer, 'productsForUs', ', vendorId: $v', { v: buyerId }, '($v: ID!)')).toEqual([]);
    });
  });
});
