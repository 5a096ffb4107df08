import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, hire, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { order } from './support/trade.js';

const DAY = 86_400;
type Answer = { url?: string; code?: string; current?: string; message?: string; hard?: boolean; fields?: { path: string }[] };
interface Spending { spent: { minor: string }; open: { minor: string }; left: { minor: string } | null; from: string; until: string; cap: { amount: { minor: string } } | null }

/** SGD 1.00 a month in advance, 0.25 for each of the first two downloads of it and 0.10 for each more. */
const monthly = planOf({
  label: 'Monthly', duration: 'P1Y', period: 'P1M',
  components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }, { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', model: 'GRADUATED', tiers: [{ upTo: '2', unitPrice: '0.25' }, { unitPrice: '0.10' }] }],
});

describe('a cap on what a licence costs', () => {
  // Midday in the middle of a month: no test of this file comes near the turn of one.
  const clock = new TestClock(new Date('2026-12-10T12:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetIds: readonly string[];

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    ({ productId, assetIds } = await listedProduct(exchange, market, Array.from({ length: 3 }, (_, i) => csvFile(3_000, `calls-${i}.csv`))));
  });
  afterAll(() => exchange.close());

  const later = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    const [officer, vendor, buyer] = (await Promise.all(['officer', 'vendor', 'buyer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient];
    market = { ...market, officer, vendor, buyer };
    await exchange.drain();
  };
  const licensed = async (plan: object = monthly) => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [plan] }));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    return ordered.licenceId;
  };
  const cap = (licenceId: string, over: object = {}, client = market.buyer) => client.mutate<Answer>('setSpendingCap', 'SpendingCap', 'hard', { licenceId, amountMinor: '175', currency: 'SGD', period: 'MONTH', hard: true, ...over });
  const ask = (licenceId: string, asset = 0) => market.buyer.mutate<Answer>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: assetIds[asset] });
  const take = async (licenceId: string, asset = 0): Promise<Answer> => {
    const given = await ask(licenceId, asset);
    if (given.url) await (await fetch(given.url)).arrayBuffer();
    await exchange.drain();
    return given;
  };
  const spending = async (licenceId: string, client = market.buyer) => (await client.ask<{ licenceSpending: Spending | null }>('query($id: ID!) { licenceSpending(licenceId: $id) { spent { minor } open { minor } left { minor } from until cap { amount { minor } } } }', { id: licenceId })).licenceSpending;
  const told = async (licenceId: string, client = market.buyer) => (await client.ask<{ notices: { nodes: { details: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [SPENDING]) { nodes { details } } }', { id: licenceId })).notices.nodes.map((n) => (JSON.parse(n.details) as { percent: number }).percent).reverse();

  it('is the buyer’s own matter: he sets it in the currency of the plan and takes it away; the vendor does not see it', async () => {
    const licenceId = await licensed();
    const [clerk, finance] = await Promise.all([hire(exchange, market.buyer, 'manager', 'VENDOR_MANAGER'), hire(exchange, market.buyer, 'finance', 'FINANCE')]);
    expect(await cap(licenceId, {}, clerk)).toMatchObject({ __typename: 'NotPermitted' });
    expect(await cap(licenceId, {}, market.vendor)).toMatchObject({ __typename: 'NotFound' });
    expect(await cap(licenceId, { currency: 'CNY' })).toMatchObject({ code: 'contracts.spending_cap', fields: [{ path: 'currency' }] });
    expect(await cap(licenceId, { amountMinor: '0' })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await cap(licenceId, { hard: false }, finance)).toMatchObject({ hard: false });
    expect(await spending(licenceId)).toMatchObject({ spent: { minor: '100' }, open: { minor: '0' }, left: { minor: '75' }, from: '2026-12-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', cap: { amount: { minor: '175' } } });
    expect([await spending(licenceId, market.vendor), await told(licenceId, market.vendor)]).toEqual([null, []]);
    const listed = async (client: GraphClient, filter = '') => (await client.ask<{ spendingCaps: { nodes: { licenceId: string }[] } | null }>(`{ spendingCaps${filter} { nodes { licenceId } } }`)).spendingCaps?.nodes;
    expect([await listed(market.buyer), await listed(finance, '(period: LICENCE_PERIOD)'), await listed(market.vendor), await listed(clerk)]).toEqual([[{ licenceId }], [], [], undefined]);
    const lift = () => market.buyer.mutate<Answer>('liftSpendingCap', 'SpendingCap', 'hard', { licenceId });
    expect([(await lift()).hard, (await lift()).code]).toEqual([false, 'contracts.spending_cap']);
    expect([await listed(market.buyer), (await spending(licenceId))?.left]).toEqual([[], null]);
    // Its history is in the log; the row itself never goes.
    await expect(exchange.owner.query('delete from contracts.spending_cap')).rejects.toThrow('refused');
    expect(await exchange.owner.query(`select act from audit.entry where object_id = $1 and act like 'spending-cap%' order by recorded_at, id`, [licenceId])).toEqual([{ act: 'spending-cap.set' }, { act: 'spending-cap.lift' }]);
  });

  it('refuses what would cost more, naming what is left and what it costs; an open token counts until it is over', async () => {
    const licenceId = await licensed();
    await cap(licenceId, { amountMinor: '155' });
    expect(await take(licenceId)).toMatchObject({ __typename: 'DownloadGrant' });
    expect(await ask(licenceId, 1)).toMatchObject({ __typename: 'DownloadGrant' });
    expect(await spending(licenceId)).toMatchObject({ spent: { minor: '125' }, open: { minor: '25' }, left: { minor: '5' } });
    const refused = { __typename: 'StateConflict', code: 'delivery.spending_cap', current: 'CAPPED', message: 'the cap of SGD 1.55 for 2026-12-01 to 2027-01-01 leaves SGD 0.05, and this download costs SGD 0.10' };
    expect(await ask(licenceId, 2)).toMatchObject(refused);
    // Nobody used the token: what it held is free again.
    clock.advance(301);
    expect(await take(licenceId, 2)).toMatchObject({ __typename: 'DownloadGrant' });
    expect(await ask(licenceId)).toMatchObject(refused);
    expect(await cap(licenceId, { hard: false })).toMatchObject({ hard: false });
    expect(await take(licenceId)).toMatchObject({ __typename: 'DownloadGrant' });
  });

  it('never lets more through than it covers, however many ask at once, on one asset and on several', async () => {
    const licenceId = await licensed();
    await cap(licenceId, { amountMinor: '195' });
    // 1.00 in advance, two at 0.25, four at 0.10: 1.90.
    const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => ask(licenceId, i % 3)));
    expect(answers.filter((a) => a.url)).toHaveLength(6);
    expect(new Set(answers.filter((a) => !a.url).map((a) => a.code))).toEqual(new Set(['delivery.spending_cap']));
    // Completed side by side with more requests: those count as open or as used, never not at all.
    const [, ...more] = await Promise.all([...answers.flatMap((a) => (a.url ? [fetch(a.url).then((r) => r.arrayBuffer())] : [])), ...Array.from({ length: 12 }, (_, i) => ask(licenceId, i % 3))]);
    expect(more.filter((m) => !(m instanceof ArrayBuffer) && m.url)).toEqual([]);
    await exchange.drain();
    expect(await spending(licenceId)).toMatchObject({ spent: { minor: '190' }, open: { minor: '0' }, left: { minor: '5' } });
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('tells at 50, 80 and 100 percent, each once in a period, also where it does not refuse, and starts anew with the next', async () => {
    const licenceId = await licensed();
    await cap(licenceId, { amountMinor: '180', hard: false });
    await exchange.drain();
    // What is paid in advance is more than half of it already.
    expect(await told(licenceId)).toEqual([50]);
    for (const percents of [[50], [50, 80], [50, 80], [50, 80], [50, 80, 100], [50, 80, 100]]) {
      await take(licenceId, 0);
      expect([percents, await told(licenceId)]).toEqual([percents, percents]);
    }
    // The tenth of January: the month is another one, and so is the period.
    await later(31 * DAY);
    expect(await spending(licenceId)).toMatchObject({ spent: { minor: '100' }, from: '2027-01-01T00:00:00.000Z' });
    await take(licenceId, 1);
    expect(await told(licenceId)).toEqual([50, 80, 100, 50]);
    // Another cap is told of anew.
    await cap(licenceId, { amountMinor: '120', period: 'LICENCE_PERIOD' });
    await exchange.drain();
    expect(await told(licenceId)).toEqual([50, 80, 100, 50, 100]);
  });

  it('counts what is billed, to the cent', async () => {
    const licenceId = await licensed(planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }, { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', tiers: [{ unitPrice: '0.333' }] }, { kind: 'USAGE', label: 'Bytes', meter: 'BYTES', freeQuota: '4000', tiers: [{ unitPrice: '0.001' }] }] }));
    await cap(licenceId, { amountMinor: '99999', period: 'LICENCE_PERIOD' });
    for (const asset of [0, 1, 2]) await take(licenceId, asset);
    const spent = BigInt((await spending(licenceId))!.spent.minor);
    const { invoice } = await done<{ invoice: { net: { minor: string } } }>(market.vendor, 'closeUsagePeriod', 'UsagePeriod', 'invoice { net { minor } }', { licenceId });
    expect(spent - 100n).toBe(BigInt(invoice.net.minor));
    expect(spent).toBeGreaterThan(200n);
  });

  it('does not stop what costs nothing: in a trial, or within what is free', async () => {
    const trial = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }, { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', freeQuota: '1', tiers: [{ unitPrice: '5' }] }], trial: { duration: 'P3D', quotas: [] } })] }));
    const { licence: { id: licenceId } } = await done<{ licence: { id: string } }>(market.buyer, 'placeOrder', 'Agreement', 'licence { id }', { offerId: trial.id, purpose: 'RESEARCH', destination: 'SG' });
    await exchange.drain();
    await cap(licenceId, { amountMinor: '1', period: 'LICENCE_PERIOD' });
    expect(await spending(licenceId)).toBeNull();
    for (const asset of [0, 1]) expect(await take(licenceId, asset)).toMatchObject({ __typename: 'DownloadGrant' });
    await later(3 * DAY + 60);
    // Beyond the cap by what is paid in advance alone: the free download is the buyer's still, the next one is not.
    expect(await spending(licenceId)).toMatchObject({ spent: { minor: '100' }, left: { minor: '0' } });
    expect(await take(licenceId, 2)).toMatchObject({ __typename: 'DownloadGrant' });
    expect(await take(licenceId, 2)).toMatchObject({ code: 'delivery.spending_cap', message: expect.stringContaining('leaves SGD 0.00, and this download costs SGD 5.00') });
  });
});
