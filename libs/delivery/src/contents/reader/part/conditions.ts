import type { CellType, RowCondition, RowOperator } from '#contracts';
import { valueOf, isOf } from '../describe/expressions.js';
import { FileFinding } from '../finding.js';
import type { StagedColumn } from '../load/staged.js';

/** As exact as a column that holds both large and small numbers can be compared: 21 digits before the point, 17 after it. */
const EXACT = 'decimal(38, 17)';

/** A cell as it is compared, and how values are brought to the same. */
interface Cell {
  readonly sql: string;
  /** Whether a cell that has a value is none of this type. */
  readonly wrong: string;
  readonly cast: (place: string) => string;
}
export interface Where {
  readonly sql: string;
  /** In the sequence of `$1`, `$2` and so on: nothing of a condition ever becomes part of a statement. */
  readonly values: string[];
  /** For each condition, whether a row cannot be judged by it. */
  readonly wrong: readonly { readonly column: string; readonly type: CellType; readonly sql: string }[];
}

/** The conditions on the rows of a staged table. */
export function whereOf(columns: readonly StagedColumn[], rows: readonly RowCondition[], placeOf: (name: string) => number): Where {
  const values: string[] = [];
  const wrong: Where['wrong'][number][] = [];
  const tests = rows.map((row) => {
    const place = placeOf(row.column);
    const cell = cellOf(`c${place}`, columns[place]!, row);
    wrong.push({ column: row.column, type: row.type, sql: `c${place} is not null and (${cell.wrong})` });
    const places = row.values.map((value) => cell.cast(`$${values.push(value)}`));
    return `coalesce(${compared(row.operator, cell.sql, places)}, false)`;
  });
  return { sql: tests.length ? ` where ${tests.join(' and ')}` : '', values, wrong };
}

const SIGNS: Partial<Record<RowOperator, string>> = { eq: '=', neq: '<>', lt: '<', lteq: '<=', gt: '>', gteq: '>=' };
function compared(operator: RowOperator, cell: string, places: readonly string[]): string {
  if (operator === 'isAnyOf') return `${cell} in (${places.join(', ')})`;
  if (operator === 'isNoneOf') return `${cell} not in (${places.join(', ')})`;
  return `${cell} ${SIGNS[operator]} ${places[0]}`;
}

function cellOf(c: string, column: StagedColumn, { type }: RowCondition): Cell {
  const kinds: readonly string[] = column.logicalType === null ? [...column.candidates, column.otherwise] : [column.logicalType];
  const refuse = (): never => { throw new FileFinding(`the column ${JSON.stringify(column.name)} is not of the type ${type} that the licence compares it as`); };
  switch (type) {
    case 'string': return column.asText && (kinds.includes('text') || column.physicalType === 'Utf8') ? { sql: c, wrong: 'false', cast: (p) => `${p}::varchar` } : refuse();
    case 'decimal': return kinds.includes('integer') || kinds.includes('decimal') ? numberOf(c, column) : refuse();
    case 'boolean': return kinds.includes('boolean') ? booleanOf(c, column) : refuse();
    case 'date': return kinds.includes('date') ? dated(c, column, 'date', (p) => `${p}::date`) : refuse();
    case 'dateTime': return kinds.includes('timestamp') ? instantOf(c, column) : refuse();
    default: return type satisfies never;
  }
}

function numberOf(c: string, { asText, physicalType }: StagedColumn): Cell {
  if (!asText && /^(FLOAT|DOUBLE)$/.test(physicalType)) return { sql: `case when isfinite(${c}::double) then ${c}::double end`, wrong: 'false', cast: (p) => `${p}::double` };
  const sql = `try_cast(${c} as ${EXACT})`;
  return { sql, wrong: asText ? `not (${isOf(c, 'decimal')}) or ${sql} is null` : `${sql} is null`, cast: (p) => `${p}::${EXACT}` };
}

function booleanOf(c: string, { asText }: StagedColumn): Cell {
  const sql = asText ? `case when lower(${c}) in ('true', 'yes', '是') then true when lower(${c}) in ('false', 'no', '否') then false end` : c;
  return { sql, wrong: `(${sql}) is null`, cast: (p) => `${p}::boolean` };
}

function instantOf(c: string, column: StagedColumn): Cell {
  if (column.asText) return dated(c, column, 'timestamp', (p) => `${p}::timestamptz`);
  // A column without a zone is taken for UTC, as its profile does.
  const zoned = column.physicalType === 'TIMESTAMP WITH TIME ZONE';
  return { sql: zoned ? c : `${c}::timestamp`, wrong: 'false', cast: (p) => (zoned ? `${p}::timestamptz` : `replace(${p}, 'Z', '')::timestamp`) };
}

function dated(c: string, column: StagedColumn, kind: 'date' | 'timestamp', cast: Cell['cast']): Cell {
  const sql = valueOf(c, column, kind);
  return { sql, wrong: column.asText ? `not (${isOf(c, kind)})` : 'false', cast };
}
