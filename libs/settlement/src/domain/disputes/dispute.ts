import { defineStateTable, type Money } from '#shared';

export const DISPUTE_GROUNDS = ['NOT_DELIVERED', 'INCOMPLETE', 'NOT_AS_DESCRIBED', 'NOT_ENTITLED', 'CHARGED_WRONGLY', 'OTHER'] as const;
export type DisputeGround = (typeof DISPUTE_GROUNDS)[number];
export const DISPUTE_STATES = ['OPEN', 'MEDIATION', 'CONCEDED', 'AWARDED', 'DISMISSED', 'WITHDRAWN'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];
export type DisputeEvent = 'concede' | 'contest' | 'lapse' | 'withdraw' | 'award' | 'dismiss';
export type DisputeSide = 'BUYER' | 'VENDOR' | 'EXCHANGE';
export const DISPUTE_ACTS = ['OPEN', 'EVIDENCE', 'CONCEDE', 'CONTEST', 'LAPSE', 'WITHDRAW', 'AWARD', 'DISMISS'] as const;
export type DisputeAct = (typeof DISPUTE_ACTS)[number];

/** The vendor concedes or contests; where he does neither by the deadline it goes before the exchange as if he had contested. The buyer may take it back, and the vendor concede, until it is decided. What is clear the exchange awards at once. */
export const disputeStates = defineStateTable<DisputeState, DisputeEvent>('dispute', ['OPEN'], DISPUTE_STATES, [
  { from: 'OPEN', event: 'concede', to: 'CONCEDED' },
  { from: 'OPEN', event: 'contest', to: 'MEDIATION' },
  { from: 'OPEN', event: 'lapse', to: 'MEDIATION' },
  { from: 'OPEN', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'OPEN', event: 'award', to: 'AWARDED' },
  { from: 'MEDIATION', event: 'concede', to: 'CONCEDED' },
  { from: 'MEDIATION', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'MEDIATION', event: 'award', to: 'AWARDED' },
  { from: 'MEDIATION', event: 'dismiss', to: 'DISMISSED' },
]);

const DAY_MS = 86_400_000;
/** Days in which the vendor answers, and then the exchange decides. */
export const ANSWER_DAYS = 7;
export const MEDIATION_DAYS = 14;
export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);

/** Something that can be looked at: a receipt, a delivery, a file that both have, by its digest. */
export interface Evidence {
  readonly description: string;
  /** A receipt, delivery, invoice or message by its id or address. */
  readonly reference: string | null;
  /** SHA-256 of a file, in hex. */
  readonly sha256: string | null;
}

export interface Dispute {
  readonly id: string;
  readonly tradeId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly ground: DisputeGround;
  /** Gross: price and tax. */
  readonly claim: Money;
  readonly state: DisputeState;
  /** Until then the vendor, or from MEDIATION on the exchange, is to answer. */
  readonly answerUntil: Date;
  readonly awarded: Money | null;
  readonly openedAt: Date;
  readonly endedAt: Date | null;
}

export interface DisputeEntry {
  readonly id: string;
  readonly disputeId: string;
  readonly side: DisputeSide;
  readonly act: DisputeAct;
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly saidBy: string;
  readonly saidAt: Date;
}
