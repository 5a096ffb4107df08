import type { Money } from '#shared';

export interface PaymentOrder {
  /** The idempotency key: the same payment is one charge, however often it is started. */
  readonly paymentId: string;
  readonly tradeId: string;
  readonly amount: Money;
}

/** PROCESSING: the payer has still to act, with `clientSecret` where the provider gives one. SUCCEEDED and FAILED are final. */
export type PaymentAnswer =
  | { readonly state: 'PROCESSING'; readonly reference: string; readonly clientSecret: string | null }
  | { readonly state: 'SUCCEEDED'; readonly reference: string; readonly amount: Money }
  | { readonly state: 'FAILED'; readonly reference: string | null; readonly reason: string };

export interface RefundOrder {
  /** The idempotency key: the same key is one refund, however often it is ordered. */
  readonly refundKey: string;
  readonly refundId: string;
  /** The provider's name for the payment. */
  readonly paymentReference: string;
  /** At the most what is left of the payment. */
  readonly amount: Money;
}

/** PROCESSING: the provider has taken the order. SUCCEEDED: the money has left it; it may come back later, and is FAILED then. FAILED is final for the key. */
export type RefundAnswer =
  | { readonly state: 'PROCESSING' | 'SUCCEEDED'; readonly reference: string }
  | { readonly state: 'FAILED'; readonly reference: string | null; readonly reason: string };

/** What a provider says of a payment that its payer takes back. OPEN: the money is gone until it has decided. WON: it is back. */
export interface ChargebackAnswer {
  readonly state: 'OPEN' | 'WON' | 'LOST';
  readonly reference: string;
  readonly paymentReference: string;
  readonly amount: Money;
  readonly reason: string;
}

/** What an event that the provider sent says of a payment. */
export type PaymentNews =
  | { readonly news: 'succeeded'; readonly paymentId: string | null; readonly reference: string; readonly minor: bigint; readonly currency: string }
  | { readonly news: 'failed'; readonly paymentId: string | null; readonly reference: string }
  /** A refund has moved; what became of it the provider is asked. */
  | { readonly news: 'refund'; readonly reference: string }
  /** So has a chargeback. */
  | { readonly news: 'chargeback'; readonly reference: string };

/** The way of money into the exchange. An adapter answers FAILED only where no money can come any more; what it does not know it throws. */
export abstract class PaymentPort {
  /** Names the clearing account and the payments; stable. */
  abstract readonly provider: string;
  abstract start(order: PaymentOrder): Promise<PaymentAnswer>;
  abstract status(reference: string): Promise<PaymentAnswer>;
  /** Gives up a payment that has not succeeded, so that no money can come of it later. One that has succeeded stays so. */
  abstract abandon(reference: string): Promise<PaymentAnswer>;
  /** Pays back a payment that has succeeded, or a part of it. */
  abstract refund(order: RefundOrder): Promise<RefundAnswer>;
  abstract refundStatus(reference: string): Promise<RefundAnswer>;
  /** What became of a chargeback; null where no money was taken for it. */
  abstract chargeback(reference: string): Promise<ChargebackAnswer | null>;
  /** Reads an event whose signature was checked; null for types that change nothing here. */
  abstract newsOf(type: string, payload: unknown): PaymentNews | null;
}
