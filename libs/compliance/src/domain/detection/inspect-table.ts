import type { Role } from './detector.js';
import { type ColumnInspection, type ColumnFinding, inspectColumn } from './inspect-column.js';
import { isComplete, type TableProfile } from './profile.js';
import { type ColumnType, counts } from './proposal.js';
import { dayOf, MAX_COLUMNS } from './value.js';

export interface TableInspection {
  readonly profile: TableProfile;
  readonly columns: readonly ColumnInspection[];
}

/** One column after the other, so that a caller with other work can pause in between. */
export function* inspectTable(profile: TableProfile, today: string): Generator<undefined, TableInspection, undefined> {
  const columns: ColumnInspection[] = [];
  for (const [i, header] of profile.header.slice(0, MAX_COLUMNS).entries()) {
    columns.push(inspectColumn(header, profile.sample.map((row) => row[i] ?? ''), i + 1, today));
    yield undefined;
  }
  return { profile, columns };
}

export const findingOf = (column: ColumnInspection, role: Role): ColumnFinding | undefined => column.findings.find((f) => f.role === role && counts(f));
export const holdsDetector = (column: ColumnInspection, ...ids: readonly string[]): boolean => column.findings.some((f) => counts(f) && ids.includes(f.detector));

/** Different values of a column, as far as they pass: exact where the sample is the table, else what the whole column has at least. */
export function distinctOf({ profile, columns }: TableInspection, place: number, share = 1): number {
  if (!isComplete(profile)) return Math.max(1, Math.floor((profile.distinct[place] ?? 0) * share));
  return Math.max(1, Math.round(new Set(columns[place]!.values.filter((v) => v !== null).map((v) => v.bare)).size * share));
}

const FORMS: readonly (readonly [ColumnType, (text: string) => boolean])[] = [
  ['boolean', (text) => /^(?:true|false|yes|no|是|否)$/i.test(text)],
  ['integer', (text) => /^[+-]?\d{1,18}$/.test(text)],
  ['decimal', (text) => /^[+-]?\d{1,18}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/i.test(text)],
  ['date', (text) => dayOf(text) !== null],
];
/** The narrowest form that every value has. */
export function typeOf({ values }: ColumnInspection): ColumnType {
  const present = values.filter((v) => v !== null);
  return present.length === 0 ? 'empty' : FORMS.find(([, is]) => present.every((v) => is(v.text)))?.[0] ?? 'text';
}
