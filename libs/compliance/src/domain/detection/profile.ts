/** What the platform read of one table: files of a revision with the same columns. Cells are somebody's data: held in memory, kept nowhere. */
export interface TableProfile {
  /** Name of the first file. */
  readonly name: string;
  readonly files: number;
  readonly rows: number;
  readonly header: readonly string[];
  /** Whole rows, evenly over the table; all of them when there are as many as `rows`. */
  readonly sample: readonly (readonly string[])[];
  /** Different cells of each column over all rows, at least. */
  readonly distinct: readonly number[];
}

export interface NotProfiled {
  readonly fileName: string;
  readonly mediaType: string;
  readonly reason: string;
}

export interface RevisionProfile {
  readonly tables: readonly TableProfile[];
  readonly notProfiled: readonly NotProfiled[];
}

export const isComplete = (table: TableProfile): boolean => table.sample.length === table.rows;
