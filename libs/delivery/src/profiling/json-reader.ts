import { MAX_PARSED_BYTES } from '../formats/json.js';
import type { FileReader } from './file-reader.js';
import { cut, MAX_COLUMNS, type Tables } from './table-builder.js';

const MAX_DEPTH = 4;

/** One JSON document: an array of objects, an object that holds one, or a single object. What is nested becomes `outer.inner`. */
export class JsonReader implements FileReader {
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly tables: Tables, private readonly fileName: string) {}

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes <= MAX_PARSED_BYTES) this.chunks.push(chunk);
    else this.chunks = [];
  }

  end(): string | null {
    if (this.bytes > MAX_PARSED_BYTES) return `JSON of more than ${MAX_PARSED_BYTES} bytes is not read`;
    const value = parsed(Buffer.concat(this.chunks));
    if (value === undefined) return 'the file is not JSON';
    const rows = rowsOf(value).map(flat);
    const header = [...new Set(rows.flatMap((r) => [...r.keys()]))].slice(0, MAX_COLUMNS);
    const table = this.tables.of(header, this.fileName);
    for (const row of rows) table.add(header.map((name) => row.get(name) ?? ''));
    return null;
  }
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The longest array that the document is or holds, else the document itself. */
function rowsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === null || typeof value !== 'object') return [value];
  const arrays = Object.values(value).filter((v): v is unknown[] => Array.isArray(v) && v.some((item) => typeof item === 'object'));
  return arrays.reduce((longest, a) => (a.length > longest.length ? a : longest), arrays[0] ?? [value]);
}

function flat(value: unknown): Map<string, string> {
  const cells = new Map<string, string>();
  fill(cells, value, '', 0);
  return cells;
}

function fill(cells: Map<string, string>, value: unknown, path: string, depth: number): void {
  if (value === null || value === undefined || cells.size >= MAX_COLUMNS) return;
  if (typeof value !== 'object') cells.set(path || 'value', cut(String(value)));
  else if (depth >= MAX_DEPTH || (Array.isArray(value) && value.every((v) => typeof v !== 'object'))) cells.set(path || 'value', cut(JSON.stringify(value)));
  else for (const [key, inner] of Object.entries(value)) fill(cells, inner, path ? `${path}.${Array.isArray(value) ? '' : key}` : key, depth + 1);
}
