import { TestClock } from './support/clock.js';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, orderOf, paidOnce, planOf } from './support/market.js';
import { order, type Ordered, tradeOf } from './support/trade.js';

const DAY = 86_400;
const monthly = (minor: string, over: object = {}) => planOf({ label: 'A year by months', duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Month', amountMinor: minor }], ...over });

describe('the statistics of the exchange and agreements that end early', () => {
  const clock = new TestClock(new Date('2026-11-02T08:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let nobody: GraphClient;
  let productId: string;
  let another: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    nobody = await exchange.client();
    market = await openMarket(exchange);
    ({ productId } = await listedProduct(exchange, market, [csvFile(500)]));
    ({ productId: another } = await listedProduct(exchange, market, [csvFile(600)]));
    // Trades of others, so that a month is safe to publish whatever these two do.
    for (const month of ['2026-11-01', '2026-12-01', '2027-01-01']) {
      await exchange.owner.query(
        `insert into catalog.exchange_trade (agreement_id, month, vendor_id, buyer_id, vendor_country, buyer_country, sector, currency, value_minor)
         select gen_random_uuid(), $1, gen_random_uuid(), gen_random_uuid(), 'CN', 'SG', 'TRAN', 'SGD', 1000000 from generate_series(1, 6)`, [month]);
    }
  });
  afterAll(() => exchange.close());

  const later = async (days: number): Promise<void> => {
    clock.advance(days * DAY);
    const [vendor, buyer] = (await Promise.all(['vendor', 'buyer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient];
    market = { ...market, vendor, buyer };
    await exchange.drain();
  };
  const pay = async (agreementId: string): Promise<void> => {
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(market.buyer, agreementId, 'PURCHASE') });
    await exchange.drain();
  };
  const ordered = async (plan: object): Promise<Ordered> => order(exchange, market, (await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [plan] }))).id);
  const bought = async (plan: object): Promise<Ordered> => {
    const made = await ordered(plan);
    await pay(made.agreementId);
    return made;
  };
  /** A trial is no purchase: nothing is paid before it. One of each product. */
  const tried = async (of: string): Promise<{ agreementId: string; licenceId: string }> => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(of, { plans: [monthly('700', { trial: { duration: 'P40D' } })] }));
    const { id, licence } = await done<{ id: string; licence: { id: string } }>(market.buyer, 'placeOrder', 'Agreement', 'id licence { id }', orderOf(offerId));
    await exchange.drain();
    return { agreementId: id, licenceId: licence.id };
  };
  const replace = async (replacesAgreementId: string, plan: object): Promise<string> => {
    const proposal = { plan, purposes: ['RESEARCH'], destinations: ['SG'], terms: {}, replacesAgreementId };
    const asked = await done<{ id: string; messageCount: number }>(market.buyer, 'beginNegotiation', 'Negotiation', 'id messageCount', { productId, proposal });
    const { offerId } = await done<{ offerId: string }>(market.vendor, 'agreeNegotiation', 'Negotiation', 'offerId', { negotiationId: asked.id, inReplyTo: asked.messageCount });
    const { id } = await done(market.buyer, 'placeOrder', 'Agreement', 'id', orderOf(offerId));
    await exchange.drain();
    await pay(id);
    return id;
  };
  const end = async (agreementId: string): Promise<void> => {
    const { id } = await done(market.buyer, 'terminateAgreement', 'Termination', 'id', { agreementId, reasonCode: 'MUTUAL_CONSENT', statement: 'both of us agree' });
    await done(market.vendor, 'answerTermination', 'Termination', 'state', { terminationId: id, answer: 'CONSENT', statement: 'both of us agree' });
    await exchange.drain();
  };
  /** Of a month, beside the six of others. */
  const published = async (month: string): Promise<{ trades: number; minor: string } | null> => {
    const { exchangeStatistics: { nodes: [total] } } = await nobody.ask<{ exchangeStatistics: { nodes: { trades: string; value: { minor: string } }[] } }>(
      'query($m: String) { exchangeStatistics(from: $m, to: $m, currency: "SGD") { nodes { trades value { minor } } } }', { m: month });
    return total ? { trades: Number(total.trades) - 6, minor: (BigInt(total.value.minor) - 6_000_000n).toString() } : null;
  };

  it('count what fell due until a month is published, never change afterwards, and count nothing twice', async () => {
    // In November: one is ended by consent, one cancelled to the end of its month, one replaced at once; one is called off unpaid, one trial is given up and one goes on.
    const [ended, cancelled, replaced, kept] = [await bought(monthly('1000')), await bought(monthly('2000')), await bought(monthly('3000')), await bought(monthly('5000'))];
    const unpaid = await ordered(monthly('9000'));
    const [givenUp] = [await tried(productId), await tried(another)];
    const fixed = await bought(planOf({ label: 'A fixed year', duration: 'P1Y', components: [paidOnce('40000')] }));
    await later(10);
    await end(ended.agreementId);
    await end(fixed.agreementId);
    for (const { licenceId } of [cancelled, givenUp]) await done(market.buyer, 'cancelRenewal', 'Licence', 'id', { licenceId });
    await done(market.buyer, 'callOffPurchase', 'Trade', 'id', { tradeId: await tradeOf(market.buyer, unpaid.agreementId, 'PURCHASE'), reason: 'not needed' });
    const newer = await replace(replaced.agreementId, planOf({ label: 'All of it', duration: 'P1Y', components: [paidOnce('50000')] }));
    await exchange.drain();
    expect(await published('2026-11')).toBeNull();
    await later(25);
    // A month of each that ended, of what was replaced the ten days of thirty that it ran; the whole of what goes on, of what took a place, and of a fixed term, which was paid for at once.
    expect(await published('2026-11')).toEqual({ trades: 6, minor: (1_000n + 2_000n + 1_000n + 50_000n + 60_000n + 40_000n).toString() });
    const facts = async (): Promise<unknown> => exchange.owner.query(`select md5(string_agg(s::text, '|' order by s::text)) as h from catalog.exchange_statistic s where month = '2026-11-01'`);
    const before = await facts();

    // In December, with November published at twelve times 5,000 for what is replaced now: one month of it and 5 of the 31 days of the second fell due, the rest is in the newer one.
    const second = await replace(kept.agreementId, planOf({ label: 'All of it', duration: 'P1Y', components: [paidOnce('70000')] }));
    await end(newer);
    await later(30);
    expect(await facts()).toEqual(before);
    // The trial that went on became a trade when it was over.
    expect(await published('2026-12')).toEqual({ trades: 2, minor: (70_000n - 54_194n + 12n * 700n).toString() });
    expect(await exchange.owner.query('select value_minor::text as value, carried_minor::text as carried from catalog.exchange_trade where agreement_id = $1', [second])).toEqual([{ value: '15806', carried: '54194' }]);
    await expect(exchange.owner.query('update catalog.exchange_trade_end set value_minor = 1')).rejects.toThrow('refused');
  });
});
