import type { Money } from '#shared';

export interface PayoutOrder {
  /** The same key is the same order, however often it is sent. */
  readonly idempotencyKey: string;
  readonly payoutId: string;
  readonly vendorId: string;
  readonly amount: Money;
}

/** PENDING: taken, the money is under way; ask again with the same order. FAILED is final for this key. */
export type PayoutAnswer =
  | { readonly state: 'CONFIRMED'; readonly reference: string }
  | { readonly state: 'PENDING' }
  | { readonly state: 'FAILED'; readonly reason: string };

/** The way of money out of the exchange. An adapter never answers FAILED for an order that may still be carried out: it throws instead. */
export abstract class PayoutPort {
  /** Names the clearing account; stable. */
  abstract readonly provider: string;
  abstract send(order: PayoutOrder): Promise<PayoutAnswer>;
}
