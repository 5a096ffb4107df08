import { defineStateTable, type Money } from '#shared';

export const PAYMENT_STATES = ['INTENT', 'PROCESSING', 'SUCCEEDED', 'FAILED'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** One attempt to bring the buyer's money in for a trade. */
export interface Payment {
  readonly id: string;
  readonly tradeId: string;
  readonly buyerId: string;
  readonly provider: string;
  readonly amount: Money;
  readonly state: PaymentState;
  readonly providerReference: string | null;
  readonly failure: string | null;
  readonly problem: string | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** INTENT: written, the provider may not know of it. PROCESSING: the provider knows. FAILED allows another payment for the trade. */
export const paymentStates = defineStateTable<PaymentState, 'process' | 'succeed' | 'fail'>('payment', ['INTENT'], PAYMENT_STATES, [
  { from: 'INTENT', event: 'process', to: 'PROCESSING' },
  { from: 'PROCESSING', event: 'succeed', to: 'SUCCEEDED' },
  { from: 'PROCESSING', event: 'fail', to: 'FAILED' },
]);

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** When a payment is looked at again: 5 s after the first try, doubling up to an hour. */
export const nextCheck = (now: Date, attempts: number): Date => new Date(now.getTime() + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20), LONGEST_PAUSE_MS));
