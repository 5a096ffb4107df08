import { defineStateTable } from '#shared';
import type { Day } from '../calendar/days.js';

/** What a transfer has to lie in: null is no limit. */
export interface Scope {
  readonly purposes: readonly string[] | null;
  /** ISO 3166-1 alpha-2. */
  readonly destinations: readonly string[] | null;
  readonly productIds: readonly string[] | null;
  readonly persons: bigint | null;
  readonly sensitivePersons: bigint | null;
  /** Who receives the data. */
  readonly recipientId: string | null;
}

export type ApprovalState = 'ACTIVE' | 'REVOKED' | 'EXPIRED';
export type ApprovalEvent = 'revoke' | 'expire';
export const approvalStates = defineStateTable<ApprovalState, ApprovalEvent>('approval', ['ACTIVE'], ['ACTIVE', 'REVOKED', 'EXPIRED'], [
  { from: 'ACTIVE', event: 'revoke', to: 'REVOKED' },
  { from: 'ACTIVE', event: 'expire', to: 'EXPIRED' },
]);

/** A result that an exporter holds and that satisfies a mechanism of the law. */
export interface Approval extends Scope {
  readonly id: string;
  /** A word of the rulebooks, `security_assessment`. */
  readonly type: string;
  /** The exporter. */
  readonly holderId: string;
  readonly validFrom: Day;
  /** The last day; null: it has none. */
  readonly validUntil: Day | null;
  readonly state: ApprovalState;
  readonly caseId: string;
  /** The number that the authority or body gave it. */
  readonly reference: string;
  /** Of the document that shows it; null where a person of the exchange decided. */
  readonly documentSha256: string | null;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly renewalNotedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
}

/** The law gives these for a time only (CAC Order 16 Art. 9, Order 20): one without an end is not understood, and does not count. */
export const ALWAYS_ENDS: ReadonlySet<string> = new Set(['security_assessment', 'certification']);
