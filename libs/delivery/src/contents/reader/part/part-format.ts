import { literal } from '../duck.js';
import type { Loaded } from '../load/staged.js';

interface PartFormat {
  readonly mediaType: string;
  /** Of the statement that writes it. */
  readonly options: string;
  /** A column of the staged table as it is written. */
  readonly expression: (place: number) => string;
}

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\s?\d+\)|BOOLEAN)$/;
/** What Arrow calls a type, and what Parquet holds it as; the others stay text. */
const ARROW: readonly (readonly [RegExp, string])[] = [[/^Int\d+$/, 'bigint'], [/^Uint\d+$/, 'ubigint'], [/^Float\d+$/, 'double'], [/^Bool$/, 'boolean'], [/^Date/, 'date'], [/^Timestamp/, 'timestamp']];

/** In the format of the file where the library writes it: CSV (UTF-8, with the delimiter that it has), JSON, JSON lines, Parquet. Arrow becomes Parquet. */
export function formatOf(mediaType: string, { columns, delimiter }: Loaded, width: number): PartFormat {
  switch (mediaType) {
    case 'text/csv':
      // Of one column a missing value would be an empty line, which is no row.
      return { mediaType, options: `format csv, header true, delimiter ${literal(delimiter ?? ',')}, quote '"', escape '"'`, expression: (i) => (width === 1 ? `coalesce(c${i}, '')` : `c${i}`) };
    case 'application/json': return { mediaType, options: 'format json, array true', expression: (i) => jsonOf(columns, i) };
    case 'application/x-ndjson': return { mediaType, options: 'format json', expression: (i) => jsonOf(columns, i) };
    default: return { mediaType: 'application/vnd.apache.parquet', options: 'format parquet', expression: mediaType === 'application/vnd.apache.parquet' ? (i) => `c${i}` : (i) => arrowOf(columns, i) };
  }
}

/** Numbers, truth values and what is nested as such, everything else as text. */
function jsonOf(columns: Loaded['columns'], i: number): string {
  const { physicalType, logicalType } = columns[i]!;
  if (physicalType === 'JSON' || logicalType === 'nested') return `c${i}::json`;
  return NUMBERS.test(physicalType) ? `c${i}::${physicalType}` : `c${i}`;
}

function arrowOf(columns: Loaded['columns'], i: number): string {
  const type = ARROW.find(([form]) => form.test(columns[i]!.physicalType))?.[1];
  return type ? `c${i}::${type}` : `c${i}`;
}
