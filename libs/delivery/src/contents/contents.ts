/** What one reading of a revision's files finds. Cells are somebody's data: those of `sample` stay in memory. */
export interface Contents {
  readonly files: readonly FileContents[];
  readonly tables: readonly TableContents[];
}

export interface FileContents {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Null for formats that are not text, and where it could not be told. */
  readonly encoding: Encoding | null;
  /** Of delimited text. */
  readonly delimiter: string | null;
  readonly rows: number | null;
  /** What is wrong with it; names places, never contents. */
  readonly findings: readonly string[];
  /** What of it this exchange does not read, though nothing is wrong with it. */
  readonly unread: string | null;
}

export const ENCODINGS = ['UTF-8', 'UTF-8 with BOM', 'UTF-16LE', 'UTF-16BE', 'GB18030'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const LOGICAL_TYPES = ['empty', 'boolean', 'integer', 'decimal', 'date', 'timestamp', 'time', 'text', 'mixed', 'nested', 'binary'] as const;
export type LogicalType = (typeof LOGICAL_TYPES)[number];

/** Files with the same columns. */
export interface TableContents {
  /** Name of the first file. */
  readonly name: string;
  readonly files: readonly string[];
  /** Rows of these files are missing, since they could not be read: not what the vendor sells. */
  readonly partial: boolean;
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly ColumnContents[];
  /** Rows that repeat another one, 0 to 1 to four decimals; counted, or estimated from an even part of the rows. */
  readonly duplicates: { readonly share: number; readonly exact: boolean };
  /** Whole rows, evenly over the table, cells cut; all of them when there are as many as `rows`. An empty text for a cell without a value. */
  readonly sample: readonly (readonly string[])[];
}

export interface ColumnContents {
  readonly name: string;
  /** In the words of DuckDB; of text formats what their values are written as. */
  readonly physicalType: string;
  readonly logicalType: LogicalType;
  readonly nulls: number;
  /** Of numbers and dates, as they are written. */
  readonly min: string | null;
  readonly max: string | null;
  /** In characters, of texts. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly distinct: number;
  readonly distinctExact: boolean;
  /** So many different values at least, with better than 99.8 % certainty. */
  readonly distinctAtLeast: number;
  /** The latest instant of a column of dates that is not after the day of the revision; ISO 8601, UTC. */
  readonly latest: string | null;
}
