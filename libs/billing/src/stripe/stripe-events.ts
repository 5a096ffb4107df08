import Stripe from 'stripe';
import type { PaymentNews } from '../domain/payment-port.js';

const TOLERANCE_SECONDS = 300;

export interface SignedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly payload: object;
}

/** The event of a webhook body whose signature is good and recent; null for any other. */
export function verifiedEvent(rawBody: Buffer, signature: string, secret: string, now: Date): SignedEvent | null {
  try {
    const event = Stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime());
    return { eventId: event.id, type: event.type, payload: event };
  } catch {
    // The library throws errors of several kinds for headers and bodies that are not Stripe's; none of them was verified.
    return null;
  }
}

interface IntentEvent {
  readonly data?: { readonly object?: { readonly id?: unknown; readonly amount_received?: unknown; readonly currency?: unknown; readonly metadata?: { readonly payment_id?: unknown } } };
}

/** Of these the payload is not believed: whoever hears them asks what became of it. */
const MOVED_EVENTS: Readonly<Record<string, 'refund' | 'chargeback'>> = {
  'refund.updated': 'refund', 'refund.failed': 'refund', 'charge.refund.updated': 'refund',
  'charge.dispute.created': 'chargeback', 'charge.dispute.updated': 'chargeback', 'charge.dispute.closed': 'chargeback', 'charge.dispute.funds_withdrawn': 'chargeback', 'charge.dispute.funds_reinstated': 'chargeback',
};

/** What a stored Stripe event says of a payment; null for types that change nothing here. */
export function paymentNews(type: string, payload: unknown): PaymentNews | null {
  const news = MOVED_EVENTS[type];
  if (news) {
    const moved = (payload as IntentEvent).data?.object;
    if (typeof moved?.id !== 'string') throw new Error(`the event carries no ${news}`);
    return { news, reference: moved.id };
  }
  if (type !== 'payment_intent.succeeded' && type !== 'payment_intent.payment_failed') return null;
  const intent = (payload as IntentEvent).data?.object;
  if (typeof intent?.id !== 'string') throw new Error('the event carries no payment intent');
  const paymentId = typeof intent.metadata?.payment_id === 'string' ? intent.metadata.payment_id : null;
  if (type === 'payment_intent.payment_failed') return { news: 'failed', paymentId, reference: intent.id };
  if (typeof intent.amount_received !== 'number' || !Number.isSafeInteger(intent.amount_received) || typeof intent.currency !== 'string') throw new Error('the event carries no amount');
  return { news: 'succeeded', paymentId, reference: intent.id, minor: BigInt(intent.amount_received), currency: intent.currency.toUpperCase() };
}
