import type { Confidence, InForce } from './law/in-force.js';
import type { FilingRule, Outcome } from './law/rulebook.js';
import type { DecisionFacts } from './transfer.js';

export interface DecisionReason {
  /** The rule that decided. */
  readonly rule: string;
  readonly rulebook: string;
  readonly version: string;
  /** The article that it stands on. */
  readonly citation: string;
  readonly confidence: Confidence;
  /** Id of the text that explains the rule; missing in decisions of the first form. */
  readonly guideline?: string | null;
}

export type Filing = Omit<FilingRule, keyof InForce | 'settledBy'>;
export type Stage = 'ORDER' | 'DELIVERY' | 'SCREENING' | 'RESHARE';
export const STAGES = ['ORDER', 'DELIVERY', 'SCREENING', 'RESHARE'] as const satisfies readonly Stage[];

/** What the law says of given facts. */
export interface Verdict {
  readonly outcome: Outcome;
  /** free and exempt permit; prohibited never does; the others once each of their needs is held. Fail closed. */
  readonly permitted: boolean;
  /** The mechanisms or exemptions that carry the transfer, or would. */
  readonly mechanisms: readonly string[];
  /** Groups of mechanisms of which one each is not held yet. */
  readonly needs: readonly (readonly string[])[];
  /** Facts that decide and are not known: never guessed. */
  readonly missing: readonly string[];
  readonly filings: readonly Filing[];
  /** Duties that stay with the parties, each with its source and how sure it is. */
  readonly obligations: readonly string[];
  readonly reasons: readonly DecisionReason[];
  /** Every rule that was looked at, in order; the last one decided. */
  readonly considered: readonly string[];
  /** The mechanisms held that it stands on. */
  readonly reliedOn: readonly string[];
  /** Whether the transfer adds to the exporter's yearly volume. */
  readonly countsTowardsVolume: boolean;
}

/** A verdict on record. Never changed; another day or other facts make another decision. */
export interface Decision extends Omit<Verdict, 'countsTowardsVolume' | 'reliedOn'> {
  readonly id: string;
  readonly exporterId: string;
  /** Who would receive the data; not known of decisions made before this was recorded whose order was refused. */
  readonly recipientId: string | null;
  /** What it was decided for: an order, a delivery, a licence that was screened, data that is passed on. */
  readonly objectId: string;
  readonly stage: Stage;
  /** Of all but an order: the decision of the order behind it. */
  readonly priorDecisionId: string | null;
  readonly facts: DecisionFacts;
  /** SHA-256 of the facts as canonical JSON (RFC 8785). */
  readonly factsHash: string;
  /** SHA-256 of the law that was asked: of the list of the hashes of its documents, or in decisions of the first form of the one rulebook. */
  readonly rulebookHash: string;
  /** The law of this moment's day was applied. */
  readonly asOf: Date;
  readonly decidedAt: Date;
}
