import { Billing } from '#billing';
import { isRefused, trustCallsOutsideRequests } from '#shared';
import { Settlement, type Trade } from '#settlement';
import Stripe from 'stripe';
import { BillingMarket, type TestAgreement } from './support/billing-market.js';
import { TestClock } from './support/clock.js';
import { brokenMoney } from './support/invariants.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { StripeDouble } from './support/stripe-double.js';

const SECRET = 'whsec_test';

// Rooms are called directly here; what comes over HTTP has the scope of its request.
trustCallsOutsideRequests();

describe('payments through Stripe', () => {
  const double = new StripeDouble();
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: BillingMarket;
  let billing: Billing;
  let settlement: Settlement;
  let events = 0;

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: SECRET, STRIPE_API_URL: await double.listen() } });
    market = new BillingMarket(exchange);
    billing = exchange.app.get(Billing, { strict: false });
    settlement = exchange.app.get(Settlement, { strict: false });
  });
  afterAll(async () => {
    await exchange.close();
    await double.close();
  });

  /** An agreement whose buyer has called payTrade and holds the client secret. */
  const begun = async (): Promise<{ agreement: TestAgreement; trade: Trade; intent: string }> => {
    const agreement = await market.agreement(await market.organisation('HK'), await market.organisation('SG'), 5_000n, '0', 'HKD');
    await exchange.drain();
    const [trade] = await settlement.tradesOfAgreement(agreement.agreementId);
    const paid = await billing.payTrade(market.actor(agreement.buyerId), trade!.id);
    if (isRefused(paid)) throw new Error(paid.code);
    expect(paid).toMatchObject({ payment: { state: 'PROCESSING', provider: 'stripe' }, clientSecret: expect.stringMatching(/_secret_/) as string });
    return { agreement, trade: trade!, intent: paid.payment.providerReference! };
  };
  const eventOf = (type: string, intent: string, id = `evt_${++events}`, over: object = {}): string =>
    JSON.stringify({ id, object: 'event', type, data: { object: { ...double.intents.get(intent), ...over } } });
  const post = async (payload: string, header = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: Math.floor(clock.now().getTime() / 1000) })): Promise<number> =>
    (await fetch(`${exchange.url}/webhooks/stripe`, { method: 'POST', headers: { 'content-type': 'application/json', 'stripe-signature': header }, body: payload })).status;
  const stateOf = async (trade: Trade): Promise<string> => (await settlement.tradeById(trade.id))!.state;
  const inboxOf = (eventId: string): Promise<{ state: string; attempts: number }[]> => market.sql('select state, attempts from billing.inbox where event_id = $1', [eventId]);

  it('a signed success funds the trade and activates the licence, once however often it comes', async () => {
    const { agreement, trade, intent } = await begun();
    double.pay(intent);
    const payload = eventOf('payment_intent.succeeded', intent, 'evt_twice');
    expect(await Promise.all([post(payload), post(payload), post(payload)])).toEqual([200, 200, 200]);
    expect(await stateOf(trade)).toBe('AWAITING_PAYMENT');
    await Promise.all([exchange.drain(), exchange.drain()]);
    expect(await stateOf(trade)).toBe('FUNDED');
    expect(await market.licenceState(agreement.licenceId)).toBe('ACTIVE');
    expect(await settlement.journalsOfTrade(trade.id)).toHaveLength(1);
    expect(await inboxOf('evt_twice')).toEqual([{ state: 'PROCESSED', attempts: 0 }]);
  });

  it('a body that was not signed, was changed or is old is refused and not kept', async () => {
    const { trade, intent } = await begun();
    double.pay(intent);
    const payload = eventOf('payment_intent.succeeded', intent, 'evt_forged');
    const old = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: Math.floor(clock.now().getTime() / 1000) - 600 });
    expect(await post(payload, 't=1,v1=00')).toBe(400);
    expect(await post(payload, Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_other' }))).toBe(400);
    expect(await post(payload, old)).toBe(400);
    expect((await fetch(`${exchange.url}/webhooks/stripe`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: payload })).status).toBe(400);
    await exchange.drain();
    expect(await inboxOf('evt_forged')).toEqual([]);
    expect(await stateOf(trade)).toBe('AWAITING_PAYMENT');
  });

  it('after a failure the intent is given up at Stripe, and a late failure does not undo a success', async () => {
    const first = await begun();
    double.decline(first.intent);
    expect(await post(eventOf('payment_intent.payment_failed', first.intent))).toBe(200);
    await exchange.drain();
    expect(double.intents.get(first.intent)!.status).toBe('canceled');
    expect(await billing.paymentsOfTrade(first.trade.id)).toMatchObject([{ state: 'FAILED', failure: 'Your card was declined.' }]);
    const again = await billing.payTrade(market.actor(first.agreement.buyerId), first.trade.id);
    expect(!isRefused(again) && again.payment.providerReference !== first.intent).toBe(true);

    const second = await begun();
    const late = eventOf('payment_intent.payment_failed', second.intent);
    double.pay(second.intent);
    await post(eventOf('payment_intent.succeeded', second.intent));
    await post(late);
    await exchange.drain();
    expect(await stateOf(second.trade)).toBe('FUNDED');
    expect(await billing.paymentsOfTrade(second.trade.id)).toMatchObject([{ state: 'SUCCEEDED' }]);
  });

  it('another amount or currency books nothing and waits for a person', async () => {
    const { trade, intent } = await begun();
    double.pay(intent);
    await post(eventOf('payment_intent.succeeded', intent, 'evt_less', { amount_received: 4_999 }));
    await post(eventOf('payment_intent.succeeded', intent, 'evt_other', { currency: 'sgd' }));
    await exchange.app.get(Billing, { strict: false }).paymentsOfTrade(trade.id);
    await exchange.drain();
    expect(await inboxOf('evt_less')).toEqual([{ state: 'DEAD', attempts: 1 }]);
    expect(await inboxOf('evt_other')).toEqual([{ state: 'DEAD', attempts: 1 }]);
    expect(await stateOf(trade)).toBe('AWAITING_PAYMENT');
  });

  it('keeps what it does not know, and gives up on what it cannot place', async () => {
    const { intent } = await begun();
    await post(eventOf('charge.refunded', intent, 'evt_unknown'));
    await post(JSON.stringify({ id: 'evt_lost', object: 'event', type: 'payment_intent.succeeded', data: { object: { id: 'pi_nobody', amount_received: 1, currency: 'hkd', metadata: {} } } }));
    await exchange.drain();
    expect(await inboxOf('evt_unknown')).toEqual([{ state: 'IGNORED', attempts: 0 }]);
    expect(await inboxOf('evt_lost')).toEqual([{ state: 'RECEIVED', attempts: 1 }]);
    for (let i = 0; i < 8; i++) {
      clock.advance(600);
      await exchange.drain();
    }
    expect(await inboxOf('evt_lost')).toEqual([{ state: 'DEAD', attempts: 8 }]);
  });

  it('a refund is ordered once at Stripe, and what becomes of it later is booked', async () => {
    const { agreement, trade, intent } = await begun();
    double.pay(intent);
    await post(eventOf('payment_intent.succeeded', intent));
    await exchange.drain();
    double.slowRefunds = true;
    double.losing = 1;
    expect(await settlement.refundTrade(market.actor(agreement.vendorId), { tradeId: trade.id, amountMinor: 2_000n, reason: 'half of it' })).toMatchObject({ state: 'FUNDED' });
    await exchange.drain();
    const [refund] = [...double.refunds.values()];
    expect([...double.refunds.values()]).toMatchObject([{ amount: 2_000, payment_intent: intent, status: 'pending' }]);
    const refunds = (): Promise<{ state: string; provider_reference: string; failure: string | null }[]> => market.sql('select state, provider_reference, failure from billing.refund where trade_id = $1', [trade.id]);
    expect(await refunds()).toMatchObject([{ state: 'PROCESSING', provider_reference: refund!.id }]);
    const told = (id: string): Promise<number> => post(JSON.stringify({ id, object: 'event', type: 'refund.updated', data: { object: refund } }));
    double.settleRefund(refund!.id, 'succeeded');
    await Promise.all([told('evt_refund'), told('evt_refund'), told('evt_refund_again')]);
    await exchange.drain();
    expect(await refunds()).toMatchObject([{ state: 'SUCCEEDED' }]);
    // The bank of the buyer sends it back days later.
    double.settleRefund(refund!.id, 'failed');
    await told('evt_refund_failed');
    await exchange.drain();
    expect(await refunds()).toMatchObject([{ state: 'FAILED', failure: 'lost_or_stolen_card' }]);
    expect((await settlement.journalsOfTrade(trade.id)).map((j) => j.kind)).toEqual(['FUND', 'REVERSE', 'REFUND_CONFIRMED', 'REFUND_RETURNED']);
    expect(await market.sql(`select kind from identity.notice where object_id = $1 order by id`, [trade.id])).toEqual(expect.arrayContaining([{ kind: 'REFUND_FAILED' }]));
    double.slowRefunds = false;
  });

  it('a chargeback freezes the trade; won it goes on, lost it goes back and the vendor owes what he was paid', async () => {
    const charged = async () => {
      const one = await begun();
      double.pay(one.intent);
      await post(eventOf('payment_intent.succeeded', one.intent));
      await exchange.drain();
      return one;
    };
    const told = async (id: string, type: string, event = `evt_${++events}`): Promise<void> => {
      expect(await post(JSON.stringify({ id: event, object: 'event', type, data: { object: { id } } }))).toBe(200);
      await exchange.drain();
    };
    const kinds = async (trade: Trade): Promise<string[]> => (await settlement.journalsOfTrade(trade.id)).map((j) => j.kind);
    const won = await charged();
    const first = double.dispute(won.intent, 5_000);
    await told(first, 'charge.dispute.created', 'evt_dispute');
    await Promise.all([told(first, 'charge.dispute.created', 'evt_dispute'), told(first, 'charge.dispute.funds_withdrawn'), told(first, 'charge.dispute.updated')]);
    expect(await settlement.tradeById(won.trade.id)).toMatchObject({ state: 'FROZEN', frozenFrom: 'FUNDED' });
    expect(await kinds(won.trade)).toEqual(['FUND', 'CHARGEBACK_TAKEN']);
    double.disputes.get(first)!.status = 'won';
    await told(first, 'charge.dispute.closed');
    await told(first, 'charge.dispute.funds_reinstated');
    expect(await stateOf(won.trade)).toBe('FUNDED');
    expect(await kinds(won.trade)).toEqual(['FUND', 'CHARGEBACK_TAKEN', 'CHARGEBACK_WON']);

    // A part had been refunded; the payer takes back the whole at his bank, and the last word comes first.
    const lost = await charged();
    expect(isRefused(await settlement.refundTrade(market.actor(lost.agreement.vendorId), { tradeId: lost.trade.id, amountMinor: 1_000n, reason: 'a fifth of it' }))).toBe(false);
    await exchange.drain();
    const second = double.dispute(lost.intent, 5_000);
    double.disputes.get(second)!.status = 'lost';
    await told(second, 'charge.dispute.closed');
    await told(second, 'charge.dispute.created');
    expect(await stateOf(lost.trade)).toBe('UNWOUND');
    expect(await market.licenceState(lost.agreement.licenceId)).toBe('TERMINATED');
    expect(await kinds(lost.trade)).toEqual(['FUND', 'REVERSE', 'REFUND_CONFIRMED', 'CHARGEBACK_TAKEN', 'REVERSE', 'CHARGEBACK_LOST']);
    expect(await market.sql(`select a.kind, sum(p.amount_minor)::text as sum from settlement.posting p join settlement.account a on a.id = p.account_id join settlement.journal j on j.id = p.journal_id and j.recorded_at = p.recorded_at
      where j.trade_id = $1 group by a.kind having sum(p.amount_minor) <> 0 order by a.kind`, [lost.trade.id])).toEqual([{ kind: 'BAD_DEBT', sum: '1000' }, { kind: 'PAYMENT_CLEARING', sum: '-1000' }]);

    // An inquiry takes no money; what nobody knows is not made up.
    const asked = await charged();
    const third = double.dispute(asked.intent, 5_000);
    double.disputes.get(third)!.status = 'warning_needs_response';
    await told(third, 'charge.dispute.created', 'evt_inquiry');
    expect(await inboxOf('evt_inquiry')).toEqual([{ state: 'PROCESSED', attempts: 0 }]);
    expect(await stateOf(asked.trade)).toBe('FUNDED');
    await told('dp_nobody', 'charge.dispute.created', 'evt_nobody');
    expect(await inboxOf('evt_nobody')).toEqual([{ state: 'RECEIVED', attempts: 1 }]);
    double.disputes.get(third)!.status = 'needs_response';
    double.disputes.get(third)!.amount = 5_001;
    await told(third, 'charge.dispute.updated', 'evt_too_much');
    expect(await inboxOf('evt_too_much')).toEqual([{ state: 'DEAD', attempts: 1 }]);
    expect(await brokenMoney(exchange)).toEqual({});
  });

  it('a webhook that never comes is made up for by asking', async () => {
    const { trade, intent } = await begun();
    double.pay(intent);
    clock.advance(60);
    await exchange.drain();
    expect(await stateOf(trade)).toBe('FUNDED');
  });
});
