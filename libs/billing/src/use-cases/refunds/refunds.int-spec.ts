import { jest } from '@jest/globals';
import { Billing, PaymentPort } from '#billing';
import { isRefused, newId, trustCallsOutsideRequests } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BillingMarket, type TestAgreement } from '../../../../../test/support/billing-market.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { brokenMoney } from '../../../../../test/support/invariants.js';
import { invoiceNumber } from '../../domain/invoice.js';
import { ReadBilling } from '../read-billing.js';
import { RetryRefund } from './retry-refund.js';

trustCallsOutsideRequests();

describe('refunds', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: BillingMarket;
  let billing: Billing;
  let settlement: Settlement;
  let vendorId: string;
  let buyerId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { ACCEPTANCE_SECONDS: '60' } });
    market = new BillingMarket(exchange);
    billing = exchange.app.get(Billing, { strict: false });
    settlement = exchange.app.get(Settlement, { strict: false });
  });
  beforeEach(async () => void ([vendorId, buyerId] = [await market.organisation('CN'), await market.organisation('CN')]));
  afterAll(() => exchange.close());
  afterEach(() => jest.restoreAllMocks());

  /** Its purchase is paid: 1,000 and 6 % tax. */
  const paid = async (price = 100_000n): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const agreement = await market.agreement(vendorId, buyerId, price, '0');
    await exchange.drain();
    const [trade] = await settlement.tradesOfAgreement(agreement.agreementId);
    const answer = await billing.payTrade(market.actor(buyerId), trade!.id);
    if (isRefused(answer)) throw new Error(answer.code);
    return { agreement, trade: trade! };
  };
  const accepted = async (price?: bigint): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const both = await paid(price);
    await market.use(both.agreement, 1, clock.now());
    await exchange.drain();
    clock.advance(61);
    await exchange.drain();
    return both;
  };
  const officer = () => ({ ...market.actor(newId(), ['SETTLEMENT_OFFICER']), organisationKind: 'EXCHANGE' as const });
  const clear = async (): Promise<void> => {
    expect(isRefused(await settlement.runClearing(officer(), 'CNY'))).toBe(false);
    await exchange.drain();
  };
  const settled = async (price?: bigint): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const both = await accepted(price);
    await clear();
    expect(await stateOf(both.trade)).toBe('SETTLED');
    return both;
  };
  const stateOf = async (trade: Trade): Promise<string> => (await settlement.tradeById(trade.id))!.state;
  const refund = (trade: Trade, amountMinor: bigint | null, actor = market.actor(vendorId)) => settlement.refundTrade(actor, { tradeId: trade.id, amountMinor, reason: 'two files were missing' });
  const refundsOf = async (trade: Trade) => (await exchange.app.get(ReadBilling, { strict: false }).refunds(officer(), { state: null, tradeId: trade.id }, { first: 10, after: null })).items;
  const balance = async (kind: string, owner: string): Promise<bigint> => {
    const [row] = await market.sql<{ sum: string | null }>('select sum(p.amount_minor)::text as sum from settlement.posting p join settlement.account a on a.id = p.account_id where a.kind = $1 and a.owner_id = $2', [kind, owner]);
    return BigInt(row!.sum ?? '0');
  };
  const documents = async (trade: Trade): Promise<Record<string, string[]>> => {
    const found: Record<string, string[]> = {};
    for (const i of await billing.invoicesOfTrade(trade.id)) (found[i.kind] ??= []).push(`${i.net.minor}+${i.tax.minor}`);
    return found;
  };

  it('before it is cleared a part comes out of escrow, and the vendor is paid for the rest', async () => {
    const { trade, agreement } = await paid();
    expect(await refund(trade, 10_600n)).toMatchObject({ state: 'FUNDED', reversedNet: { minor: 10_000n }, reversedTax: { minor: 600n }, reversedCommission: { minor: 500n } });
    await exchange.drain();
    expect(await refundsOf(trade)).toMatchObject([{ state: 'SUCCEEDED', amount: { minor: 10_600n }, attempt: 1 }]);
    expect(await balance('ESCROW', buyerId)).toBe(-95_400n);
    expect(await documents(trade)).toEqual({});
    await market.use(agreement, 1, clock.now());
    await exchange.drain();
    clock.advance(61);
    await exchange.drain();
    // What went back before there was an invoice is credited with it.
    expect(await documents(trade)).toEqual({ PURCHASE: ['100000+6000'], CREDIT_NOTE: ['10000+600'] });
    await clear();
    expect(await stateOf(trade)).toBe('SETTLED');
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ amount: { minor: 85_500n } });
    const { COMMISSION, COMMISSION_CREDIT_NOTE } = await documents(trade);
    expect([COMMISSION, COMMISSION_CREDIT_NOTE]).toEqual([['4717+283'], ['472+28']]);
    for (const kind of ['ESCROW', 'REFUND_IN_TRANSIT', 'VENDOR_RECEIVABLE']) expect([await balance(kind, buyerId), await balance(kind, vendorId)]).toEqual([0n, 0n]);
  });

  it('all of it undoes the purchase: no licence, nothing to accept, nothing to clear', async () => {
    const { trade, agreement } = await paid();
    expect(await refund(trade, null)).toMatchObject({ state: 'UNWOUND' });
    await exchange.drain();
    expect(await market.licenceState(agreement.licenceId)).toBe('TERMINATED');
    expect(await refundsOf(trade)).toMatchObject([{ state: 'SUCCEEDED', amount: { minor: 106_000n } }]);
    clock.advance(1_000);
    await exchange.drain();
    await clear();
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'UNWOUND', payoutId: null, cycleId: null });
    expect(await refund(trade, null)).toMatchObject({ kind: 'StateConflict', code: 'settlement.not_reversible' });
  });

  it('after the payout the vendor owes it, and the buyer has it once that is covered', async () => {
    const { trade } = await settled();
    expect(await refund(trade, 53_000n)).toMatchObject({ state: 'SETTLED', reversedNet: { minor: 50_000n } });
    await exchange.drain();
    expect(await refundsOf(trade)).toMatchObject([{ state: 'INTENT', problem: 'waits until its vendor has covered it' }]);
    expect(await balance('VENDOR_RECEIVABLE', vendorId)).toBe(47_500n);
    expect(await documents(trade)).toMatchObject({ CREDIT_NOTE: ['50000+3000'], COMMISSION_CREDIT_NOTE: ['2358+142'] });
    // What he sells next covers it: the debt comes off, the refund goes.
    const { trade: next } = await accepted(30_000n);
    await clear();
    expect(await settlement.tradeById(next.id)).toMatchObject({ state: 'SETTLED', payoutId: null });
    expect(await balance('VENDOR_RECEIVABLE', vendorId)).toBe(19_000n);
    expect(await refundsOf(trade)).toMatchObject([{ state: 'INTENT' }]);
    const { trade: last } = await accepted();
    await clear();
    expect(await settlement.payoutOfTrade(last.id)).toMatchObject({ amount: { minor: 76_000n }, state: 'CONFIRMED' });
    clock.advance(61);
    await exchange.drain();
    expect(await refundsOf(trade)).toMatchObject([{ state: 'SUCCEEDED' }]);
    expect((await settlement.journalsOfTrade(trade.id)).map((j) => j.kind)).toEqual(['FUND', 'CLEAR', 'PAYOUT_SENT', 'PAYOUT_CONFIRMED', 'REVERSE', 'REFUND_CONFIRMED']);
    expect([await balance('REFUND_IN_TRANSIT', buyerId), await balance('VENDOR_RECEIVABLE', vendorId), await balance('PAYABLE', vendorId)]).toEqual([0n, 0n, 0n]);
    const statements = await settlement.clearingStatementsFor(market.actor(vendorId), null, { first: 10, after: null });
    expect(statements.items).toMatchObject([
      { tradeCount: 1, netMinor: 100_000n, commissionMinor: 5_000n, recoveredMinor: 19_000n, paidOutMinor: 76_000n }, { netMinor: 30_000n, recoveredMinor: 28_500n, paidOutMinor: 0n, payoutId: null }, { recoveredMinor: 0n, paidOutMinor: 95_000n },
    ]);
    expect((await settlement.clearingStatementsFor(market.actor(buyerId), null, { first: 10, after: null })).items).toEqual([]);
    expect(await brokenMoney(exchange)).toEqual({});
  });

  it('two cycles and a claw-back at once take what is owed once', async () => {
    const { trade } = await settled();
    const others = [await accepted(40_000n), await accepted(40_000n)];
    await refund(trade, 53_000n);
    await Promise.all([clear(), clear(), refund(trade, 10_600n)]);
    await exchange.drain();
    await clear();
    for (const { trade: t } of others) expect(await stateOf(t)).toBe('SETTLED');
    const { trade: last } = await accepted(1_000n);
    await clear();
    expect(await stateOf(last)).toBe('SETTLED');
    expect(await brokenMoney(exchange)).toEqual({});
  });

  it('many at once give back what there is and no more', async () => {
    const { trade } = await accepted();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(trade, 30_000n)));
    expect(answers.filter((a) => !isRefused(a))).toHaveLength(3);
    for (const a of answers) if (isRefused(a)) expect(a).toMatchObject({ code: 'settlement.amount_differs' });
    expect((await settlement.reversalsOfTrades([trade.id])).get(trade.id)).toHaveLength(3);
    expect(isRefused(await refund(trade, null))).toBe(false);
    await exchange.drain();
    expect(await stateOf(trade)).toBe('UNWOUND');
    expect((await refundsOf(trade)).reduce((sum, r) => sum + r.amount.minor, 0n)).toBe(106_000n);
    const notes = (await billing.invoicesOfTrade(trade.id)).filter((i) => i.kind === 'CREDIT_NOTE');
    expect(notes.reduce((sum, i) => sum + i.total.minor, 0n)).toBe(106_000n);
    expect(notes.map(invoiceNumber)).toEqual(notes.map((_, i) => expect.stringMatching(new RegExp(`^CRN-\\d{4}-00000${i + 1}$`)) as string));
    expect(notes[0]!.corrects).toMatchObject({ number: expect.stringMatching(/^INV-/) as string });
  });

  it('the same key gives it back once; nobody but its vendor does, and garbage does nothing', async () => {
    const { trade } = await paid();
    const actor = market.actor(vendorId, ['FINANCE'], 'refund-1');
    const [one, two] = await Promise.all([refund(trade, 1_000n, actor), refund(trade, 1_000n, actor)]);
    expect(one).toEqual(two);
    expect(await refund(trade, 2_000n, actor)).toMatchObject({ kind: 'IdempotencyConflict' });
    expect(await refund(trade, 1_000n, market.actor(buyerId))).toMatchObject({ kind: 'NotFound' });
    expect(await refund(trade, 1_000n, market.actor(vendorId, ['BUYER']))).toMatchObject({ kind: 'NotPermitted' });
    expect(await refund({ ...trade, id: newId() }, 1n)).toMatchObject({ kind: 'NotFound' });
    expect(await refund(trade, 0n)).toMatchObject({ code: 'settlement.not_reversible' });
    expect(await refund(trade, 105_001n)).toMatchObject({ code: 'settlement.amount_differs' });
    expect((await settlement.reversalsOfTrades([trade.id])).get(trade.id)).toHaveLength(1);
    const unpaid = await market.agreement(vendorId, buyerId, 5_000n, '0');
    await exchange.drain();
    const [open] = await settlement.tradesOfAgreement(unpaid.agreementId);
    expect(await refund(open!, 1n)).toMatchObject({ code: 'settlement.not_reversible', state: 'AWAITING_PAYMENT' });
  });

  it('an order whose answer is lost is asked for again and paid once; one that fails is ordered anew by staff', async () => {
    const { trade } = await paid();
    const port = exchange.app.get(PaymentPort, { strict: false });
    const keys: string[] = [];
    const real = port.refund.bind(port);
    jest.spyOn(port, 'refund').mockImplementation(async (order) => {
      keys.push(order.refundKey);
      const answer = await real(order);
      if (keys.length === 1) throw new Error('the line is dead');
      return answer;
    });
    await refund(trade, 99_999n);
    await exchange.drain();
    expect(await refundsOf(trade)).toMatchObject([{ state: 'INTENT', problem: 'the line is dead' }]);
    clock.advance(3_600);
    await exchange.drain();
    expect(await refundsOf(trade)).toMatchObject([{ state: 'FAILED', failure: expect.stringContaining('99999') as string }]);
    expect(new Set(keys).size).toBe(1);
    expect(await balance('REFUND_IN_TRANSIT', buyerId)).toBe(-99_999n);
    const retry = exchange.app.get(RetryRefund, { strict: false });
    const [failed] = await refundsOf(trade);
    expect(await retry.execute(market.actor(vendorId), failed!.id)).toMatchObject({ kind: 'NotPermitted' });
    jest.spyOn(port, 'refund').mockImplementation(async (order) => {
      keys.push(order.refundKey);
      return { state: 'SUCCEEDED', reference: `sim_re_1_CNY_${'0'.repeat(24)}` };
    });
    expect(await retry.execute(officer(), failed!.id)).toMatchObject({ state: 'INTENT', attempt: 2 });
    expect(await retry.execute(officer(), failed!.id)).toMatchObject({ kind: 'StateConflict' });
    await exchange.drain();
    expect(await refundsOf(trade)).toMatchObject([{ state: 'SUCCEEDED', attempt: 2 }]);
    expect(new Set(keys).size).toBe(2);
    expect(await balance('REFUND_IN_TRANSIT', buyerId)).toBe(0n);
  });

  it('the database refuses what does not add up', async () => {
    const { trade } = await accepted();
    await refund(trade, 1_000n);
    await exchange.drain();
    await expect(market.sql('update settlement.trade set reversed_net_minor = reversed_net_minor + 1 where id = $1', [trade.id])).rejects.toThrow('sum of its reversals');
    await expect(market.sql('update settlement.reversal set reason = reason')).rejects.toThrow('never changed');
    await expect(market.sql(`update settlement.trade set state = 'UNWOUND', unwound_at = now() where id = $1`, [trade.id])).rejects.toThrow('trade_unwound');
    await expect(market.sql(`with series as (insert into billing.invoice_series (issuer_id, series, last_number) select issuer_id, 'X-1', 1 from billing.invoice where trade_id = $1 and kind = 'PURCHASE'), note as (
      insert into billing.invoice (id, issuer_id, series, number, kind, trade_id, agreement_id, customer_id, issuer, customer, currency, net_minor, tax_minor, total_minor, tax_treatment, line_count, issued_at, corrects_id, corrects, reversal_id)
      select $2::uuid, issuer_id, 'X-1', 1, 'CREDIT_NOTE', trade_id, agreement_id, customer_id, issuer, customer, currency, net_minor, tax_minor, total_minor, tax_treatment, 1, now(), id, '{}', $2::uuid from billing.invoice where trade_id = $1 and kind = 'PURCHASE' returning id, net_minor)
      insert into billing.invoice_line (invoice_id, line, description, quantity, unit_price, net_minor) select id, 0, 'x', 1, '1', net_minor from note`, [trade.id, newId()])).rejects.toThrow('more than invoice');
  });
});
