import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type DuckDBListType, type DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { identifier, literal } from '../duck.js';
import { FileFinding } from '../finding.js';
import { encodingOf } from '../text/encoding.js';
import { checkJsonDepth } from '../text/json-depth.js';
import { asUtf8 } from './csv.js';
import { LEAF_DEPTH, leavesOf, logicalOf } from './leaves.js';
import { type Loaded, type Loading, type StagedColumn, textColumn } from './staged.js';

/** One JSON document: an array of objects, an object that holds one, or a single object. A large one has to be an array. */
export async function loadJson(loading: Loading): Promise<Loaded> {
  const { file, task: { limits }, scratch } = loading;
  const encoding = await encodingOf(file.path);
  const path = await asUtf8(loading, encoding, true);
  const first = await checkJsonDepth(path, limits.jsonDepth);
  if (file.bytes > limits.documentBytes) {
    if (first !== '[') throw new FileFinding(`JSON of more than ${limits.documentBytes} bytes that is no array: hand it in as JSON lines`);
    return { ...(await loadRows(loading, path, 'array')), encoding };
  }
  const rows = `${scratch}.jsonl`;
  await writeRows(rowsOf(parsed(await readFile(path, 'utf8'))), rows);
  return { ...(await loadRows(loading, rows, 'newline_delimited')), encoding };
}

/** JSON lines: one value a line. */
export async function loadJsonLines(loading: Loading): Promise<Loaded> {
  const encoding = await encodingOf(loading.file.path);
  const path = await asUtf8(loading, encoding, true);
  await checkJsonDepth(path, loading.task.limits.jsonDepth);
  return { ...(await loadRows(loading, path, 'newline_delimited')), encoding };
}

async function loadRows({ duck, task: { limits } }: Loading, path: string, format: string): Promise<Loaded> {
  const options = `format = '${format}', compression = 'uncompressed', maximum_object_size = ${limits.recordBytes}`;
  const columns = await duck.columns(`from read_json(${literal(path)}, ${options}, sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0, maximum_depth = ${LEAF_DEPTH + 2}, convert_strings_to_integers = false)`);
  const records = !isValues(columns);
  if (!records && (await holdsObjects(duck, path, options))) throw new FileFinding('some of its entries are objects and others are not');
  const leaves = leavesOf(columns, limits.columns);
  const kept = leaves.slice(0, limits.columns);
  const types = columns.map(({ name, type }) => `${identifier(name)}: ${literal(asWritten(type))}`).join(', ');
  return {
    columns: kept.map(({ name, type }) => stagedOf(records ? name : 'value', type)), types: kept.map(() => 'VARCHAR'),
    ...(leaves.length > limits.columns ? { unread: `more than ${limits.columns} columns, of which the first are read` } : {}),
    fill: async (table) => {
      await duck.run(`insert into ${table} select ${kept.map((l) => (l.type.typeId === DuckDBTypeId.LIST ? `to_json(${l.sql})` : `${l.sql}::varchar`)).join(', ')} from read_json(${literal(path)}, ${options}, records = ${records}, columns = {${types}})`);
      return [];
    },
  };
}

const isJson = (type: DuckDBType): boolean => type.alias === 'JSON';
const isValues = (columns: readonly { name: string; type: DuckDBType }[]): boolean => columns.length === 1 && columns[0]!.name === 'json' && (isJson(columns[0]!.type) || columns[0]!.type.typeId !== DuckDBTypeId.STRUCT);

async function holdsObjects(duck: Loading['duck'], path: string, options: string): Promise<boolean> {
  const { found } = await duck.one<{ found: boolean }>(`select count(*) > 0 as found from (select 1 from read_json(${literal(path)}, ${options}, records = false, columns = {json: 'JSON'}) where json_type(json) = 'OBJECT' limit 1)`);
  return found;
}

/** Scalars as they are written, so that no number is rounded and no text is taken for a date. */
function asWritten(type: DuckDBType): string {
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const { entryNames, entryTypes } = type as DuckDBStructType;
    return `STRUCT(${entryNames.map((name, i) => `${identifier(name)} ${asWritten(entryTypes[i]!)}`).join(', ')})`;
  }
  if (type.typeId === DuckDBTypeId.LIST) {
    const { valueType } = type as DuckDBListType;
    return valueType.typeId === DuckDBTypeId.STRUCT ? `${asWritten(valueType)}[]` : 'JSON';
  }
  return 'VARCHAR';
}

function stagedOf(name: string, type: DuckDBType): StagedColumn {
  if (isJson(type)) return textColumn(name, 'JSON', { otherwise: 'mixed' });
  const logicalType = logicalOf(type);
  const physicalType = logicalType === 'date' || logicalType === 'timestamp' || logicalType === 'time' ? 'VARCHAR' : String(type);
  // What is written as text may look like a date; a number in quotes stays text.
  if (physicalType === 'VARCHAR') return textColumn(name, physicalType, { candidates: ['date', 'timestamp'] });
  return textColumn(name, physicalType, { logicalType: type.typeId === DuckDBTypeId.UUID ? 'text' : logicalType });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/.exec((error as Error).message);
    throw new FileFinding(place ? `the file is not JSON from character ${place[1]} on` : 'the file is not JSON');
  }
}

/** The longest array that the document is or holds, else the document itself. */
function rowsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === null || typeof value !== 'object') return [value];
  const arrays = Object.values(value).filter((v): v is unknown[] => Array.isArray(v) && v.some((item) => typeof item === 'object'));
  return arrays.reduce((longest, a) => (a.length > longest.length ? a : longest), arrays[0] ?? [value]);
}

async function writeRows(rows: readonly unknown[], target: string): Promise<void> {
  const output = createWriteStream(target, { flags: 'wx' });
  for (const row of rows) if (!output.write(`${JSON.stringify(row)}\n`)) await once(output, 'drain');
  output.end();
  await once(output, 'close');
}
