import { Contracts, type PricePlan, quote } from '#contracts';
import { asSystem, newId, systemCaller, UnitOfWork, WorkerRuntime } from '#shared';
import { ExchangeTrades } from '../libs/catalog/src/exchange-trades.facade.js';
import { type Contribution, disclosed, tradesOf, valueOf } from '../libs/catalog/src/domain/statistics/disclosure.js';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeLicence, csvFile, done, join, listedProduct, type Market, offerOf, openMarket, orderOf, planOf } from './support/market.js';

interface Figure { month: string; breakdown: string; sector: string | null; vendorCountry: string | null; buyerCountry: string | null; other: boolean; trades: string; value: { minor: string; currency: string }; tradesGrowthPercent: string | null; valueGrowthPercent: string | null }
const FIELDS = 'month breakdown sector vendorCountry buyerCountry other trades value { minor currency } tradesGrowthPercent valueGrowthPercent';

describe('the statistics of the exchange', () => {
  const clock = new TestClock(new Date('2026-11-20T08:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let nobody: GraphClient;
  const vendors: Market[] = [];
  const buyers: GraphClient[] = [];

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    nobody = await exchange.client();
    market = await openMarket(exchange);
    vendors.push(market);
    buyers.push(market.buyer);
    for (const [i, number] of ['87654321', '87654322'].entries()) {
      const vendor = await exchange.client(`vendor-${i}`);
      vendors.push({ ...market, vendor, vendorId: await join(market.officer, vendor, `Harbour Data ${i}`, { jurisdiction: 'HK' }, 'HK_BRN', number) });
      const buyer = await exchange.client(`buyer-${i}`);
      await join(market.officer, buyer, `Harbour Traders ${i}`, { jurisdiction: 'HK' }, 'HK_BRN', `8765433${i}`);
      buyers.push(buyer);
    }
  });
  afterAll(() => exchange.close());

  const figures = async (over: object = {}): Promise<Figure[]> =>
    (await nobody.ask<{ exchangeStatistics: { nodes: Figure[] } }>(`query($breakdown: StatisticsBreakdown, $from: String, $to: String, $currency: String, $sector: String, $country: String) { exchangeStatistics(breakdown: $breakdown, from: $from, to: $to, currency: $currency, sector: $sector, country: $country, first: 100) { nodes { ${FIELDS} } } }`, over)).exchangeStatistics.nodes;
  /** What of another time was traded, as its subscriber would have written it. */
  const traded = (month: string, n: number, vendorCountry: string, buyerCountry: string, sector: string, currency: string, minor: bigint) => exchange.owner.query(
    `insert into catalog.exchange_trade (agreement_id, month, vendor_id, buyer_id, vendor_country, buyer_country, sector, currency, value_minor)
     select gen_random_uuid(), $1, gen_random_uuid(), gen_random_uuid(), $3, $4, $5, $6, $7 from generate_series(1, $2::int)`, [`${month}-01`, n, vendorCountry, buyerCountry, sector, currency, minor.toString()]);
  const published = (): Promise<unknown> => exchange.owner.query(`select md5(string_agg(s::text, '|' order by s::text)) as h, count(*)::int as n from catalog.exchange_statistic s`);

  it('count each agreement whose licence began, once, by what was agreed on', async () => {
    for (const seller of vendors) {
      const { productId } = await listedProduct(exchange, seller, [csvFile(500)]);
      for (const buyer of buyers) await activeLicence(exchange, { ...seller, buyer }, productId);
      // Ordered and never paid: no trade.
      const { id } = await done(seller.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
      await done(seller === market ? market.buyer : buyers[1]!, 'placeOrder', 'Agreement', 'id', orderOf(id));
    }
    // Twelve months of it, of which the first alone is due at the start.
    const { productId } = await listedProduct(exchange, market, [csvFile(600)]);
    const { id: monthly } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Setup', amountMinor: '500' }, { kind: 'RECURRING', label: 'Month', amountMinor: '1000' }] })] }));
    const { id: agreementId } = await done(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(monthly));
    const activate = () => asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Contracts).activateLicence(tx, systemCaller('test'), agreementId)));
    await activate();
    await activate();
    const beside = await startExchange({ clock, beside: exchange });
    await Promise.all([exchange, beside].map(({ app }) => app.get(WorkerRuntime).drain()));
    await beside.close();
    await exchange.drain();
    const begun = (await exchange.owner.query(`select a.id, a.plan from contracts.agreement a join contracts.licence l on l.agreement_id = a.id where l.valid_from is not null`)) as { id: string; plan: PricePlan }[];
    const facts = (await exchange.owner.query('select agreement_id as id, month::text as month, sector, vendor_country, currency, value_minor as minor from catalog.exchange_trade')) as { id: string; minor: string; month: string; sector: string; vendor_country: string }[];
    expect([begun.length, facts.length]).toEqual([10, 10]);
    expect(facts.map((f) => f.id).sort()).toEqual(begun.map((b) => b.id).sort());
    const agreed = begun.reduce((sum, { plan }) => sum + quote(plan, new Map(), plan.period === null ? 1 : 12).totalMinor, 0n);
    expect([facts.reduce((sum, f) => sum + BigInt(f.minor), 0n), agreed, facts.find((f) => f.id === agreementId)]).toMatchObject([agreed, 9n * 10_000n + 12_500n, { minor: '12500', month: '2026-11-01', sector: 'TRAN', vendor_country: 'CN' }]);
    // The same message again.
    await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(ExchangeTrades).begun(tx, { agreementId, productId, vendorId: market.vendorId, buyerId: vendors[1]!.vendorId, paidFrom: clock.now(), currency: 'SGD', valueMinor: 1n, replaces: null })));
    expect(await exchange.owner.query('select count(*)::int as n, sum(value_minor)::text as minor from catalog.exchange_trade')).toEqual([{ n: 10, minor: agreed.toString() }]);
    expect(await figures()).toEqual([]);
  });

  it('are published once a month is over, the same from facts again, and never change', async () => {
    await traded('2025-11', 6, 'CN', 'SG', 'TRAN', 'SGD', 10_000n);
    await traded('2025-11', 4, 'DE', 'SG', 'ENVI', 'SGD', 5_000n);
    await traded('2026-11', 8, 'CN', 'SG', 'TRAN', 'SGD', 15_000n);
    await traded('2026-11', 4, 'DE', 'SG', 'ENVI', 'SGD', 5_001n);
    await traded('2026-11', 1, 'KR', 'JP', 'HEAL', 'SGD', 777n);
    await traded('2026-11', 3, 'CN', 'SG', 'TRAN', 'USD', 400n);
    await traded('2026-11', 2, 'CN', 'SG', 'TRAN', 'EUR', 999n);
    clock.advance(13 * 86_400);
    await exchange.drain();
    // Of November nothing before the fourth of December.
    expect([...new Set((await figures()).map((f) => f.month))]).toEqual(['2025-11']);
    clock.advance(86_400);
    const beside = await startExchange({ clock, beside: exchange });
    await Promise.all([exchange, beside].map(({ app }) => app.get(WorkerRuntime).drain()));
    await beside.close();
    const [total] = await figures({ currency: 'SGD', from: '2026-11', to: '2026-11' });
    const facts = (await exchange.owner.query(`select currency, sector, vendor_country as "vendorCountry", buyer_country as "buyerCountry", vendor_id as "vendorId", buyer_id as "buyerId", count(*) as trades, sum(value_minor)::text as "valueMinor" from catalog.exchange_trade where month = '2026-11-01' group by 1, 2, 3, 4, 5, 6`)) as { currency: string; trades: string; valueMinor: string }[];
    const all = facts.map((f) => ({ ...(f as unknown as Contribution & { currency: string }), trades: BigInt(f.trades), valueMinor: BigInt(f.valueMinor) }));
    const again = [...Map.groupBy(all, (c) => c.currency)].flatMap(([currency, of]) => disclosed(of).map((c) => `${currency} ${c.breakdown} ${c.cell} ${tradesOf(c.of)} ${valueOf(c.of)}`));
    const stored = (await exchange.owner.query(`select concat_ws(' ', currency, breakdown, cell, trades, value_minor) as line from catalog.exchange_statistic where month = '2026-11-01'`)) as { line: string }[];
    expect(stored.map((s) => s.line).sort()).toEqual(again.sort());
    expect(total).toMatchObject({ month: '2026-11', trades: '23', value: { minor: (102_500n + 120_000n + 20_004n + 777n).toString(), currency: 'SGD' }, tradesGrowthPercent: '130.00', other: false });
    // Told of late: counted in the first month that is not published.
    const before = await published();
    await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(ExchangeTrades).begun(tx, { agreementId: newId(), productId: newId(), vendorId: market.vendorId, buyerId: vendors[1]!.vendorId, paidFrom: new Date('2026-11-30T12:00:00Z'), currency: 'SGD', valueMinor: 1n, replaces: null })));
    expect(await exchange.owner.query(`select count(*)::int as n from catalog.exchange_trade where month = '2026-12-01'`)).toEqual([{ n: 1 }]);
    await exchange.drain();
    expect(await published()).toEqual(before);
    await expect(exchange.owner.query('update catalog.exchange_statistic set trades = 1')).rejects.toThrow('refused');
    await expect(exchange.owner.query('delete from catalog.exchange_trade')).rejects.toThrow('refused');
  });

  it('are shown to everybody, by sector and by pair of countries, with growth, each currency by itself', async () => {
    const sectors = await figures({ breakdown: 'SECTOR', currency: 'SGD', from: '2026-11' });
    expect(sectors.map((f) => [f.sector, f.other, f.trades])).toEqual([['TRAN', false, '18'], [null, true, '5']]);
    expect(sectors[0]).toMatchObject({ value: { minor: '222500' }, tradesGrowthPercent: '200.00', valueGrowthPercent: '270.83' });
    // A single trade between two countries stands in OTHER, with what the total would tell it by.
    const pairs = await figures({ breakdown: 'COUNTRY_PAIR', currency: 'SGD', from: '2026-11' });
    expect(pairs.some((f) => f.buyerCountry === 'JP' || f.value.minor === '777')).toBe(false);
    expect(pairs.reduce((sum, f) => sum + BigInt(f.value.minor), 0n)).toBe(BigInt((await figures({ currency: 'SGD', from: '2026-11' }))[0]!.value.minor));
    expect((await figures({ breakdown: 'COUNTRY_PAIR', country: 'DE' })).every((f) => f.vendorCountry === 'DE')).toBe(true);
    expect((await figures({ breakdown: 'COUNTRY_PAIR', from: '2025-11', to: '2025-11' })).map((f) => [f.vendorCountry, f.buyerCountry, f.trades, f.valueGrowthPercent])).toEqual([['DE', 'SG', '4', null], ['CN', 'SG', '6', null]]);
    expect(await figures({ breakdown: 'SECTOR', sector: 'HEAL' })).toEqual([]);
    // Three in dollars are shown, two in euros are not, and nothing adds them.
    expect((await figures({ from: '2026-11' })).map((f) => [f.value.currency, f.trades])).toEqual([['USD', '3'], ['SGD', '23']]);
    const paged: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page++) {
      const { exchangeStatistics: found }: { exchangeStatistics: { nodes: Figure[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } = await nobody.ask(`query($after: String) { exchangeStatistics(first: 1, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`, { after });
      paged.push(...found.nodes.map((f) => `${f.month} ${f.value.currency}`));
      after = found.pageInfo.endCursor;
      if (!found.pageInfo.hasNextPage) break;
    }
    expect(paged).toEqual(['2026-11 USD', '2026-11 SGD', '2025-11 SGD']);
    for (const over of [{ from: '2026-13' }, { from: '0000-01' }, { to: 'x' }, { country: 'cn' }]) {
      const { data, errors } = await nobody.raw<{ exchangeStatistics: { nodes: Figure[] } }>('query($from: String, $to: String, $country: String) { exchangeStatistics(from: $from, to: $to, country: $country) { nodes { month } } }', over);
      expect([over, errors?.[0]?.extensions.code ?? data]).toEqual([over, 'BAD_USER_INPUT']);
    }
    const fake = Buffer.from(JSON.stringify(['2026', "' or 1", '\u0001'])).toString('base64url');
    expect((await nobody.raw(`{ exchangeStatistics(after: "${fake}") { nodes { month } } }`)).errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  });
});
