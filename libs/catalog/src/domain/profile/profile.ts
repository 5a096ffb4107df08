/** Goes with each profile; raised when the same files would give another one. */
export const PROFILER_VERSION = '2026-11-23';

/** Rows that show what the data looks like and are worth nothing by themselves. */
export const SAMPLE_ROWS = 20;
/** Characters of a shown cell: a column of texts is seen, its texts are not handed out. */
export const SAMPLE_CELL = 60;
/** Stands for every masked cell, empty ones too, so that neither length nor presence shows. */
export const MASK = '•••';

/** What the exchange computed of the files of a revision. The vendor cannot write it. */
export interface DatasetProfile {
  /** Every file was read from end to end, and nothing is wrong with any. */
  readonly complete: boolean;
  /** People can be told apart in the data. */
  readonly personal: boolean;
  readonly files: readonly FileProfile[];
  readonly tables: readonly TableProfile[];
  readonly samples: readonly TableSample[];
}

export interface FileProfile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly rows: number | null;
  readonly findings: readonly string[];
  readonly unread: string | null;
}

/** Files with the same columns. */
export interface TableProfile {
  /** Name of the first file. */
  readonly name: string;
  readonly files: readonly string[];
  /** Media types, in their alphabet. */
  readonly formats: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly ColumnProfile[];
  /** Rows that repeat another, 0 to 1; counted, or estimated from an even part of the rows. */
  readonly duplicateShare: number;
  readonly duplicatesExact: boolean;
  /** The latest of its dates that is not after the revision; ISO 8601. */
  readonly latest: string | null;
}

export interface ColumnProfile {
  readonly name: string;
  readonly physicalType: string;
  readonly logicalType: string;
  readonly nulls: number;
  readonly nullShare: number;
  /** Of numbers and dates; of sensitive columns nothing. */
  readonly min: string | null;
  readonly max: string | null;
  /** Characters of texts. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly distinct: number;
  readonly distinctExact: boolean;
  /** The detectors take it for personal or sensitive information, or did not look at it. */
  readonly sensitive: boolean;
  /** Texts that may say anything of anybody. */
  readonly freeText: boolean;
}

export interface TableSample {
  readonly table: string;
  readonly columns: readonly string[];
  /** Null for a cell without a value. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The latest date in the data, and the whole days from it to an instant; null without dates. */
export function freshness(tables: readonly TableProfile[], at: Date): { readonly latest: Date; readonly ageDays: number } | null {
  const latest = tables.reduce<string | null>((best, { latest: own }) => (own !== null && (best === null || own > best) ? own : best), null);
  if (latest === null) return null;
  const instant = new Date(latest);
  return Number.isNaN(instant.getTime()) ? null : { latest: instant, ageDays: Math.max(0, Math.floor((at.getTime() - instant.getTime()) / 86_400_000)) };
}
