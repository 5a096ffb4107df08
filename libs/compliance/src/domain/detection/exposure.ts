import { counts, MAX_FINDINGS, type Proposal } from './proposal.js';

/** A column under a name that gives nobody away. */
export interface ExposedColumn {
  readonly name: string;
  /** The detectors take it for personal or sensitive information, also where its name alone says so. */
  readonly sensitive: boolean;
}
export interface Exposure {
  /** The columns of a table in their order, by the table's name. Columns that nobody looked at are missing at its end, and so are tables. */
  readonly tables: ReadonlyMap<string, readonly ExposedColumn[]>;
  /** People can be told apart in the data. */
  readonly personal: boolean;
}

/** What of a revision's columns must not be shown as it is. */
export function exposureOf({ tables, findings, suggested, identifyingColumns }: Proposal): Exposure {
  // Beyond the findings that are listed there may be others of any column.
  const cutOff = findings.length >= MAX_FINDINGS;
  const flagged = new Set(findings.filter((f) => f.role !== 'none' || f.spi !== null || f.us !== null).map((f) => JSON.stringify([f.table, f.column])));
  return {
    tables: new Map(tables.map((t) => [t.name, t.columns.map(({ name }) => ({ name, sensitive: cutOff || flagged.has(JSON.stringify([t.name, name])) }))])),
    personal: cutOff || suggested.persons + suggested.sensitivePersons > 0n || identifyingColumns.length > 0 || findings.some((f) => counts(f) && f.role === 'quasi'),
  };
}
