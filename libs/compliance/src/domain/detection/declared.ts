import type { DeclaredTags, Deviation, DeviationField } from './deviations.js';

/** What shows that nobody can be identified again: a document and what it found. The text of the classification stays its summary. */
export interface AnonymisationReport {
  /** What was done: generalisation, suppression, noise ... */
  readonly method: string;
  /** The k of k-anonymity that it states; null where another model was used. */
  readonly k: number | null;
  /** The test that tried to identify people again, and how it ended. */
  readonly reidentificationTest: string;
  /** Of the report, lower-case hex. */
  readonly sha256: string;
  /** Who assessed it. */
  readonly assessor: string;
  /** `YYYY-MM-DD`. */
  readonly assessedOn: string;
}
export type DeviationReasons = Readonly<Partial<Record<DeviationField, string>>>;

/** A vendor's word on one dataset, as it is compared with the proposals. */
export interface DeclaredDataset {
  readonly datasetId: string;
  /** The finalised revisions that make it up. */
  readonly revisionIds: readonly string[];
  readonly classification: DeclaredTags;
  readonly reasons: DeviationReasons;
  readonly report: AnonymisationReport | null;
}
export interface ExplainedDeviation extends Deviation {
  /** The vendor's; null where he gave none. */
  readonly reason: string | null;
}
export interface Comparison {
  /** Finalised revisions that nobody has read yet. */
  readonly waiting: readonly string[];
  readonly deviations: readonly ExplainedDeviation[];
}

export const unexplained = ({ deviations }: Comparison): ExplainedDeviation[] => deviations.filter((d) => d.reason === null);
export const describeDeviation = (d: Deviation): string => `${d.field}: declared ${d.declared}, the data says ${d.proposed} (${d.why})`;
