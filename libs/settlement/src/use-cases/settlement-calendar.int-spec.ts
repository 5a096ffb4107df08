import { Billing } from '#billing';
import { isRefused, newId, trustCallsOutsideRequests } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BillingMarket } from '../../../../test/support/billing-market.js';
import { TestClock } from '../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../test/support/exchange.js';
import { brokenMoney } from '../../../../test/support/invariants.js';
import { ApprovePayout } from './approve-payout.js';
import { OpenDueCycles } from './open-due-cycles.js';

trustCallsOutsideRequests();

describe('clearing by the calendar, payouts by four eyes', () => {
  // A Tuesday, two in the afternoon in Shanghai.
  const clock = new TestClock(new Date('2026-11-24T06:00:00Z'));
  let exchange: TestExchange;
  let market: BillingMarket;
  let settlement: Settlement;
  let approval: ApprovePayout;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { ACCEPTANCE_SECONDS: '60', PAYOUT_APPROVAL_ABOVE: 'CNY=500' } });
    market = new BillingMarket(exchange);
    [settlement, approval] = [exchange.app.get(Settlement, { strict: false }), exchange.app.get(ApprovePayout, { strict: false })];
  });
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenMoney(exchange)).toEqual({});
  });
  afterAll(() => exchange.close());

  const accepted = async (vendor: string, buyer: string, price: bigint): Promise<Trade> => {
    const agreement = await market.agreement(await market.organisation(vendor), await market.organisation(buyer), price, '0');
    await exchange.drain();
    const [trade] = await settlement.tradesOfAgreement(agreement.agreementId);
    expect(isRefused(await exchange.app.get(Billing, { strict: false }).payTrade(market.actor(agreement.buyerId), trade!.id))).toBe(false);
    await market.use(agreement, 1, clock.now());
    await exchange.drain();
    clock.advance(61);
    await exchange.drain();
    return trade!;
  };
  const officer = (who: string) => ({ ...market.actor(newId(), ['SETTLEMENT_OFFICER']), subject: `member:${who}`, organisationKind: 'EXCHANGE' as const });
  const calendar = () => exchange.app.get(OpenDueCycles, { strict: false });
  const cycles = () => market.sql<{ settlement_day: string; state: string; trade_count: number }>('select settlement_day::text, state, trade_count from settlement.clearing_cycle order by id');

  it('opens the cycle of the day once, from the cut-off on, whoever looks; a vendor in Shanghai is paid what a buyer in Singapore paid', async () => {
    const trade = await accepted('CN', 'SG', 40_000n);
    await calendar().execute();
    expect(await cycles()).toEqual([]);
    clock.advance(3_600);
    // Outside production nothing opens by itself unless it is told to.
    await exchange.drain();
    expect(await cycles()).toEqual([]);
    await Promise.all([calendar().execute(), calendar().execute(), calendar().execute()]);
    await exchange.drain();
    expect(await cycles()).toEqual([{ settlement_day: '2026-11-24', state: 'CLOSED', trade_count: 1 }]);
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'SETTLED' });
    // What is accepted later waits for the next day.
    const late = await accepted('CN', 'SG', 30_000n);
    await calendar().execute();
    await exchange.drain();
    expect(await settlement.tradeById(late.id)).toMatchObject({ state: 'ACCEPTED' });
    clock.advance(86_400);
    await calendar().execute();
    await exchange.drain();
    expect(await settlement.tradeById(late.id)).toMatchObject({ state: 'SETTLED' });
    expect(await cycles()).toMatchObject([{}, { settlement_day: '2026-11-25', trade_count: 1 }]);
  });

  it('a payout above the limit waits for another officer than the one who ran the cycle', async () => {
    const trade = await accepted('CN', 'SG', 100_000n);
    const [first, second, third] = [officer('a'), officer('b'), officer('c')];
    expect(isRefused(await settlement.runClearing(first, 'CNY'))).toBe(false);
    await exchange.drain();
    const payout = (await settlement.payoutOfTrade(trade.id))!;
    expect(payout).toMatchObject({ state: 'AWAITING_APPROVAL', amount: { minor: 95_000n }, proposedBy: 'member:a' });
    expect((await settlement.payoutsFor(third, 'AWAITING_APPROVAL', null, { first: 10, after: null })).items).toMatchObject([{ id: payout.id }]);
    expect((await settlement.payoutsFor(market.actor(trade.buyerId), null, null, { first: 10, after: null })).items).toEqual([]);
    expect(await approval.approve(first, payout.id)).toMatchObject({ code: 'settlement.second_officer' });
    expect(await approval.approve(market.actor(trade.vendorId), payout.id)).toMatchObject({ kind: 'NotPermitted' });
    expect(await approval.approve(second, newId())).toMatchObject({ kind: 'NotFound' });
    expect(await approval.reject(second, payout.id, 'the account looks new')).toMatchObject({ state: 'FAILED', failure: 'rejected: the account looks new' });
    expect(await approval.approve(third, payout.id)).toMatchObject({ kind: 'StateConflict', state: 'FAILED' });
    expect(await settlement.retryPayout(second, payout.id)).toMatchObject({ state: 'AWAITING_APPROVAL', attempt: 2, proposedBy: 'member:b' });
    expect(await approval.approve(second, payout.id)).toMatchObject({ code: 'settlement.second_officer' });
    const both = await Promise.all([approval.approve(third, payout.id), approval.approve(first, payout.id)]);
    expect(both.filter((p) => !isRefused(p))).toHaveLength(1);
    await exchange.drain();
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'SETTLED' });
    expect((await settlement.journalsOfTrade(trade.id)).map((j) => j.kind)).toEqual(['FUND', 'CLEAR', 'PAYOUT_SENT', 'PAYOUT_CONFIRMED']);
    await expect(market.sql(`update settlement.payout set approved_by = proposed_by where id = $1`, [payout.id])).rejects.toThrow('payout_four_eyes');
  });
});
