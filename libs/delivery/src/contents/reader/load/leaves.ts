import { type DuckDBListType, type DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import type { LogicalType } from '../../contents.js';
import { identifier } from '../duck.js';

/** Structures in structures become `outer.inner` down to here; what is deeper stays JSON. */
export const LEAF_DEPTH = 4;
const MAX_NAME = 128;

/** One value of a nested row, as an expression. */
export interface Leaf {
  readonly name: string;
  readonly sql: string;
  readonly type: DuckDBType;
}

/** The columns that a nested type makes: of a list of structures, those of its first entry. */
export function leavesOf(columns: readonly { readonly name: string; readonly type: DuckDBType }[], limit: number): Leaf[] {
  const leaves: Leaf[] = [];
  const add = (name: string, sql: string, type: DuckDBType, depth: number): void => {
    if (leaves.length > limit) return;
    if (type.typeId === DuckDBTypeId.STRUCT && depth < LEAF_DEPTH) {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      for (const [i, entry] of entryNames.entries()) add(`${name}.${entry}`, `${sql}.${identifier(entry)}`, entryTypes[i]!, depth + 1);
    } else if (type.typeId === DuckDBTypeId.LIST && (type as DuckDBListType).valueType.typeId === DuckDBTypeId.STRUCT && depth < LEAF_DEPTH) {
      add(`${name}[]`, `${sql}[1]`, (type as DuckDBListType).valueType, depth);
    } else {
      leaves.push({ name: name.slice(0, MAX_NAME), sql, type });
    }
  };
  for (const { name, type } of columns) add(name, identifier(name), type, 0);
  return leaves;
}

const T = DuckDBTypeId;
const LOGICAL: ReadonlyMap<DuckDBTypeId, LogicalType> = new Map([
  [T.BOOLEAN, 'boolean'],
  ...[T.TINYINT, T.SMALLINT, T.INTEGER, T.BIGINT, T.HUGEINT, T.UTINYINT, T.USMALLINT, T.UINTEGER, T.UBIGINT, T.UHUGEINT].map((t) => [t, 'integer'] as const),
  ...[T.FLOAT, T.DOUBLE, T.DECIMAL].map((t) => [t, 'decimal'] as const),
  [T.DATE, 'date'],
  ...[T.TIMESTAMP, T.TIMESTAMP_S, T.TIMESTAMP_MS, T.TIMESTAMP_NS, T.TIMESTAMP_TZ].map((t) => [t, 'timestamp'] as const),
  ...[T.TIME, T.TIME_TZ].map((t) => [t, 'time'] as const),
  [T.BLOB, 'binary'],
  ...[T.LIST, T.ARRAY, T.STRUCT, T.MAP, T.UNION].map((t) => [t, 'nested'] as const),
]);

/** Null for text, which may be anything. */
export const logicalOf = (type: DuckDBType): LogicalType | null => LOGICAL.get(type.typeId) ?? null;
