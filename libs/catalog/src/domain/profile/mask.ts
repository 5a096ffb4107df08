import { type ColumnProfile, MASK, type TableProfile, type TableSample } from './profile.js';

/** What the vendor says of his data beside what the detectors found in it. */
export interface Declared {
  /** He counts people in it. */
  readonly persons: boolean;
  /** Columns whose dictionary entry calls them anything but harmless. */
  readonly sensitiveColumns: ReadonlySet<string>;
}

const hides = (column: ColumnProfile, { persons, sensitiveColumns }: Declared): boolean => column.sensitive || sensitiveColumns.has(column.name) || (persons && column.freeText);

/** Leaves out what the vendor's word asks to be left out; what the detectors found never was there. */
export const maskedTable = (table: TableProfile, declared: Declared): TableProfile =>
  ({ ...table, columns: table.columns.map((c) => (hides(c, declared) ? { ...c, sensitive: true, min: null, max: null, minLength: null, maxLength: null } : c)) });

/** The sample of a table; null where it does not fit the table any more. */
export function maskedSample(sample: TableSample, table: TableProfile | undefined, declared: Declared): TableSample | null {
  if (!table || table.columns.length !== sample.columns.length) return null;
  const hidden = table.columns.map((c) => hides(c, declared));
  return { ...sample, rows: sample.rows.map((row) => row.map((cell, i) => (hidden[i] ? MASK : cell))) };
}
