import { isDeliveryMeter, type Meter } from '#contracts';
import { defineStateTable, invalid, type InvalidInput } from '#shared';
import { BILLING_ERRORS } from '../billing.errors.js';

export const CORRECTION_STATES = ['PROPOSED', 'APPLIED', 'REJECTED', 'WITHDRAWN'] as const;
export type CorrectionState = (typeof CORRECTION_STATES)[number];
export const CORRECTION_ANSWERS = ['approve', 'reject', 'withdraw'] as const;
export type CorrectionAnswer = (typeof CORRECTION_ANSWERS)[number];
export type Side = 'VENDOR' | 'BUYER';

/** `apply`: nobody else has to say yes. */
export const correctionStates = defineStateTable<CorrectionState, CorrectionAnswer | 'apply'>('usage_correction', ['PROPOSED'], CORRECTION_STATES, [
  { from: 'PROPOSED', event: 'apply', to: 'APPLIED' },
  { from: 'PROPOSED', event: 'approve', to: 'APPLIED' },
  { from: 'PROPOSED', event: 'reject', to: 'REJECTED' },
  { from: 'PROPOSED', event: 'withdraw', to: 'WITHDRAWN' },
]);

/** That one event should have counted another quantity. */
export interface UsageCorrection {
  readonly id: string;
  readonly licenceId: string;
  readonly agreementId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  /** Name of the event. */
  readonly source: string;
  readonly eventId: string;
  readonly meter: Meter;
  /** What stood, with corrections of before. */
  readonly before: bigint;
  /** What is right; 0: it never happened. */
  readonly quantity: bigint;
  readonly reason: string;
  /** Whose proposal it is. */
  readonly side: Side;
  readonly proposedBy: string;
  readonly charged: boolean;
  readonly state: CorrectionState;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedReason: string | null;
  readonly decidedAt: Date | null;
  readonly creditId: string | null;
}

/** One event of use: as much as a report may say. */
const MAX_QUANTITY = 10n ** 15n;
/** Names the events that bring the difference. */
export const CORRECTION_SOURCE = 'urn:entrepot:correction';

/** What is wrong with a correction of an event that stands at `before`, if anything is. */
export function correctionProblem({ source, meter, before, quantity }: Pick<UsageCorrection, 'source' | 'meter' | 'before' | 'quantity'>): InvalidInput | undefined {
  if (source === CORRECTION_SOURCE) return invalid(BILLING_ERRORS.CORRECTION, 'source', 'a correction is corrected by another one of the same use');
  if (quantity > MAX_QUANTITY) return invalid(BILLING_ERRORS.CORRECTION, 'quantity', `at most ${MAX_QUANTITY}`);
  if (quantity === before) return invalid(BILLING_ERRORS.CORRECTION, 'quantity', `it stands at ${before}`);
  return isDeliveryMeter(meter) && quantity > before ? invalid(BILLING_ERRORS.CORRECTION, 'quantity', 'what the exchange counted itself is not made more') : undefined;
}

/** Whether the other side has to say yes: where it is charged already, and where the buyer says that it was less. */
export const needsApproval = ({ side, charged }: Pick<UsageCorrection, 'side' | 'charged'>): boolean => charged || side === 'BUYER';

/** Who may give which answer: its proposer takes it back, the other side says yes or no. */
export const mayAnswer = (side: Side, proposedBy: Side, answer: CorrectionAnswer): boolean => (answer === 'withdraw') === (side === proposedBy);
