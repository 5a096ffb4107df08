import type { Condition } from './condition.js';
import type { Confidence, InForce } from './in-force.js';

/** Mildest first: of several verdicts on one transfer the last in this order decides. */
export const OUTCOMES = ['free', 'exempt', 'conditional', 'certification', 'standard_contract', 'security_assessment', 'manual_review', 'prohibited'] as const;
/**
 * free: no export formality. exempt: a named exemption, baseline duties stay. conditional: allowed if every listed condition is met. The next three
 * name the mechanism that is needed. manual_review: a person decides. prohibited: not allowed.
 */
export type Outcome = (typeof OUTCOMES)[number];
export const severityOf = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);

export interface Citation extends InForce {
  readonly source: string;
  readonly confidence: Confidence;
}

/** A statutory time: working days of a calendar, or calendar days where `calendar` is null. `from` is a word of the case that it is counted from. */
export interface FilingClock {
  readonly days: number;
  readonly calendar: string | null;
  readonly from: string;
}

/** What has to be handed to whom. `deadline`, `reply`, `validity` and `renewal` are words of the law. */
export interface FilingRule extends InForce {
  readonly type: string;
  readonly filer: string;
  readonly to: string;
  readonly deadline: string | null;
  readonly reply: string | null;
  readonly validity: string | null;
  readonly renewal: string | null;
  readonly clock: FilingClock | null;
  /** The mechanism whose being held settles it. */
  readonly settledBy: string | null;
  readonly confidence: Confidence;
}

export interface Obligation {
  readonly id: string;
  readonly text: string;
  readonly when: Condition;
  readonly citations: readonly Citation[];
}

export interface Rule extends InForce {
  readonly id: string;
  readonly summary: string;
  readonly when: Condition;
  readonly outcome: Outcome;
  /** The mechanisms or exemptions that carry the transfer, or would. */
  readonly mechanisms: readonly string[];
  /** Groups of mechanisms of which one each must be held before a transfer that is not free or exempt is permitted; null: nothing permits it. */
  readonly needs: readonly (readonly string[])[] | null;
  readonly filings: readonly FilingRule[];
  /** Ids of the rulebook's obligations. */
  readonly obligations: readonly string[];
  /** Whether a transfer permitted by this rule adds to the exporter's yearly volume, and how sure that reading is. */
  readonly volume: { readonly counted: boolean; readonly confidence: Confidence };
  readonly citations: readonly Citation[];
  /** Id of the text that explains the rule. */
  readonly guideline: string | null;
}

/** The law of one jurisdiction on transfers from its places, as an ordered table: the first rule that holds decides. */
export interface Rulebook extends InForce {
  readonly id: string;
  readonly version: string;
  /** Whose law it is: an ISO 3166-1 alpha-2 code, or EU. */
  readonly jurisdiction: string;
  /** ISO 3166-1 alpha-2 codes of the places of export; `*` for every transfer. */
  readonly origins: readonly string[];
  readonly title: string;
  /** IANA name: the calendar in which days and years are counted. */
  readonly timeZone: string;
  readonly obligations: readonly Obligation[];
  readonly rules: readonly Rule[];
}
