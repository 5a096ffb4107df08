import type { LogicalType } from '../../contents.js';
import type { StagedColumn } from '../load/staged.js';

/** How text of a kind is written. A number that begins with a nought is a code, not a number. RE2. */
const FORMS: Partial<Record<LogicalType, string>> = {
  boolean: '(?i)true|false|yes|no|是|否',
  integer: '[+-]?(0|[1-9]\\d*)',
  decimal: '[+-]?(0|[1-9]\\d*)?(\\.\\d+)?([eE][+-]?\\d+)?',
  date: '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
  timestamp: '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}[T ]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?( ?(Z|[+-]\\d{2}:?(\\d{2})?))?',
};

/** The value of a cell of this kind, for comparing; null where it is none. */
export function valueOf(column: string, { asText }: Pick<StagedColumn, 'asText'>, type: LogicalType): string {
  if (!asText) return type === 'decimal' ? `case when isfinite(${column}::double) then ${column} end` : column;
  const iso = `regexp_replace(${column}, '[/.]', '-', 'g')`;
  switch (type) {
    case 'integer': return `try_cast(${column} as hugeint)`;
    case 'decimal': return `case when isfinite(try_cast(${column} as double)) then try_cast(${column} as double) end`;
    case 'date': return `try_cast(${iso} as date)`;
    // Points part hundredths of a second too: only those before the time part days.
    case 'timestamp': return `try_cast(regexp_replace(${column}, '^(\\d{4})[/.](\\d{1,2})[/.]', '\\1-\\2-') as timestamptz)`;
    default: return column;
  }
}

/** Whether a cell is written as one of this kind. */
export function isOf(column: string, type: LogicalType): string {
  const form = `regexp_full_match(${column}, '${FORMS[type]!}')`;
  if (type === 'boolean') return form;
  return `${form} and ${valueOf(column, { asText: true }, type)} is not null`;
}
