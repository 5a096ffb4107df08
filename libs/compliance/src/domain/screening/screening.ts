import type { DecisionReason, Verdict } from '../decision.js';
import type { LawAct } from '../law/change.js';
import type { Outcome } from '../law/rulebook.js';

/** What made it necessary to look again. DAY: entries begin and end at midnight without anybody writing anything. */
export const SCREENING_CAUSES = ['LAW', 'APPROVAL', 'CERTIFICATE', 'PARTY', 'DAY', 'MANUAL'] as const;
export type ScreeningCause = (typeof SCREENING_CAUSES)[number];
export const SCREENING_STATES = ['RUNNING', 'DONE', 'FAILED'] as const;
export type ScreeningState = (typeof SCREENING_STATES)[number];
export const SCREENED_TYPES = ['PRODUCT', 'LICENCE'] as const;
export type ScreenedType = (typeof SCREENED_TYPES)[number];
export const EFFECTS = ['SUSPEND', 'RESUME'] as const;
export type Effect = (typeof EFFECTS)[number];
export type PartName = 'PRODUCTS' | 'LICENCES';
export const PARTS: readonly PartName[] = ['PRODUCTS', 'LICENCES'];

export interface Screening {
  readonly id: string;
  readonly cause: ScreeningCause;
  /** What changed, in the words of its cause. */
  readonly reference: string;
  /** One organisation on either side; null: the whole market. */
  readonly organisationId: string | null;
  /** Says what would change and changes nothing. */
  readonly dryRun: boolean;
  /** Of a dry run: the change that is proposed. */
  readonly documentHash: string | null;
  readonly act: LawAct | null;
  readonly lawHashBefore: string;
  readonly lawHashAfter: string;
  readonly state: ScreeningState;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}
/** A screening with how far it is; `total` grows until each part has begun. */
export interface ScreeningProgress extends Screening {
  readonly total: number;
  readonly done: number;
  readonly affected: number;
}

/** What changes for one object, or would. */
export interface ScreeningChange {
  readonly objectType: ScreenedType;
  readonly objectId: string;
  readonly effect: Effect;
  /** Null: the law before is the same, or the law leaves it to who buys. */
  readonly outcomeBefore: Outcome | null;
  readonly outcomeAfter: Outcome | null;
  readonly reasons: readonly DecisionReason[];
  readonly missing: readonly string[];
}

/** How an object stands: only what compliance itself suspended does it resume. */
export const effectOf = (suspended: boolean, allowed: boolean): Effect | null => (suspended === allowed ? (allowed ? 'RESUME' : 'SUSPEND') : null);

/** Why, for people. The articles stand beside it. */
export function whySuspended({ outcome, missing, needs, reasons }: Pick<Verdict, 'outcome' | 'missing' | 'needs' | 'reasons'>): string {
  const what = outcome === 'prohibited' ? 'the law prohibits it' : missing.length ? `it cannot be decided without ${missing.join(', ')}` : needs.length ? `it needs ${needs.map((group) => group.join(' or ')).join(' and ')}` : `the law asks for ${outcome}`;
  const sources = [...new Set(reasons.map((r) => `${r.rule}: ${r.citation}`))].join('; ');
  return `${what} (${sources})`.slice(0, MOST);
}
export const WHY_RESUMED = 'the law permits it again';
const MOST = 4_000;
