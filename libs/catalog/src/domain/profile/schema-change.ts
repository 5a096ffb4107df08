import type { ColumnProfile, TableProfile } from './profile.js';

export const CHANGE_CLASSES = ['NONE', 'COMPATIBLE', 'BREAKING'] as const;
/** COMPATIBLE: whoever reads by names and bears wider values goes on reading. BREAKING: he may not. */
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

export const CHANGE_KINDS = ['TABLE_ADDED', 'TABLE_REMOVED', 'FORMAT_CHANGED', 'COLUMN_ADDED', 'COLUMN_REMOVED', 'TYPE_WIDENED', 'TYPE_NARROWED', 'TYPE_CHANGED', 'NULLS_ADDED', 'NULLS_GONE'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  readonly kind: ChangeKind;
  readonly class: Exclude<ChangeClass, 'NONE'>;
  readonly table: string;
  readonly column: string | null;
  readonly before: string | null;
  readonly after: string | null;
}
export interface SchemaChange {
  readonly class: ChangeClass;
  /** The first of them, those that break readers before the others. */
  readonly changes: readonly Change[];
}

const MAX_CHANGES = 200;
const CLASSES: Readonly<Record<ChangeKind, Change['class']>> = {
  TABLE_ADDED: 'COMPATIBLE', TABLE_REMOVED: 'BREAKING', FORMAT_CHANGED: 'BREAKING', COLUMN_ADDED: 'COMPATIBLE', COLUMN_REMOVED: 'BREAKING', TYPE_WIDENED: 'COMPATIBLE', TYPE_NARROWED: 'BREAKING', TYPE_CHANGED: 'BREAKING',
  NULLS_ADDED: 'BREAKING', NULLS_GONE: 'COMPATIBLE',
};

/** What the tables of a revision are to readers of those before. A renamed column is one removed and one added. Pure. */
export function schemaChange(before: readonly TableProfile[], after: readonly TableProfile[]): SchemaChange {
  const pairs = pair(before, after);
  const changes = [
    ...before.filter((t) => !pairs.has(t)).map((t) => change('TABLE_REMOVED', t, null, t.name, null)),
    ...[...pairs].flatMap(([old, now]) => tableChanges(old, now)),
    ...after.filter((t) => ![...pairs.values()].includes(t)).map((t) => change('TABLE_ADDED', t, null, null, t.name)),
  ];
  const breaking = changes.filter((c) => c.class === 'BREAKING');
  return { class: breaking.length ? 'BREAKING' : changes.length ? 'COMPATIBLE' : 'NONE', changes: [...breaking, ...changes.filter((c) => c.class !== 'BREAKING')].slice(0, MAX_CHANGES) };
}

const change = (kind: ChangeKind, table: TableProfile, column: string | null, was: string | null, is: string | null): Change => ({ kind, class: CLASSES[kind], table: table.name, column, before: was, after: is });

/** Files are named anew with each revision: tables belong together by the columns that they share, most first, then by their place. */
function pair(before: readonly TableProfile[], after: readonly TableProfile[]): Map<TableProfile, TableProfile> {
  const shared = before.flatMap((old, i) => {
    const names = new Set(old.columns.map((c) => c.name));
    return after.map((now, j) => ({ old, now, i, j, count: now.columns.filter((c) => names.has(c.name)).length }));
  });
  const pairs = new Map<TableProfile, TableProfile>();
  const taken = new Set<TableProfile>();
  for (const { old, now, count } of shared.sort((a, b) => b.count - a.count || a.i - b.i || a.j - b.j)) {
    if (pairs.has(old) || taken.has(now) || (count === 0 && (before.length > 1 || after.length > 1))) continue;
    pairs.set(old, now);
    taken.add(now);
  }
  return pairs;
}

function tableChanges(old: TableProfile, now: TableProfile): Change[] {
  const formats = [old.formats.join(', '), now.formats.join(', ')] as const;
  const [was, is] = [old, now].map((t) => new Map(t.columns.map((c) => [c.name, c]))) as [Map<string, ColumnProfile>, Map<string, ColumnProfile>];
  return [
    ...(formats[0] === formats[1] ? [] : [change('FORMAT_CHANGED', now, null, formats[0], formats[1])]),
    ...[...was.values()].filter((c) => !is.has(c.name)).map((c) => change('COLUMN_REMOVED', now, c.name, typeName(c), null)),
    ...[...is.values()].flatMap((c) => {
      const before = was.get(c.name);
      return before ? columnChanges(now, before, c) : [change('COLUMN_ADDED', now, c.name, null, typeName(c))];
    }),
  ];
}

const TEXT_FORMATS = new Set(['text/csv', 'application/json', 'application/x-ndjson']);
const typeName = (c: ColumnProfile): string => (c.logicalType === c.physicalType.toLowerCase() ? c.logicalType : `${c.logicalType} (${c.physicalType})`);

function columnChanges(table: TableProfile, was: ColumnProfile, is: ColumnProfile): Change[] {
  const stored = !table.formats.every((f) => TEXT_FORMATS.has(f));
  const kind = typeChange(was, is, stored);
  const nulls = was.logicalType === 'empty' || is.logicalType === 'empty' ? null : was.nulls === 0 && is.nulls > 0 ? 'NULLS_ADDED' : was.nulls > 0 && is.nulls === 0 ? 'NULLS_GONE' : null;
  return [
    ...(kind ? [change(kind, table, is.name, typeName(was), typeName(is))] : []),
    ...(nulls ? [change(nulls, table, is.name, `${was.nulls} without a value`, `${is.nulls} without a value`)] : []),
  ];
}

/** Types that each hold every value of those before them. */
const CHAINS: readonly (readonly string[])[] = [
  ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT'], ['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT'], ['FLOAT', 'DOUBLE'],
  ['Int8', 'Int16', 'Int32', 'Int64'], ['Uint8', 'Uint16', 'Uint32', 'Uint64'], ['Float16', 'Float32', 'Float64'],
];

/** `stored`: the format has types of its own, beside what the values show. */
function typeChange(was: ColumnProfile, is: ColumnProfile, stored: boolean): ChangeKind | null {
  if (was.logicalType !== is.logicalType) {
    if (was.logicalType === 'empty') return 'TYPE_WIDENED';
    if (is.logicalType === 'empty') return 'TYPE_NARROWED';
    if (was.logicalType === 'integer' && is.logicalType === 'decimal') return 'TYPE_WIDENED';
    return was.logicalType === 'decimal' && is.logicalType === 'integer' ? 'TYPE_NARROWED' : 'TYPE_CHANGED';
  }
  if (!stored || was.physicalType === is.physicalType || was.logicalType === 'empty') return null;
  const chain = CHAINS.find((c) => c.includes(was.physicalType) && c.includes(is.physicalType));
  if (chain) return chain.indexOf(is.physicalType) > chain.indexOf(was.physicalType) ? 'TYPE_WIDENED' : 'TYPE_NARROWED';
  const [from, to] = [was, is].map((c) => /^DECIMAL\((\d+),(\d+)\)$/.exec(c.physicalType)?.slice(1).map(Number));
  if (!from || !to) return 'TYPE_CHANGED';
  return to[1]! >= from[1]! && to[0]! - to[1]! >= from[0]! - from[1]! ? 'TYPE_WIDENED' : 'TYPE_NARROWED';
}
