import type { Condition } from './condition.js';

export const OUTCOMES = ['free', 'exempt', 'standard_contract', 'certification', 'security_assessment', 'prohibited', 'manual_review'] as const;
/** free: no export formality. exempt: a named exemption, baseline duties stay. The next three name the mechanism that is needed. */
export type Outcome = (typeof OUTCOMES)[number];

export const CONFIDENCES = ['verified', 'secondary', 'general-knowledge'] as const;
/** verified: article text or official page was read. secondary: a law firm's note, news, an official summary. general-knowledge: to be confirmed by the operator's lawyer. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Calendar days as `2024-03-22`; `effectiveTo` is the first day on which the entry no longer holds. */
export interface InForce {
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
}

export interface Citation extends InForce {
  readonly source: string;
  readonly confidence: Confidence;
}

/** What has to be handed to whom. `deadline`, `reply` and `renewal` are words of the law, `validity` is an ISO 8601 duration. */
export interface FilingRule extends InForce {
  readonly type: string;
  readonly filer: string;
  readonly to: string;
  readonly deadline: string | null;
  readonly reply: string | null;
  readonly validity: string | null;
  readonly renewal: string | null;
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
  readonly mechanisms: readonly string[];
  readonly filings: readonly FilingRule[];
  /** Ids of the rulebook's obligations. */
  readonly obligations: readonly string[];
  /** Whether a transfer permitted by this rule adds to the exporter's yearly volume, and how sure that reading is. */
  readonly volume: { readonly counted: boolean; readonly confidence: Confidence };
  readonly citations: readonly Citation[];
}

/** The law of one place of export as an ordered table: the first rule that holds decides. */
export interface Rulebook extends InForce {
  readonly id: string;
  readonly version: string;
  /** ISO 3166-1 alpha-2 of the origin that it is for. */
  readonly origin: string;
  readonly title: string;
  /** IANA name: the calendar in which days and years are counted. */
  readonly timeZone: string;
  readonly obligations: readonly Obligation[];
  readonly rules: readonly Rule[];
}

export const isInForce = (entry: InForce, day: string): boolean => entry.effectiveFrom <= day && (entry.effectiveTo === null || day < entry.effectiveTo);
