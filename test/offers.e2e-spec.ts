import { withScope } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, join, listedProduct, type Market, offerOf, openMarket, orderOf, paidOnce, perUnit, planOf } from './support/market.js';
import { download, order } from './support/trade.js';

const DAY = 86_400;
const NOBODY = '0191d5a0-0000-7000-8000-000000000000';
const monthly = (amountMinor: string, over: object = {}): Record<string, unknown> => planOf({ label: 'Monthly', duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Access', amountMinor }], ...over });
interface Traded { id: string; kind: string; state: string; net: { minor: string } }

describe('offers and their prices', () => {
  const clock = new TestClock();
  const file = csvFile(2_000);
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let other: GraphClient;
  let buyerId: string;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [file]);
    other = await exchange.client('other');
    await join(market.officer, other, 'Other Analytics', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
  });
  afterAll(() => exchange.close());

  /** Days go by; tokens do not last so long. */
  const pass = async (days: number): Promise<void> => {
    clock.advance(days * DAY);
    const [vendor, buyer] = await Promise.all([exchange.client('vendor'), exchange.client('buyer')]);
    [market, other] = [{ ...market, vendor, buyer }, await exchange.client('other')];
  };
  const inDays = (days: number): string => new Date(clock.now().getTime() + days * DAY * 1_000).toISOString();
  const offer = async (plans: object[], over: object = {}): Promise<{ id: string; plans: { id: string }[] }> => done(market.vendor, 'createOffer', 'Offer', 'id plans { id }', offerOf(product.productId, { plans, ...over }));
  const refused = (plans: object[], over: object = {}) => market.vendor.mutate('createOffer', 'Offer', 'id', offerOf(product.productId, { plans, ...over }));
  const prices = async () => (await exchange.owner.query('select price_models, price_currencies, lowest_price_minor from catalog.product where id = $1', [product.productId]) as unknown[])[0];
  const trades = async (agreementId: string): Promise<Traded[]> => {
    const { trades: page } = await market.buyer.ask<{ trades: { nodes: (Traded & { agreementId: string })[] } }>('{ trades(first: 100) { nodes { id kind state agreementId net { minor } } } }');
    return page.nodes.filter((t) => t.agreementId === agreementId).reverse();
  };
  const licence = async (id: string) => (await market.buyer.ask<{ licence: { state: string; validUntil: string; paidFrom: string; cancelledAt: string | null; priceChanges: object[] } }>('query($id: ID!) { licence(id: $id) { state validUntil paidFrom cancelledAt priceChanges { effectiveOn plan { label } } } }', { id })).licence;
  const bought = async (offerId: string): Promise<{ agreementId: string; licenceId: string }> => {
    const agreed = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: agreed.purchaseId });
    return agreed;
  };
  /** A licence that begins without money has no purchase to wait for. */
  const taken = async (offerId: string, planId?: string) => {
    const agreement = await done<{ id: string; licence: { id: string } }>(market.buyer, 'placeOrder', 'Agreement', 'id licence { id }', { ...orderOf(offerId), ...(planId ? { planId } : {}) });
    await exchange.drain();
    return { agreementId: agreement.id, licenceId: agreement.licence.id };
  };

  describe('for named organisations', () => {
    let named: string;
    beforeAll(async () => {
      await exchange.drain();
      ({ id: named } = await offer([planOf({ label: 'For you', components: [paidOnce('7')] })], { forOrganisations: [buyerId], validUntil: inDays(3) }));
    });
    const see = (client: GraphClient) => client.ask<{ offer: object | null; quote: object | null; offersToMe: { nodes: { id: string }[] }; product: { offers: { id: string }[]; offersToMe: { id: string }[] } }>(
      'query($id: ID!, $product: ID!, $quote: QuoteInput!) { offer(id: $id) { id audience forOrganisations } quote(input: $quote) { ... on Quote { total { minor } } } offersToMe { nodes { id } } product(id: $product) { offers { id } offersToMe { id } } }', { id: named, product: product.productId, quote: { offerId: named } });
    const preview = (client: GraphClient, offerId: string) => client.ask('query($input: PlaceOrderInput!) { previewOrder(input: $input) { __typename ... on Problem { code message } ... on OrderPreview { quote { total { minor } } } } }', { input: orderOf(offerId) });

    it('are seen and taken by those alone; to others they are like none at all, whichever way they ask', async () => {
      expect(await see(other)).toEqual({ offer: null, quote: null, offersToMe: { nodes: [] }, product: { offers: expect.not.arrayContaining([{ id: named }]) as object, offersToMe: [] } });
      for (const client of [other]) {
        expect(await preview(client, named)).toEqual(await preview(client, NOBODY));
        expect(await client.mutate('placeOrder', 'Agreement', 'id', orderOf(named))).toEqual(await client.mutate('placeOrder', 'Agreement', 'id', orderOf(NOBODY)));
        expect(await client.mutate('withdrawOffer', 'Offer', 'id', { offerId: named })).toEqual(await client.mutate('withdrawOffer', 'Offer', 'id', { offerId: NOBODY }));
      }
      expect(await see(market.buyer)).toEqual({ offer: { id: named, audience: 'NAMED', forOrganisations: null }, quote: { total: { minor: '7' } }, offersToMe: { nodes: [{ id: named }] }, product: { offers: expect.not.arrayContaining([{ id: named }]) as object, offersToMe: [{ id: named }] } });
      expect(await preview(market.buyer, named)).toEqual({ previewOrder: { __typename: 'OrderPreview', quote: { total: { minor: '7' } } } });
      expect((await see(market.vendor)).offer).toEqual({ id: named, audience: 'NAMED', forOrganisations: [buyerId] });
      expect(await market.vendor.ask('query($p: ID!) { offers(state: ACTIVE, productId: $p) { nodes { id forOrganisations } } }', { p: product.productId })).toMatchObject({ offers: { nodes: expect.arrayContaining([{ id: named, forOrganisations: [buyerId] }]) as object } });
      expect((await order(exchange, market, named)).licenceId).toBeTruthy();
    });

    it('stand behind the second wall too: a wrong query of another organisation finds nothing', async () => {
      const wrong = { name: 'test.offer', text: 'select count(*)::int as n from contracts.offer where id = $1' };
      const idOf = async (client: GraphClient): Promise<string> => (await client.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
      const seen = (tenantId: string | null) => withScope({ reach: tenantId ? 'tenant' : 'none', tenantId, subject: 'test' }, async () => (await exchange.database.query<{ n: number }>(wrong, [named]))[0]!.n);
      expect(await Promise.all([seen(buyerId), seen(market.vendorId), seen(await idOf(other)), seen(null)])).toEqual([1, 1, 0, 0]);
    });

    it('leave no trace in what search knows of prices', async () => expect(await prices()).toEqual({ price_models: [], price_currencies: [], lowest_price_minor: [] }));

    it('end, and then are gone for those they were made to as well', async () => {
      await pass(3);
      expect((await see(market.buyer)).offer).toBeNull();
      expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(named))).toMatchObject({ __typename: 'StateConflict', code: 'contracts.offer_closed' });
    });

    it.each<[string, object]>([
      ['forOrganisations.0', { forOrganisations: [NOBODY], validUntil: '2100-01-01T00:00:00Z' }], ['validUntil', {}],
    ])('are refused at %s', async (path, over) => expect(await refused([planOf()], { forOrganisations: [buyerId], ...over })).toMatchObject({ code: 'contracts.audience', fields: [{ path }] }));
  });

  it('quote says line by line what a plan comes to, for whoever may see the offer', async () => {
    const { id: offerId, plans: [, yearly] } = await offer([monthly('5000'), planOf({ label: 'Tiers', currency: 'CNY', duration: 'P1Y', period: 'P1M', components: [paidOnce('10000'), { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', model: 'GRADUATED', freeQuota: '10', tiers: [{ upTo: '100', unitPrice: '0.25' }, { unitPrice: '0.2' }] }], minimumCommitmentMinor: '3000' })]);
    const quote = (input: object) => market.buyer.ask('query($input: QuoteInput!) { quote(input: $input) { __typename ... on Problem { code } ... on Quote { total { formatted } dueAtStart { minor } lines { kind meter quantity times amount { minor } parts { kind from to quantity unitPrice amount } texts } } } }', { input: { offerId, ...input } });
    expect(await quote({ planId: yearly!.id, usage: [{ meter: 'DOWNLOADS', quantity: '115' }], periods: 2 })).toEqual({ quote: {
      __typename: 'Quote', total: { formatted: 'CNY 160.00' }, dueAtStart: { minor: '10000' }, lines: [
        { kind: 'ONE_OFF', meter: null, quantity: '1', times: '1', amount: { minor: '10000' }, parts: [{ kind: 'FLAT_FEE', from: '1', to: '1', quantity: '1', unitPrice: '100', amount: '100' }], texts: ['Licence: CNY 100.00', 'Licence：CNY 100.00'] },
        { kind: 'USAGE', meter: 'DOWNLOADS', quantity: '115', times: '2', amount: { minor: '2600' }, parts: [
          { kind: 'FREE', from: '1', to: '10', quantity: '10', unitPrice: '0', amount: '0' }, { kind: 'UNITS', from: '11', to: '110', quantity: '100', unitPrice: '0.25', amount: '25' }, { kind: 'UNITS', from: '111', to: '115', quantity: '5', unitPrice: '0.2', amount: '1' },
        ], texts: ['Downloads: 115 downloads, 1 to 10 free; 11 to 110 × 0.25 = 25; 111 to 115 × 0.2 = 1; CNY 26.00, in each of 2 periods', 'Downloads：115 次下载，第 1 至 10 免费；第 11 至 110 × 0.25 = 25；第 111 至 115 × 0.2 = 1；CNY 26.00，共 2 期'] },
        { kind: 'COMMITMENT', meter: null, quantity: '1', times: '2', amount: { minor: '400' }, parts: [{ kind: 'FLAT_FEE', from: '1', to: '1', quantity: '1', unitPrice: '4', amount: '4' }], texts: ['what is missing to the minimum of the period: CNY 4.00, in each of 2 periods', '本期最低承诺的差额：CNY 4.00，共 2 期'] },
      ],
    } });
    expect(await quote({ planId: NOBODY })).toEqual({ quote: { __typename: 'InvalidInput', code: 'contracts.plan' } });
    expect(await quote({})).toEqual({ quote: { __typename: 'InvalidInput', code: 'contracts.plan' } });
    expect(await quote({ planId: yearly!.id, periods: 13 })).toEqual({ quote: { __typename: 'InvalidInput', code: 'contracts.quote' } });
    expect(await quote({ planId: yearly!.id, usage: [{ meter: 'DOWNLOADS', quantity: '999999999999999' }], periods: 12 })).toEqual({ quote: { __typename: 'InvalidInput', code: 'contracts.quote' } });
    expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(offerId))).toMatchObject({ __typename: 'InvalidInput', code: 'contracts.plan' });
    expect(await done(market.buyer, 'placeOrder', 'Agreement', 'plan { id label quote { total { minor } } }', { ...orderOf(offerId), planId: yearly!.id })).toMatchObject({ plan: { id: yearly!.id, label: 'Tiers' } });
    expect(await prices()).toEqual({ price_models: ['ONE_OFF', 'RECURRING', 'USAGE'], price_currencies: ['CNY', 'SGD'], lowest_price_minor: ['13000', '5000'] });
    await done(market.vendor, 'withdrawOffer', 'Offer', 'id', { offerId });
    expect(await prices()).toEqual({ price_models: [], price_currencies: [], lowest_price_minor: [] });
  });

  it.each<[string, object]>([
    ['plans.0.components.0.tiers.1', planOf({ components: [{ kind: 'USAGE', label: 'D', meter: 'DOWNLOADS', model: 'VOLUME', tiers: [{ upTo: '10', unitPrice: '1' }, { unitPrice: '0.5' }] }] })],
    ['plans.0.components.0.meter', planOf({ components: [{ kind: 'ONE_OFF', label: 'L', amountMinor: '1', meter: 'BYTES' }] })], ['plans.0.components.0.minor', planOf({ components: [{ kind: 'ONE_OFF', label: 'L' }] })],
    ['plans.0.period', planOf({ duration: 'P1Y', period: 'P30D' })], ['plans.0.currency', planOf({ currency: 'XAU' })],
  ])('a plan is refused at %s', async (path, plan) => expect(await refused([plan])).toMatchObject({ __typename: 'InvalidInput', code: 'contracts.plan', fields: [{ path }] }));

  it('what is really downloaded costs what the quote says, and the invoice says how', async () => {
    const tiers = { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', model: 'GRADUATED', freeQuota: '1', tiers: [{ upTo: '1', unitPrice: '2.5' }, { unitPrice: '1.255' }] };
    const { id: offerId } = await offer([planOf({ components: [paidOnce('100'), tiers] })]);
    const { licenceId } = await bought(offerId);
    for (let i = 0; i < 4; i++) await download(exchange, market.buyer, licenceId, product.assetIds[0]!);
    const { quote } = await market.buyer.ask<{ quote: { lines: { kind: string; amount: { minor: string } }[] } }>('query($input: QuoteInput!) { quote(input: $input) { ... on Quote { lines { kind amount { minor } } } } }', { input: { offerId, usage: [{ meter: 'DOWNLOADS', quantity: '4' }] } });
    const closed = await done(market.buyer, 'closeUsagePeriod', 'UsagePeriod', 'eventCount charges { period meter quantity net { minor } } trade { net { minor } } invoice { lines { description } }', { licenceId });
    const minor = quote.lines.find((l) => l.kind === 'USAGE')!.amount.minor;
    expect(minor).toBe('501');
    expect(closed).toMatchObject({ eventCount: 4, charges: [{ period: 0, meter: 'DOWNLOADS', quantity: '4', net: { minor } }], trade: { net: { minor } }, invoice: { lines: [{ description: 'Downloads: 4 downloads, 1 to 1 free; 2 to 2 × 2.5 = 2.5; 3 to 4 × 1.255 = 2.51; SGD 5.01' }] } });
  });

  it('what is free begins with the order, is delivered, and leaves nothing to pay', async () => {
    const { id: offerId } = await offer([planOf({ label: 'Open data', components: [] })]);
    const { agreementId, licenceId } = await taken(offerId);
    expect((await licence(licenceId)).state).toBe('ACTIVE');
    await download(exchange, market.buyer, licenceId, product.assetIds[0]!);
    expect(await market.buyer.mutate('closeUsagePeriod', 'UsagePeriod', 'id', { licenceId })).toMatchObject({ code: 'billing.nothing_to_bill' });
    expect(await market.buyer.mutate('cancelRenewal', 'Licence', 'id', { licenceId })).toMatchObject({ code: 'contracts.nothing_renews' });
    expect(await trades(agreementId)).toEqual([]);
    expect(await prices()).toMatchObject({ price_models: expect.arrayContaining(['FREE']) as object });
    await done(market.vendor, 'withdrawOffer', 'Offer', 'id', { offerId });
  });

  describe('a trial', () => {
    const trial = () => monthly('9000', { label: 'Try it', trial: { duration: 'P14D', quotas: [{ meter: 'DOWNLOADS', quantity: '1' }] } });
    it('costs nothing, is had once, and ends without a charge where it is cancelled', async () => {
      const { id: offerId, plans: [tried, plain] } = await offer([trial(), monthly('9000')]);
      const { agreementId, licenceId } = await taken(offerId, tried!.id);
      const begun = await licence(licenceId);
      expect(begun).toMatchObject({ state: 'ACTIVE', cancelledAt: null, paidFrom: inDays(14) });
      // So many downloads and no more, however many are asked for at once.
      const asked = await Promise.all([1, 2, 3].map(() => market.buyer.mutate<{ url: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] })));
      expect(asked.map((a) => a.code ?? 'granted').sort()).toEqual(['delivery.trial_quota', 'delivery.trial_quota', 'granted']);
      expect(await (await fetch(asked.find((a) => a.url)!.url)).text()).toBe(file.content.toString());
      await exchange.drain();
      expect(await market.buyer.mutate('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] })).toMatchObject({ __typename: 'StateConflict', code: 'delivery.trial_quota' });
      expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', { ...orderOf(offerId), planId: tried!.id })).toMatchObject({ __typename: 'StateConflict', code: 'contracts.trial_used' });
      expect(await other.mutate('cancelRenewal', 'Licence', 'id', { licenceId })).toMatchObject({ __typename: 'NotFound' });
      expect(await done(market.buyer, 'cancelRenewal', 'Licence', 'validUntil', { licenceId })).toEqual(expect.objectContaining({ validUntil: begun.paidFrom }));
      expect(await done(market.buyer, 'cancelRenewal', 'Licence', 'validUntil', { licenceId })).toEqual(expect.objectContaining({ validUntil: begun.paidFrom }));
      expect(await market.vendor.ask('query($id: ID!) { notices(objectId: $id) { nodes { kind } } }', { id: licenceId })).toEqual({ notices: { nodes: [{ kind: 'RENEWAL_CANCELLED' }] } });
      await pass(15);
      await exchange.drain();
      expect(await trades(agreementId)).toEqual([]);
      expect((await licence(licenceId)).state).toBe('EXPIRED');
      expect((await taken(offerId, plain!.id)).licenceId).toBeTruthy();
    });
  });

  describe('prices change', () => {
    const change = (offerId: string, input: object) => market.vendor.mutate('changePrice', 'Offer', 'id supersedesId opensAt plans { id }', { offerId, ...input });
    it('for new orders by another offer, and for running licences at the turn of a period, after a notice in time', async () => {
      const { id: offerId, plans: [old] } = await offer([monthly('1000')]);
      const { agreementId, licenceId } = await bought(offerId);
      const dearer = { plan: monthly('1500', { label: 'Dearer' }), replaces: [old!.id] };
      for (const [input, path] of [
        [{ plans: [dearer], subscribersFrom: inDays(29) }, 'subscribersFrom'], [{ plans: [dearer] }, 'subscribersFrom'], [{ plans: [{ plan: monthly('1') }], subscribersFrom: inDays(40) }, 'subscribersFrom'], [{ plans: [dearer], subscribersFrom: inDays(40), effectiveOn: inDays(-1) }, 'effectiveOn'],
        [{ plans: [{ ...dearer, plan: monthly('1500', { currency: 'CNY' }) }], subscribersFrom: inDays(40) }, 'plans.0.currency'], [{ plans: [{ ...dearer, replaces: [NOBODY] }], subscribersFrom: inDays(40) }, 'plans.0.replaces'], [{ plans: [dearer, dearer], subscribersFrom: inDays(40) }, 'plans.0.replaces'],
        [{ plans: [{ ...dearer, plan: monthly('1500', { components: [{ kind: 'RECURRING', label: 'A', amountMinor: '1' }, perUnit('1')] }) }], subscribersFrom: inDays(40) }, 'plans.0.components'],
      ] as const) expect([path, await change(offerId, input)]).toEqual([path, expect.objectContaining({ code: 'contracts.price_change', fields: [expect.objectContaining({ path })] })]);
      expect(await other.mutate('changePrice', 'Offer', 'id', { offerId, plans: [dearer], subscribersFrom: inDays(40) })).toMatchObject({ __typename: expect.stringMatching(/NotFound/) as string });

      const effectiveOn = inDays(5);
      const made = await done<{ id: string; supersedesId: string }>(market.vendor, 'changePrice', 'Offer', 'id supersedesId opensAt', { offerId, plans: [dearer], effectiveOn, subscribersFrom: inDays(32) });
      expect(made).toMatchObject({ supersedesId: offerId, opensAt: effectiveOn });
      expect(await change(offerId, { plans: [dearer], subscribersFrom: inDays(40) })).toMatchObject({ __typename: 'StateConflict' });
      const { notices } = await market.buyer.ask<{ notices: { nodes: { kind: string; details: string }[] } }>('query($id: ID!) { notices(objectId: $id) { nodes { kind details } } }', { id: offerId });
      expect(notices.nodes.map((n) => [n.kind, (JSON.parse(n.details) as { effectiveOn: string }).effectiveOn])).toEqual([['PRICE_CHANGES', inDays(32)]]);
      expect((await licence(licenceId)).priceChanges).toEqual([{ effectiveOn: inDays(32), plan: { label: 'Dearer' } }]);
      // Until then the old offer takes orders, and whoever takes it now is not bound by the change.
      expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(made.id))).toMatchObject({ code: 'contracts.offer_closed', current: 'NOT_OPEN' });
      const later = await bought(offerId);
      await pass(5);
      expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(offerId))).toMatchObject({ code: 'contracts.offer_closed', current: 'SUPERSEDED' });
      await exchange.drain();
      const months = async (days: number, times: number): Promise<void> => { for (let i = 0; i < times; i++) { await pass(days); await exchange.drain(); for (const id of [agreementId, later.agreementId]) for (const t of await trades(id)) if (t.state === 'AWAITING_PAYMENT') await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: t.id }); } };
      await months(27, 1);
      await months(31, 2);
      // The second period began before the day, the third after it.
      const [purchase, period] = ['PURCHASE', 'SUBSCRIPTION'];
      expect((await trades(agreementId)).map((t) => [t.kind, t.net.minor])).toEqual([[purchase, '1000'], [period, '1000'], [period, '1500'], [period, '1500']]);
      expect((await trades(later.agreementId)).map((t) => [t.kind, t.net.minor])).toEqual([[purchase, '1000'], [period, '1000'], [period, '1000'], [period, '1000']]);
    });

    it('never for a fixed term', async () => {
      const { id: offerId, plans: [fixed] } = await offer([planOf()]);
      expect(await change(offerId, { plans: [{ plan: planOf(), replaces: [fixed!.id] }], subscribersFrom: inDays(40) })).toMatchObject({ code: 'contracts.price_change', fields: [{ path: 'plans.0.replaces' }] });
    });
  });
});
