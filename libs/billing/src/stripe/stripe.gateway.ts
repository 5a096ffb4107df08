import Stripe from 'stripe';
import { money } from '#shared';
import { type ChargebackAnswer, type PaymentAnswer, type PaymentNews, type PaymentOrder, PaymentPort, type RefundAnswer, type RefundOrder } from '../domain/payment-port.js';
import { paymentNews } from './stripe-events.js';

/** Inquiries (`warning_…`), and what was prevented, take no money. */
const DISPUTE_STATES: Readonly<Record<string, ChargebackAnswer['state']>> = {
  needs_response: 'OPEN', under_review: 'OPEN', appeal_needs_response: 'OPEN', appeal_under_review: 'OPEN', won: 'WON', lost: 'LOST',
};
/** Stripe takes at most eight digits. */
const MAX_STRIPE_MINOR = 99_999_999n;

/**
 * Payments as Stripe PaymentIntents. `start` makes the intent and answers its client secret, with which the buyer pays at
 * Stripe; the webhook or the sweep learns the end of it.
 */
export class StripeGateway extends PaymentPort {
  readonly provider = 'stripe';

  constructor(private readonly stripe: Stripe) {
    super();
  }

  async start(order: PaymentOrder): Promise<PaymentAnswer> {
    if (order.amount.minor > MAX_STRIPE_MINOR) return { state: 'FAILED', reference: null, reason: 'Stripe takes no payment of more than 99,999,999 minor units' };
    try {
      const intent = await this.stripe.paymentIntents.create({
        amount: Number(order.amount.minor), currency: order.amount.currency.toLowerCase(), automatic_payment_methods: { enabled: true },
        description: `Trade ${order.tradeId}`, metadata: { payment_id: order.paymentId, trade_id: order.tradeId },
      }, { idempotencyKey: order.paymentId });
      return toAnswer(intent);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError) return { state: 'FAILED', reference: null, reason: error.message.slice(0, 500) };
      throw error;
    }
  }

  async status(reference: string): Promise<PaymentAnswer> {
    return toAnswer(await this.stripe.paymentIntents.retrieve(reference));
  }

  async abandon(reference: string): Promise<PaymentAnswer> {
    try {
      return toAnswer(await this.stripe.paymentIntents.cancel(reference));
    } catch (error) {
      // It has ended already, one way or the other: what Stripe says now is the answer.
      if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state') return this.status(reference);
      throw error;
    }
  }

  async refund(order: RefundOrder): Promise<RefundAnswer> {
    try {
      return toRefundAnswer(await this.stripe.refunds.create(
        { payment_intent: order.paymentReference, amount: Number(order.amount.minor), metadata: { refund_id: order.refundId } }, { idempotencyKey: order.refundKey },
      ));
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { state: 'FAILED', reference: null, reason: error.message.slice(0, 500) };
      throw error;
    }
  }

  async refundStatus(reference: string): Promise<RefundAnswer> {
    return toRefundAnswer(await this.stripe.refunds.retrieve(reference));
  }

  async chargeback(reference: string): Promise<ChargebackAnswer | null> {
    const dispute = await this.stripe.disputes.retrieve(reference);
    const state = DISPUTE_STATES[dispute.status];
    if (!state) return null;
    const payment = typeof dispute.payment_intent === 'string' ? dispute.payment_intent : dispute.payment_intent?.id;
    if (!payment) throw new Error(`dispute ${reference} names no payment`);
    return { state, reference: dispute.id, paymentReference: payment, amount: money(BigInt(dispute.amount), dispute.currency.toUpperCase()), reason: dispute.reason || 'general' };
  }

  newsOf(type: string, payload: unknown): PaymentNews | null {
    return paymentNews(type, payload);
  }
}

function toAnswer(intent: Stripe.PaymentIntent): PaymentAnswer {
  switch (intent.status) {
    case 'succeeded': return { state: 'SUCCEEDED', reference: intent.id, amount: money(BigInt(intent.amount_received), intent.currency.toUpperCase()) };
    case 'canceled': return { state: 'FAILED', reference: intent.id, reason: intent.last_payment_error?.message?.slice(0, 500) ?? intent.cancellation_reason ?? 'the payment was cancelled' };
    default: return { state: 'PROCESSING', reference: intent.id, clientSecret: intent.client_secret };
  }
}

function toRefundAnswer(refund: Stripe.Refund): RefundAnswer {
  switch (refund.status) {
    case 'succeeded': return { state: 'SUCCEEDED', reference: refund.id };
    case 'failed': case 'canceled': return { state: 'FAILED', reference: refund.id, reason: refund.failure_reason ?? `the refund was ${refund.status}` };
    default: return { state: 'PROCESSING', reference: refund.id };
  }
}
