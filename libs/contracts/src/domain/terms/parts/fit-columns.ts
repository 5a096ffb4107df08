import type { CellType, Limit } from './target.js';

/** A column as it is known before the file is opened. */
export interface KnownColumn {
  readonly name: string;
  /** In which ways its cells can be compared; null: nobody knows. */
  readonly types: readonly CellType[] | null;
}
/** Files with the same columns. */
export interface KnownTable {
  readonly name: string;
  readonly columns: readonly KnownColumn[];
}

const BY_LOGICAL: Readonly<Record<string, readonly CellType[]>> = { integer: ['decimal'], decimal: ['decimal'], boolean: ['boolean'], date: ['date'], timestamp: ['dateTime'], text: ['string'] };
/** What formats call a text. Any cell of such a column can be compared as it is written. */
const TEXTS: ReadonlySet<string> = new Set(['VARCHAR', 'Utf8', 'LargeUtf8']);
const BY_WORD: Readonly<Record<string, readonly CellType[]>> = { string: ['string'], integer: ['decimal'], decimal: ['decimal'], boolean: ['boolean'], date: ['date'], datetime: ['dateTime'] };

/** Of a column that was read. */
export const typesRead = ({ logicalType, physicalType }: { readonly logicalType: string; readonly physicalType: string }): readonly CellType[] | null =>
  logicalType === 'empty' ? null : [...(BY_LOGICAL[logicalType] ?? []), ...(TEXTS.has(physicalType) && logicalType !== 'text' && logicalType !== 'nested' ? (['string'] as const) : [])];
/** Of a column that its vendor describes. */
export const typesDescribed = (type: string): readonly CellType[] => BY_WORD[type] ?? [];

/** Why the limit is none that every file of these could be cut to; undefined where it is. */
export function fitProblem({ columns, rows }: Limit, tables: readonly KnownTable[]): { readonly path: string; readonly message: string } | undefined {
  if (tables.length === 0) return { path: '', message: 'the columns of this dataset are not known: it has no profile and no dictionary' };
  for (const table of tables) {
    const byName = Map.groupBy(table.columns, (c) => c.name);
    for (const [i, name] of (columns ?? []).entries()) if (byName.get(name)?.length !== 1) return { path: `columns.${i}`, message: `${table.name} has no column ${JSON.stringify(name)}` };
    for (const [i, { column, type }] of rows.entries()) {
      const found = byName.get(column);
      if (found?.length !== 1) return { path: `rows.${i}.column`, message: `${table.name} has no column ${JSON.stringify(column)}` };
      const { types } = found[0]!;
      if (types && !types.includes(type)) return { path: `rows.${i}.type`, message: `${JSON.stringify(column)} of ${table.name} cannot be compared as ${type}${types.length ? `, only as ${types.join(' or ')}` : ''}` };
    }
  }
  return undefined;
}
