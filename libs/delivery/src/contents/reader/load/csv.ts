import { type CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Encoding } from '../../contents.js';
import { literal } from '../duck.js';
import { FileFinding, findingOf } from '../finding.js';
import { encodingOf, headOf, toUtf8 } from '../text/encoding.js';
import { type Loaded, type Loading, textColumn } from './staged.js';

const DELIMITERS = [',', '\t', ';', '|'];
const HEADER_BYTES = 1024 * 1024;
const MAX_NAME = 128;

/** Delimited text (RFC 4180) with a header, whatever of four delimiters, in the encodings that can be told for sure. */
export async function loadCsv(loading: Loading): Promise<Loaded> {
  const { file, task: { limits } } = loading;
  const encoding = await encodingOf(file.path);
  const path = await asUtf8(loading, encoding);
  const head = await headOf(path, HEADER_BYTES);
  const { delimiter, header } = headerOf(head.toString('utf8'), head.length === HEADER_BYTES);
  const names = header.slice(0, limits.columns).map((name, i) => name.trim().slice(0, MAX_NAME) || `column ${i + 1}`);
  const read = (options: string): string => {
    const columns = header.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
    // A blank line of a table with one column is no row, as it is none of a wider one.
    return `select ${names.map((_, i) => `c${i}`).join(', ')} from read_csv(${literal(path)}, auto_detect = false, compression = 'none', header = true, delim = ${literal(delimiter)}, quote = '"', escape = '"',
      max_line_size = ${limits.recordBytes}, columns = {${columns}}, ${options})${header.length === 1 ? ' where c0 is not null' : ''}`;
  };
  return {
    columns: names.map((name) => textColumn(name, 'VARCHAR', { candidates: ['boolean', 'integer', 'decimal', 'date', 'timestamp'] })), types: names.map(() => 'VARCHAR'), encoding, delimiter,
    findings: duplicates(header),
    ...(header.length > limits.columns ? { unread: `${header.length} columns, of which the first ${limits.columns} are read` } : {}),
    fill: (table) => fill(loading, table, read),
    rescue: (table) => loading.duck.run(`insert into ${table} ${read('strict_mode = false, null_padding = true, ignore_errors = true')}`),
  };
}

/** The file itself where it is UTF-8 already. */
export async function asUtf8({ file, scratch }: Loading, encoding: Encoding, strip = false): Promise<string> {
  if (encoding === 'UTF-8' || (encoding === 'UTF-8 with BOM' && !strip)) return file.path;
  const target = `${scratch}.utf8`;
  await toUtf8(file.path, encoding, target);
  return target;
}

async function fill({ duck, task: { limits } }: Loading, table: string, read: (options: string) => string): Promise<readonly string[]> {
  const rejects = `${table}_rejects`;
  await duck.run(`insert into ${table} ${read(`strict_mode = true, null_padding = false, store_rejects = true, rejects_table = '${rejects}', rejects_scan = '${rejects}_scan', rejects_limit = ${limits.findings}`)}`);
  const found = await duck.rows<{ line: string; kind: string; message: string }>(`select line, error_type::varchar as kind, error_message as message from ${rejects} order by line, column_idx limit ${limits.findings}`);
  return found.map(describe);
}

const KINDS: Readonly<Record<string, string>> = {
  'UNQUOTED VALUE': 'a quote is not closed, or stands in the middle of a cell', 'LINE SIZE OVER MAXIMUM': 'a record is longer than can be read, as when a quote is never closed', 'INVALID ENCODING': 'not UTF-8',
  'INVALID STATE': 'quotes or line ends are mixed',
};
function describe({ line, kind, message }: { line: string; kind: string; message: string }): string {
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  return `line ${line}: ${counts ? `not as many columns as the header: ${counts[1]} expected, ${counts[2]} found` : (KINDS[kind] ?? 'not delimited text')}`;
}

function headerOf(head: string, cutOff: boolean): { delimiter: string; header: string[] } {
  let best: { delimiter: string; header: string[] } | null = null;
  for (const delimiter of DELIMITERS) {
    const header = firstRecord(head, delimiter, cutOff);
    if (header.length > (best?.header.length ?? 0)) best = { delimiter, header };
  }
  if (!best || best.header.every((name) => name.trim() === '')) throw new FileFinding('there is no header');
  return best;
}

function firstRecord(head: string, delimiter: string, cutOff: boolean): string[] {
  try {
    return (parse(head, { bom: true, to: 1, delimiter, skip_empty_lines: true, relax_quotes: true }) as string[][])[0] ?? [];
  } catch (error) {
    if ((error as CsvError).code === 'CSV_QUOTE_NOT_CLOSED') throw new FileFinding(cutOff ? `the header is longer than ${HEADER_BYTES} bytes, or a quote in it is never closed` : 'line 1: a quote is not closed');
    throw new FileFinding(findingOf(error));
  }
}

/** Names may be data where a file has no header: places only. */
function duplicates(header: readonly string[]): string[] {
  const places = Map.groupBy(header.entries(), ([, name]) => name.trim());
  return [...places].filter(([name, found]) => name !== '' && found.length > 1).slice(0, 5).map(([, found]) => `line 1: columns ${found.slice(0, 5).map(([i]) => i + 1).join(' and ')} have the same name`);
}
