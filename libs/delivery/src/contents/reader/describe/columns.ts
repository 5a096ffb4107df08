import type { ColumnContents, LogicalType } from '../../contents.js';
import { type Duck, literal } from '../duck.js';
import type { StagedColumn } from '../load/staged.js';
import type { StagedTable } from '../stage.js';
import { isOf, valueOf } from './expressions.js';
import { partsOf } from './parts.js';

/** Columns that one statement looks at: each brings its own set of different values. */
const AT_ONCE = 16;
/** In a small table those sets are small, and a statement costs more than its work. */
const SMALL_ROWS = 10_000;
const AT_ONCE_SMALL = 256;
/** Standard errors of an estimate below which all but surely no fewer are there. */
const ERRORS = 3;
const RANGED: ReadonlySet<LogicalType> = new Set(['integer', 'decimal', 'date', 'timestamp', 'time']);
const MAX_SHOWN = 64;

interface Wanted {
  readonly sql: string;
  readonly column: StagedColumn;
  readonly type: LogicalType;
}
interface Found {
  values: string; low: string | null; high: string | null; shortest: string | null; longest: string | null; latest: string | null; different: string;
}

/** Every column of a table, over all of its rows. */
export async function describeColumns(duck: Duck, staged: StagedTable, asOf: string, countedRows: number): Promise<ColumnContents[]> {
  const described: ColumnContents[] = [];
  const atOnce = staged.rows <= SMALL_ROWS ? AT_ONCE_SMALL : AT_ONCE;
  for (let from = 0; from < staged.columns.length; from += atOnce) {
    const group = staged.columns.slice(from, from + atOnce).map((column, i) => ({ column, sql: `c${from + i}` }));
    const types = await typesOf(duck, staged.table, group);
    described.push(...(await describeGroup(duck, staged, group.map((g, i) => ({ ...g, type: types[i]! })), asOf, countedRows)));
  }
  return described;
}

/** The narrowest kind that every value has. Asked of the first rows first, which mostly tells what it is not. */
async function typesOf(duck: Duck, table: string, group: readonly { column: StagedColumn; sql: string }[]): Promise<LogicalType[]> {
  const open = group.map(({ column }) => (column.logicalType === null ? [...column.candidates] : []));
  for (const source of [`(select ${group.map((g) => g.sql).join(', ')} from ${table} limit 2048)`, table]) {
    for (;;) {
      const asked = open.flatMap((candidates, i) => (candidates[0] ? [{ i, type: candidates[0] }] : []));
      if (asked.length === 0) break;
      const wrong = await duck.one<Record<string, boolean | null>>(`select ${asked.map(({ i, type }) => `coalesce(bool_and(${isOf(group[i]!.sql, type)}) filter (where ${group[i]!.sql} is not null), true) as w${i}`).join(', ')} from ${source}`);
      const failed = asked.filter(({ i }) => !wrong[`w${i}`]);
      for (const { i } of failed) open[i]!.shift();
      if (failed.length === 0) break;
    }
  }
  return group.map(({ column }, i) => column.logicalType ?? open[i]![0] ?? column.otherwise);
}

async function describeGroup(duck: Duck, { table, rows }: StagedTable, group: readonly Wanted[], asOf: string, countedRows: number): Promise<ColumnContents[]> {
  const counted = rows <= countedRows;
  const parts = group.flatMap(({ sql, column, type }, i) => {
    const value = valueOf(sql, column, type);
    const dated = type === 'date' || type === 'timestamp';
    const textual = type === 'text' || type === 'mixed' || type === 'nested';
    return [
      `count(${sql}) as values${i}`,
      RANGED.has(type) ? `arg_min(${sql}, ${value})::varchar as low${i}, arg_max(${sql}, ${value})::varchar as high${i}` : `null as low${i}, null as high${i}`,
      textual ? `min(length(${sql})) as shortest${i}, max(length(${sql})) as longest${i}` : `null as shortest${i}, null as longest${i}`,
      dated ? `strftime(max(${value}) filter (where ${value} <= ${literal(asOf)}::timestamptz) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as latest${i}` : `null as latest${i}`,
      `${rows <= SMALL_ROWS ? `coalesce(list_unique(list(hash(${sql})) filter (where ${sql} is not null)), 0)` : counted ? `count(distinct hash(${sql})) filter (where ${sql} is not null)` : `approx_count_distinct(${sql})`} as different${i}`,
    ];
  });
  const all = await duck.one<Record<string, string | null>>(`select ${parts.join(', ')} from ${table}`);
  const found = group.map((_, i): Found => ({ values: all[`values${i}`]!, low: all[`low${i}`]!, high: all[`high${i}`]!, shortest: all[`shortest${i}`]!, longest: all[`longest${i}`]!, latest: all[`latest${i}`]!, different: all[`different${i}`]! }));
  const result: ColumnContents[] = [];
  for (const [i, { column, sql, type }] of group.entries()) {
    const { values, low, high, shortest, longest, latest, different } = found[i]!;
    const nulls = rows - Number(values);
    const distinct = counted ? { distinct: Number(different), distinctExact: true, distinctAtLeast: Number(different) } : await estimate(duck, table, sql, Number(different));
    const empty = nulls === rows;
    result.push({
      name: column.name, physicalType: column.physicalType, logicalType: empty ? 'empty' : type, nulls, min: shown(low), max: shown(high),
      minLength: shortest === null ? null : Number(shortest), maxLength: longest === null ? null : Number(longest), ...distinct, latest,
    });
  }
  return result;
}

const shown = (value: string | null): string | null => value?.slice(0, MAX_SHOWN) ?? null;

/** Of few different values each one; of many, of an even part of them by their hash, which is exact to some tenths of a percent. */
async function estimate(duck: Duck, table: string, sql: string, rough: number): Promise<{ distinct: number; distinctExact: boolean; distinctAtLeast: number }> {
  const parts = partsOf(rough);
  const { n } = await duck.one<{ n: string }>(`select count(distinct hash(${sql})) filter (where ${sql} is not null and hash(${sql}) % ${parts} = 0) as n from ${table}`);
  const distinct = Number(n) * parts;
  return { distinct, distinctExact: parts === 1, distinctAtLeast: parts === 1 ? distinct : Math.floor(distinct * (1 - ERRORS / Math.sqrt(Math.max(Number(n), 1)))) };
}
