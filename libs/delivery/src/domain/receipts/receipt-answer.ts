import { defineStateTable } from '#shared';

export const RECEIPT_ANSWER_STATES = ['ACKNOWLEDGED', 'CONTESTED', 'REJECTED', 'ESCALATED', 'UPHELD', 'DISMISSED', 'WITHDRAWN'] as const;
export type ReceiptAnswerState = (typeof RECEIPT_ANSWER_STATES)[number];
export const CONTEST_GROUNDS = ['NOT_REQUESTED', 'NOT_RECEIVED', 'INCOMPLETE', 'OTHER_CONTENT', 'OTHER'] as const;
export type ContestGround = (typeof CONTEST_GROUNDS)[number];
/** What the two sides may say to a contest; the exchange upholds and dismisses, and time has it go on. */
export const CONTEST_ANSWERS = ['concede', 'reject', 'escalate', 'withdraw'] as const;
export type ContestAnswer = (typeof CONTEST_ANSWERS)[number];
export type ContestEvent = ContestAnswer | 'pass-on' | 'settle' | 'uphold' | 'dismiss';

/** What a buyer says to a receipt. Contested: the vendor concedes or rejects, the buyer lets it be or brings it before the exchange, whose word is the last. */
export const receiptAnswerStates = defineStateTable<ReceiptAnswerState, ContestEvent>('receipt_answer', ['ACKNOWLEDGED', 'CONTESTED'], RECEIPT_ANSWER_STATES, [
  { from: 'CONTESTED', event: 'concede', to: 'UPHELD' },
  { from: 'CONTESTED', event: 'reject', to: 'REJECTED' },
  { from: 'CONTESTED', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'CONTESTED', event: 'pass-on', to: 'ESCALATED' },
  { from: 'REJECTED', event: 'concede', to: 'UPHELD' },
  { from: 'REJECTED', event: 'escalate', to: 'ESCALATED' },
  { from: 'REJECTED', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'REJECTED', event: 'settle', to: 'DISMISSED' },
  { from: 'ESCALATED', event: 'concede', to: 'UPHELD' },
  { from: 'ESCALATED', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'ESCALATED', event: 'uphold', to: 'UPHELD' },
  { from: 'ESCALATED', event: 'dismiss', to: 'DISMISSED' },
]);

/** One to a receipt, for ever: a receipt that was contested in vain stands. */
export interface ReceiptAnswer {
  readonly receiptId: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly state: ReceiptAnswerState;
  /** Null: it was acknowledged. */
  readonly ground: ContestGround | null;
  /** Why, in the buyer's words. */
  readonly reason: string | null;
  /** What the vendor says to it. */
  readonly reply: string | null;
  /** What the exchange says to it. */
  readonly verdict: string | null;
  readonly answeredBy: string;
  readonly answeredAt: Date;
  /** When time has it go on; null: it waits for somebody, or is over. */
  readonly nextAt: Date | null;
  readonly closedAt: Date | null;
  /** Of an acknowledgement: the exchange's signed statement that it was given. */
  readonly jws: string | null;
}

/** What was delivered is looked at within a month, the rhythm of invoices; a receipt that nobody contests by then stands. */
export const CONTEST_DAYS = 30;
/** Either side has so long for its next word: two weeks of an office. A vendor's silence brings a contest before the exchange, a buyer's ends it. */
export const CONTEST_ANSWER_DAYS = 14;

const DAY_MS = 86_400_000;
export const mayContest = (completedAt: Date, now: Date): boolean => now.getTime() - completedAt.getTime() <= CONTEST_DAYS * DAY_MS;

export const isClosed = (state: ReceiptAnswerState): boolean => !['CONTESTED', 'REJECTED', 'ESCALATED'].includes(state);
export const nextAt = (state: ReceiptAnswerState, now: Date): Date | null => (state === 'CONTESTED' || state === 'REJECTED' ? new Date(now.getTime() + CONTEST_ANSWER_DAYS * DAY_MS) : null);
/** What time does to a contest that nobody has answered. */
export const dueEvent = (state: ReceiptAnswerState): ContestEvent | null => (state === 'CONTESTED' ? 'pass-on' : state === 'REJECTED' ? 'settle' : null);

/** Whose word each answer is. */
export const sideOf = (answer: ContestAnswer): 'VENDOR' | 'BUYER' => (answer === 'concede' || answer === 'reject' ? 'VENDOR' : 'BUYER');

export const ACKNOWLEDGEMENT_TYPE = 'entrepot-acknowledgement+jws';

/** What the signature of an acknowledgement covers; `receipt` is the SHA-256 of the receipt's own JWS, `sha256` that of the file as the buyer says he holds it. */
export const acknowledgementPayload = (receipt: { readonly id: string; readonly digest: string; readonly sha256: string }, buyerId: string, acknowledgedBy: string, at: Date): Record<string, unknown> => ({
  receiptId: receipt.id, receipt: receipt.digest, sha256: receipt.sha256, buyerId, acknowledgedBy, acknowledgedAt: at.toISOString(),
});
