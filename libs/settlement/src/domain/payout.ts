import { defineStateTable, type Money } from '#shared';

export const PAYOUT_STATES = ['AWAITING_APPROVAL', 'PENDING', 'SENT', 'CONFIRMED', 'FAILED'] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

/** What a vendor is owed from one clearing cycle, in one amount. */
export interface Payout {
  readonly id: string;
  readonly cycleId: string;
  readonly vendorId: string;
  readonly amount: Money;
  readonly state: PayoutState;
  readonly provider: string;
  readonly attempt: number;
  readonly providerReference: string | null;
  readonly failure: string | null;
  /** Who ran its cycle, or brought it up again; null of those from before. */
  readonly proposedBy: string | null;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly confirmedAt: Date | null;
}

export const payoutStates = defineStateTable<PayoutState, 'approve' | 'reject' | 'resubmit' | 'send' | 'confirm' | 'fail' | 'retry'>('payout', ['AWAITING_APPROVAL', 'PENDING'], PAYOUT_STATES, [
  { from: 'AWAITING_APPROVAL', event: 'approve', to: 'PENDING' },
  { from: 'AWAITING_APPROVAL', event: 'reject', to: 'FAILED' },
  { from: 'FAILED', event: 'resubmit', to: 'AWAITING_APPROVAL' },
  { from: 'PENDING', event: 'send', to: 'SENT' },
  { from: 'SENT', event: 'confirm', to: 'CONFIRMED' },
  { from: 'SENT', event: 'fail', to: 'FAILED' },
  { from: 'FAILED', event: 'retry', to: 'PENDING' },
]);

/** The provider sees one key per attempt: a repeated call is the same order, a retry after a failure is a new one. */
export const payoutKey = (payout: Pick<Payout, 'id' | 'attempt'>): string => (payout.attempt === 1 ? payout.id : `${payout.id}-${payout.attempt}`);
