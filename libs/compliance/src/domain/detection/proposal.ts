import type { Level, SensitiveCategory, USCategory } from '../classification.js';
import type { Mark } from './detector.js';
import type { ColumnFinding } from './inspect-column.js';
import type { NotProfiled } from './profile.js';

export type ColumnType = 'empty' | 'integer' | 'decimal' | 'date' | 'boolean' | 'text';

export interface InspectedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Different values, at least. */
  readonly distinct: number;
}
export interface InspectedTable {
  readonly name: string;
  readonly files: number;
  readonly rows: number;
  readonly sampled: number;
  readonly columns: readonly InspectedColumn[];
}
export interface ProposedFinding extends ColumnFinding {
  readonly table: string;
  readonly column: string;
  readonly spi: SensitiveCategory | null;
  readonly us: USCategory | null;
  readonly dpv: string | null;
  readonly source: string;
  readonly mark: Mark;
}

/** How many rows share the same values in the columns that single people out together. */
export interface Anonymity {
  readonly table: string;
  readonly columns: readonly string[];
  /** The smallest group; of the whole table when `exact`, else of the sample, which is no larger. */
  readonly k: number;
  readonly groups: number;
  readonly exact: boolean;
}

/** A sign of a stricter level. Never a decision: an authority notifies or publishes what is important. */
export interface LevelHint {
  readonly level: Level;
  readonly text: string;
  readonly source: string;
  readonly mark: Mark;
  /** Whether a vendor who stays below says why. */
  readonly asksReason: boolean;
}

export interface SuggestedTags {
  /** Natural persons without and with sensitive personal information, at least. */
  readonly persons: bigint;
  readonly sensitivePersons: bigint;
  /** The column that counts them; null where no column names a person. */
  readonly countedBy: string | null;
  /** Counted over all rows; else a lower bound. */
  readonly exact: boolean;
  readonly sensitiveCategories: readonly SensitiveCategory[];
  readonly usCategories: readonly USCategory[];
  /** Only where the data itself shows people in the United States. Persons, of `precise_geolocation_devices` devices. */
  readonly usCounts: Readonly<Partial<Record<USCategory, bigint>>>;
  readonly dpv: readonly string[];
  /** Share of birth dates that make somebody younger than 14 on the day of the check; null without birth dates. */
  readonly minorsShare: number | null;
  /** Coordinates follow people or devices over time. */
  readonly tracks: boolean;
}

export interface Proposal {
  readonly detectorVersion: string;
  /** The day that ages are counted on. */
  readonly day: string;
  readonly tables: readonly InspectedTable[];
  readonly findings: readonly ProposedFinding[];
  readonly suggested: SuggestedTags;
  readonly hints: readonly LevelHint[];
  readonly anonymity: readonly Anonymity[];
  /** Columns that name people directly or by a key: with them nothing is anonymous. */
  readonly identifyingColumns: readonly string[];
  readonly notProfiled: readonly NotProfiled[];
}

export const MAX_FINDINGS = 500;
/** What is relied on: a name that its values contradict is shown and counts for nothing. */
export const counts = (finding: ColumnFinding): boolean => finding.confidence !== 'low';
