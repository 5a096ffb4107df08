import Stripe from 'stripe';
import { loadConfig, money, newId } from '#shared';
import { paymentPortContract } from '../../../../test/support/payment-port.contract.js';
import { StripeDouble } from '../../../../test/support/stripe-double.js';
import { stripeClient } from './stripe.client.js';
import { paymentNews, verifiedEvent } from './stripe-events.js';
import { StripeGateway } from './stripe.gateway.js';

const double = new StripeDouble();
let port: StripeGateway;
beforeAll(async () => {
  port = new StripeGateway(stripeClient(loadConfig({ NODE_ENV: 'test', PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_x', STRIPE_API_URL: await double.listen() })));
});
afterAll(() => double.close());

paymentPortContract('stripe', () => ({ port, pay: (r) => double.pay(r), decline: (r) => double.decline(r), declinedMinor: 500n }));

describe('stripe gateway', () => {
  it('gives the payer a client secret, names the payment to Stripe and speaks the API version of the library', async () => {
    const paymentId = newId();
    const answer = await port.start({ paymentId, tradeId: newId(), amount: money(700n, 'EUR') });
    expect(answer).toMatchObject({ state: 'PROCESSING', clientSecret: expect.stringMatching(/_secret_/) as string });
    expect(double.intents.get(answer.reference!)).toMatchObject({ amount: 700, currency: 'eur', metadata: { payment_id: paymentId } });
    expect(double.requests.at(-1)).toMatchObject({ idempotencyKey: paymentId, apiVersion: Stripe.API_VERSION });
  });
  it('asks again under the same key when an answer is lost, and charges once', async () => {
    const before = double.intents.size;
    double.losing = 1;
    expect(await port.start({ paymentId: newId(), tradeId: newId(), amount: money(700n, 'EUR') })).toMatchObject({ state: 'PROCESSING' });
    expect(double.intents.size).toBe(before + 1);
  });
  it('fails for good what Stripe never takes', async () => {
    expect(await port.start({ paymentId: newId(), tradeId: newId(), amount: money(100_000_000n, 'EUR') })).toMatchObject({ state: 'FAILED', reference: null });
  });
});

describe('stripe events', () => {
  const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', data: { object: { id: 'pi_1', amount_received: 5, currency: 'sgd', metadata: { payment_id: 'p' } } } });
  const now = new Date('2026-11-22T08:00:00Z');
  const sign = (secret = 'whsec_x', at = now, body = payload): string => Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: Math.floor(at.getTime() / 1000) });
  it('takes a good signature', () => expect(verifiedEvent(Buffer.from(payload), sign(), 'whsec_x', now)).toMatchObject({ eventId: 'evt_1', type: 'payment_intent.succeeded' }));
  it.each([
    ['another secret', Buffer.from(payload), sign('whsec_y')], ['another body', Buffer.from(payload.replace('5', '6')), sign()],
    ['an old signature', Buffer.from(payload), sign('whsec_x', new Date('2026-11-22T07:50:00Z'))], ['rubbish', Buffer.from(payload), 'v1=,t='],
    ['a signed body that is no JSON', Buffer.from('rubbish'), sign('whsec_x', now, 'rubbish')],
  ])('refuses %s', (_, body, header) => expect(verifiedEvent(body, header, 'whsec_x', now)).toBeNull());
  it('reads what it says of the payment', () => {
    expect(paymentNews('payment_intent.succeeded', JSON.parse(payload))).toEqual({ news: 'succeeded', paymentId: 'p', reference: 'pi_1', minor: 5n, currency: 'SGD' });
    expect(paymentNews('charge.updated', {})).toBeNull();
    expect(() => paymentNews('payment_intent.succeeded', { data: { object: { id: 'pi_1', amount_received: 1.5, currency: 'sgd' } } })).toThrow('amount');
  });
});
