import { TestClock } from './support/clock.js';
import { AtCounter, secondOfficer } from './support/counter.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, type Draft, listedProduct, type Market, offerOf, openMarket, orderOf } from './support/market.js';
import type { GraphClient } from './support/client.js';

/** A waiting order from the counter to its agreement. */
describe('an order that waits for a standard contract', () => {
  const clock = new TestClock(new Date('2026-11-23T04:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let second: GraphClient;
  let product: Draft;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    second = await secondOfficer(exchange, market);
    product = await listedProduct(exchange, market, [csvFile(500)], { persons: '120000' });
  });
  afterAll(() => exchange.close());

  const rows = <T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(sql, values) as Promise<T[]>;
  const order = async (): Promise<{ __typename: string; pendingOrder: { id: string }; id: string }> => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId));
    const { placeOrder } = await market.buyer.ask<{ placeOrder: { __typename: string; pendingOrder: { id: string }; id: string } }>(
      'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename ... on Agreement { id } ... on AwaitingClearance { pendingOrder { id } } ... on Problem { code message } } }', { input: orderOf(offerId) });
    return placeOrder;
  };

  it('comes to the counter, is concluded once the contract is registered, and uses its scale up', async () => {
    const waiting = await order();
    expect(waiting.__typename).toBe('AwaitingClearance');
    const { id } = waiting.pendingOrder;
    await exchange.drain();
    const [filed] = await rows<{ id: string }>(`select id from compliance.counter_case where subject_type = 'order' and subject_id = $1`, [id]);
    const [applicant, first, granter] = [market.vendor, market.officer, second].map((c) => new AtCounter(c, filed!.id)) as [AtCounter, AtCounter, AtCounter];
    await applicant.add('STANDARD_CONTRACT');
    await applicant.move('SIGN');
    await applicant.move('TAKE_EFFECT', { occurredOn: '2026-11-23' });
    await applicant.add('PIPIA');
    await applicant.move('FILE');
    await first.check(await applicant.add('FILING_RECEIPT'));
    expect(await granter.move('REGISTER', { reference: 'SH-2026-18' })).toBe('REGISTERED');
    await exchange.drain();
    const [closed] = await rows<{ state: string; agreement_id: string; decision: string }>('select p.state, p.agreement_id, a.decision_id as decision from contracts.pending_order p join contracts.agreement a on a.id = p.agreement_id where p.id = $1', [id]);
    expect(closed).toMatchObject({ state: 'CONCLUDED' });
    expect(await rows('select outcome, permitted, mechanisms from compliance.decision where id = $1', [closed!.decision])).toMatchObject([{ outcome: 'standard_contract', permitted: true }]);
    expect(await rows('select kind, persons::int from compliance.approval_movement where order_decision_id = $1', [closed!.decision])).toEqual([{ kind: 'RESERVE', persons: 120_000 }]);
    expect(await rows('select kind, persons::int from compliance.volume_movement where order_decision_id = $1', [closed!.decision])).toEqual([{ kind: 'RESERVE', persons: 120_000 }]);
    expect(await brokenInvariants(exchange)).toEqual({});
  });
});
