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

const REFUND_EVENTS: ReadonlySet<string> = new Set(['refund.updated', 'refund.failed', 'charge.refund.updated']);

/** What a stored Stripe event says of a payment; null for types that change nothing here. */
export function paymentNews(type: string, payload: unknown): PaymentNews | null {
  if (REFUND_EVENTS.has(type)) {
    const refund = (payload as IntentEvent).data?.object;
    if (typeof refund?.id !== 'string') throw new Error('the event carries no refund');
    return { news: 'refund', reference: refund.id };
  }
  if (type !== 'payment_intent.succeeded' && type !== 'payment_intent.payment_failed') return null;
  const intent = (payload as IntentEvent).data?.object;
  if (typeof intent?.id !== 'string') throw new Error('the event carries no payment intent');
  const paymentId = typeof intent.metadata?.payment_id === 'string' ? intent.metadata.payment_id : null;
  if (type === 'payment_intent.payment_failed') return { news: 'failed', paymentId, reference: intent.id };
  if (typeof intent.amount_received !== 'number' || !Number.isSafeInteger(intent.amount_received) || typeof intent.currency !== 'string') throw new Error('the event carries no amount');
  return { news: 'succeeded', paymentId, reference: intent.id, minor: BigInt(intent.amount_received), currency: intent.currency.toUpperCase() };
}
