import { Billing } from '#billing';
import { isRefused, newId, trustCallsOutsideRequests } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BillingMarket, type TestAgreement } from '../../../../../test/support/billing-market.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { brokenMoney } from '../../../../../test/support/invariants.js';
import type { Dispute } from '../../domain/disputes/dispute.js';
import { Intervene } from '../interventions/intervene.js';
import { AnswerDispute } from './answer-dispute.js';
import { OpenDispute } from './open-dispute.js';
import { ReadDisputes } from './read-disputes.js';

const WINDOW = 3_600;
const DAY = 86_400;

trustCallsOutsideRequests();

describe('disputes, freezes, unwinding', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: BillingMarket;
  let settlement: Settlement;
  let opening: OpenDispute;
  let answering: AnswerDispute;
  let desk: Intervene;
  let vendorId: string;
  let buyerId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { ACCEPTANCE_SECONDS: String(WINDOW) } });
    market = new BillingMarket(exchange);
    settlement = exchange.app.get(Settlement, { strict: false });
    [opening, answering, desk] = [exchange.app.get(OpenDispute, { strict: false }), exchange.app.get(AnswerDispute, { strict: false }), exchange.app.get(Intervene, { strict: false })];
  });
  beforeEach(async () => void ([vendorId, buyerId] = [await market.organisation('CN'), await market.organisation('CN')]));
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenMoney(exchange)).toEqual({});
  });
  afterAll(() => exchange.close());

  const paid = async (): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const agreement = await market.agreement(vendorId, buyerId, 100_000n, '0');
    await exchange.drain();
    const [trade] = await settlement.tradesOfAgreement(agreement.agreementId);
    expect(isRefused(await exchange.app.get(Billing, { strict: false }).payTrade(market.actor(buyerId), trade!.id))).toBe(false);
    return { agreement, trade: trade! };
  };
  const delivered = async (): Promise<{ agreement: TestAgreement; trade: Trade }> => {
    const both = await paid();
    await market.use(both.agreement, 1, clock.now());
    await exchange.drain();
    return both;
  };
  const staff = (subject = newId(), role: 'SETTLEMENT_OFFICER' | 'COMPLIANCE_OFFICER' = 'SETTLEMENT_OFFICER') => ({ ...market.actor(newId(), [role]), subject: `member:${subject}`, organisationKind: 'EXCHANGE' as const });
  const stateOf = async (trade: Trade): Promise<string> => (await settlement.tradeById(trade.id))!.state;
  const open = (trade: Trade, claimMinor: bigint | null = null, actor = market.actor(buyerId)) =>
    opening.execute(actor, { tradeId: trade.id, ground: 'INCOMPLETE', claimMinor, text: 'two of three files are empty', evidence: [{ description: 'the receipt', reference: newId(), sha256: null }] });
  const opened = async (trade: Trade, claimMinor: bigint | null = null): Promise<Dispute> => {
    const dispute = await open(trade, claimMinor);
    if (isRefused(dispute)) throw new Error(dispute.code);
    return dispute;
  };
  const say = ({ id }: Dispute, text = 'so it is') => ({ disputeId: id, text, evidence: [] });
  const pass = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    await exchange.drain();
  };
  const clear = async (): Promise<void> => {
    expect(isRefused(await settlement.runClearing(staff(), 'CNY'))).toBe(false);
    await exchange.drain();
  };

  it('what is disputed is not accepted by silence, and a part that is conceded goes back', async () => {
    const { trade } = await delivered();
    const dispute = await opened(trade, 21_200n);
    await pass(WINDOW * 2);
    expect(await stateOf(trade)).toBe('DISPUTED');
    await clear();
    expect(await stateOf(trade)).toBe('DISPUTED');
    expect(await settlement.acceptTrade(market.actor(buyerId), trade.id)).toMatchObject({ kind: 'StateConflict' });
    expect(await settlement.refundTrade(market.actor(vendorId), { tradeId: trade.id, amountMinor: 1n, reason: 'at once' })).toMatchObject({ code: 'settlement.not_reversible' });
    expect(await answering.answer(market.actor(vendorId), { ...say(dispute), answer: 'CONCEDE' })).toMatchObject({ state: 'CONCEDED', awarded: { minor: 21_200n } });
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'ACCEPTED', disputedFrom: null, reversedNet: { minor: 20_000n } });
    await clear();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'CONFIRMED', amount: { minor: 76_000n } });
  });

  it('a vendor who says nothing has the exchange decide, who awards all of it: the trade is undone', async () => {
    const { trade, agreement } = await delivered();
    const dispute = await opened(trade);
    await pass(7 * DAY + 1);
    const read = exchange.app.get(ReadDisputes, { strict: false });
    expect(await read.one(market.actor(vendorId), dispute.id)).toMatchObject({ state: 'MEDIATION' });
    expect(await read.one(market.actor(newId()), dispute.id)).toBeNull();
    expect(await answering.decide(market.actor(buyerId), { ...say(dispute), awardMinor: 106_000n })).toMatchObject({ kind: 'NotPermitted' });
    expect(await answering.decide(staff(), { ...say(dispute), awardMinor: 106_001n })).toMatchObject({ code: 'settlement.amount_differs' });
    expect(await answering.decide(staff(), { ...say(dispute), awardMinor: 106_000n })).toMatchObject({ state: 'AWARDED' });
    await exchange.drain();
    expect(await stateOf(trade)).toBe('UNWOUND');
    expect(await market.licenceState(agreement.licenceId)).toBe('TERMINATED');
    expect(await market.sql('select state from billing.refund where trade_id = $1', [trade.id])).toEqual([{ state: 'SUCCEEDED' }]);
    expect((await read.entriesOf([dispute.id])).get(dispute.id)).toMatchObject([{ act: 'OPEN', side: 'BUYER' }, { act: 'LAPSE', side: 'EXCHANGE' }, { act: 'AWARD', side: 'EXCHANGE' }]);
    expect(await answering.decide(staff(), { ...say(dispute), awardMinor: 1n })).toMatchObject({ kind: 'StateConflict', state: 'AWARDED' });
  });

  it('contested and dismissed it is accepted; withdrawn it is where it was, with a window of its own', async () => {
    const { trade } = await delivered();
    const dispute = await opened(trade);
    expect(await answering.answer(market.actor(vendorId), { ...say(dispute), answer: 'CONTEST' })).toMatchObject({ state: 'MEDIATION' });
    expect(await answering.addEvidence(market.actor(buyerId), say(dispute, 'a listing of the files'))).toMatchObject({ state: 'MEDIATION' });
    expect(await answering.decide(staff(), { ...say(dispute), awardMinor: 0n })).toMatchObject({ state: 'DISMISSED', awarded: { minor: 0n } });
    expect(await stateOf(trade)).toBe('ACCEPTED');
    expect(await open(trade)).toMatchObject({ kind: 'StateConflict', state: 'ACCEPTED' });

    const other = await delivered();
    const second = await opened(other.trade);
    expect(await answering.withdraw(market.actor(vendorId), say(second))).toMatchObject({ kind: 'NotFound' });
    expect(await answering.answer(market.actor(buyerId), { ...say(second), answer: 'CONCEDE' })).toMatchObject({ code: 'settlement.dispute_side' });
    expect(await answering.withdraw(market.actor(buyerId), say(second))).toMatchObject({ state: 'WITHDRAWN' });
    expect(await stateOf(other.trade)).toBe('DELIVERED');
    await pass(WINDOW + 1);
    expect(await stateOf(other.trade)).toBe('ACCEPTED');
  });

  it('what was paid and never delivered can be disputed; decided, it still waits to be delivered, unless it was meanwhile', async () => {
    const { trade, agreement } = await paid();
    const dispute = await opened(trade);
    expect(await stateOf(trade)).toBe('DISPUTED');
    const other = await paid();
    const second = await opened(other.trade);
    const freeze = await desk.freeze(staff(), { tradeId: other.trade.id, reason: 'to look into it' });
    await market.use(other.agreement, 1, clock.now());
    await exchange.drain();
    expect(await settlement.tradeById(other.trade.id)).toMatchObject({ state: 'FROZEN', frozenFrom: 'DISPUTED', disputedFrom: 'DELIVERED', deliveredAt: clock.now() });
    expect(isRefused(await desk.lift(staff(), { interventionId: isRefused(freeze) ? '' : freeze.id, reason: 'looked into' }))).toBe(false);
    expect(await answering.decide(staff(), { ...say(second), awardMinor: 5_300n })).toMatchObject({ state: 'AWARDED' });
    expect(await stateOf(other.trade)).toBe('ACCEPTED');
    expect(await answering.answer(market.actor(vendorId), { ...say(dispute), answer: 'CONTEST' })).toMatchObject({ state: 'MEDIATION' });
    expect(await answering.decide(staff(), { ...say(dispute), awardMinor: 5_300n })).toMatchObject({ state: 'AWARDED' });
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'FUNDED', reversedNet: { minor: 5_000n } });
    await market.use(agreement, 1, clock.now());
    await exchange.drain();
    expect(await stateOf(trade)).toBe('DELIVERED');
  });

  it('two words at once: one counts; nobody speaks for another, and what is not theirs is not there', async () => {
    const { trade } = await delivered();
    const both = await Promise.all([open(trade), open(trade)]);
    expect(both.filter((d) => !isRefused(d))).toHaveLength(1);
    const dispute = both.find((d) => !isRefused(d)) as Dispute;
    const answers = await Promise.all([
      answering.answer(market.actor(vendorId), { ...say(dispute), answer: 'CONCEDE' }), answering.withdraw(market.actor(buyerId), say(dispute)), answering.answer(market.actor(vendorId), { ...say(dispute), answer: 'CONCEDE' }),
    ]);
    expect(answers.filter((a) => !isRefused(a))).toHaveLength(1);
    expect(await answering.answer(market.actor(newId()), { ...say(dispute), answer: 'CONTEST' })).toMatchObject({ kind: 'NotFound' });
    expect(await answering.addEvidence(market.actor(buyerId), say(dispute))).toMatchObject({ code: 'settlement.dispute_ended' });
    expect(await open({ ...trade, id: newId() })).toMatchObject({ kind: 'NotFound' });
    expect(await open(trade, null, market.actor(vendorId))).toMatchObject({ kind: 'NotFound' });
    const [fresh] = [await delivered()];
    expect(await open(fresh.trade, 106_001n)).toMatchObject({ code: 'settlement.amount_differs' });
    expect(await open(fresh.trade, 0n)).toMatchObject({ kind: 'InvalidInput' });
  });

  it('what is frozen stands still until another officer lifts it; its payout waits', async () => {
    const { trade } = await delivered();
    const [first, second] = [staff(), staff(newId(), 'COMPLIANCE_OFFICER')];
    const freeze = await desk.freeze(first, { tradeId: trade.id, reason: 'a complaint of the police' });
    if (isRefused(freeze)) throw new Error(freeze.code);
    await pass(WINDOW + 1);
    expect(await settlement.tradeById(trade.id)).toMatchObject({ state: 'FROZEN', frozenFrom: 'DELIVERED' });
    for (const refused of [await settlement.acceptTrade(market.actor(buyerId), trade.id), await open(trade), await desk.freeze(second, { tradeId: trade.id, reason: 'once more' })]) expect(refused).toMatchObject({ kind: 'StateConflict', state: 'FROZEN' });
    expect(await desk.lift(first, { interventionId: freeze.id, reason: 'all is well' })).toMatchObject({ code: 'settlement.second_officer' });
    expect(await desk.lift(market.actor(vendorId), { interventionId: freeze.id, reason: 'all is well' })).toMatchObject({ kind: 'NotPermitted' });
    const lifts = await Promise.all([desk.lift(second, { interventionId: freeze.id, reason: 'all is well' }), desk.lift(second, { interventionId: freeze.id, reason: 'all is well' })]);
    expect(lifts.filter((l) => !isRefused(l))).toHaveLength(1);
    expect(await stateOf(trade)).toBe('DELIVERED');
    await pass(WINDOW + 1);
    expect(await stateOf(trade)).toBe('ACCEPTED');

    // Cleared by a cycle whose payout is held: frozen before it is sent.
    await market.sql(`update identity.organisation set state = 'SUSPENDED' where id = $1`, [vendorId]);
    await clear();
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'PENDING', failure: 'held: the vendor is SUSPENDED' });
    const again = await desk.freeze(first, { tradeId: trade.id, reason: 'a court order' });
    if (isRefused(again)) throw new Error(again.code);
    await market.sql(`update identity.organisation set state = 'VERIFIED' where id = $1`, [vendorId]);
    await pass(61);
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'PENDING', failure: 'held: a trade of it is frozen' });
    expect(isRefused(await desk.lift(second, { interventionId: again.id, reason: 'the court let it go' }))).toBe(false);
    await pass(61);
    expect(await settlement.payoutOfTrade(trade.id)).toMatchObject({ state: 'CONFIRMED' });
    expect(await stateOf(trade)).toBe('SETTLED');
  });

  it('a trade is undone by four eyes, also one that is settled, or disputed and frozen', async () => {
    const [first, second] = [staff(), staff()];
    const propose = async (trade: Trade) => {
      const proposed = await desk.proposeUnwinding(first, { tradeId: trade.id, reason: 'sold by who did not own it' });
      if (isRefused(proposed)) throw new Error(proposed.code);
      return { interventionId: proposed.id, reason: 'seen and agreed' };
    };
    const settled = await delivered();
    await pass(WINDOW + 1);
    await clear();
    expect(await stateOf(settled.trade)).toBe('SETTLED');
    const one = await propose(settled.trade);
    expect(await desk.proposeUnwinding(first, { tradeId: settled.trade.id, reason: 'once more' })).toMatchObject({ code: 'settlement.intervention_open' });
    expect(await desk.approveUnwinding(first, one)).toMatchObject({ code: 'settlement.second_officer' });
    expect(await desk.lift(second, one)).toMatchObject({ kind: 'NotFound' });
    expect(await desk.approveUnwinding(second, one)).toMatchObject({ state: 'DONE' });
    await exchange.drain();
    expect(await stateOf(settled.trade)).toBe('UNWOUND');
    expect(await market.licenceState(settled.agreement.licenceId)).toBe('TERMINATED');
    // The exchange pays the buyer at once: two of its officers decided so.
    expect(await market.sql('select state from billing.refund where trade_id = $1', [settled.trade.id])).toEqual([{ state: 'SUCCEEDED' }]);

    const held = await delivered();
    const dispute = await opened(held.trade, 1_000n);
    const freeze = await desk.freeze(second, { tradeId: held.trade.id, reason: 'to look into it' });
    expect(isRefused(freeze)).toBe(false);
    expect(await answering.answer(market.actor(vendorId), { ...say(dispute), answer: 'CONCEDE' })).toMatchObject({ code: 'settlement.frozen' });
    const two = await propose(held.trade);
    expect(await desk.approveUnwinding(second, two)).toMatchObject({ code: 'settlement.second_officer' });
    expect(await desk.approveUnwinding(staff(), two)).toMatchObject({ state: 'DONE' });
    expect(await settlement.tradeById(held.trade.id)).toMatchObject({ state: 'UNWOUND', disputedFrom: null, frozenFrom: null });
    expect(await exchange.app.get(ReadDisputes, { strict: false }).one(market.actor(buyerId), dispute.id)).toMatchObject({ state: 'AWARDED' });
    expect((await desk.page(second, held.trade.id, true, { first: 10, after: null }))!.items).toEqual([]);
    expect(await desk.page(market.actor(vendorId), held.trade.id, false, { first: 10, after: null })).toBeNull();

    const kept = await delivered();
    const three = await propose(kept.trade);
    expect(await desk.rejectUnwinding(second, three)).toMatchObject({ state: 'REJECTED' });
    expect(await desk.approveUnwinding(second, three)).toMatchObject({ kind: 'StateConflict' });
    expect(await stateOf(kept.trade)).toBe('DELIVERED');
  });
});
