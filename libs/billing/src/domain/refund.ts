import { defineStateTable, type Money } from '#shared';

export const REFUND_STATES = ['INTENT', 'PROCESSING', 'SUCCEEDED', 'FAILED'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** What goes back to a buyer through the provider that took his payment. It has the id of its reversal. */
export interface Refund {
  readonly id: string;
  readonly tradeId: string;
  readonly buyerId: string;
  readonly vendorId: string;
  readonly paymentId: string;
  readonly provider: string;
  /** The provider's name for the payment that it refunds. */
  readonly paymentReference: string;
  readonly amount: Money;
  readonly state: RefundState;
  readonly attempt: number;
  readonly providerReference: string | null;
  readonly failure: string | null;
  readonly problem: string | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** INTENT: written, and waits until its vendor has covered it. FAILED: the provider did not pay, or what it had paid came back; staff orders it anew. */
export const refundStates = defineStateTable<RefundState, 'process' | 'succeed' | 'fail' | 'bounce' | 'retry'>('refund', ['INTENT'], REFUND_STATES, [
  { from: 'INTENT', event: 'process', to: 'PROCESSING' },
  { from: 'PROCESSING', event: 'succeed', to: 'SUCCEEDED' },
  { from: 'PROCESSING', event: 'fail', to: 'FAILED' },
  { from: 'SUCCEEDED', event: 'bounce', to: 'FAILED' },
  { from: 'FAILED', event: 'retry', to: 'INTENT' },
]);

/** The provider sees one key per attempt: a repeated call is the same order, a retry after a failure is a new one. */
export const refundKey = ({ id, attempt }: Pick<Refund, 'id' | 'attempt'>): string => `${id}-r${attempt}`;
