import { setImmediate as others } from 'node:timers/promises';
import { MAX_PARSED_BYTES } from '../formats/json.js';
import type { FileReader } from './file-reader.js';
import { JsonElements, MAX_ELEMENT_BYTES } from './json-elements.js';
import { cut, MAX_COLUMNS, type TableBuilder, type Tables } from './table-builder.js';

const MAX_DEPTH = 4;

/**
 * One JSON document: an array of objects, an object that holds one, or a single object. What is nested becomes `outer.inner`. A large one
 * is read element by element, for which it has to be an array.
 */
export class JsonReader implements FileReader {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private stream: ElementReader | null = null;

  constructor(private readonly tables: Tables, private readonly fileName: string) {}

  async push(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length;
    if (this.stream) return this.stream.push(chunk);
    this.chunks.push(chunk);
    if (this.bytes <= MAX_PARSED_BYTES) return;
    this.stream = new ElementReader(this.tables.growing(this.fileName));
    for (const kept of this.chunks) {
      this.stream.push(kept);
      // What was kept is much: others work in between.
      await others();
    }
    this.chunks = [];
  }

  end(): string | null {
    if (this.stream) return this.stream.end();
    const value = parsed(Buffer.concat(this.chunks).toString('utf8'));
    if (value === undefined) return 'the file is not JSON';
    const rows = rowsOf(value).map(flat);
    const header = [...new Set(rows.flatMap((r) => [...r.keys()]))].slice(0, MAX_COLUMNS);
    const table = this.tables.of(header, this.fileName);
    for (const row of rows) table.add(header.map((name) => row.get(name) ?? ''));
    return null;
  }
}

/** Rows of a large array, into a table that gets a column when a row brings one. */
class ElementReader {
  private readonly elements = new JsonElements();
  private first: string | null = null;
  private broken = false;

  constructor(private readonly table: TableBuilder) {}

  push(chunk: Buffer): void {
    this.first ??= /[^ \t\r\n]/.exec(chunk.toString('latin1'))?.[0] ?? null;
    if (this.first !== '[') return;
    for (const text of this.elements.push(chunk)) {
      const value = parsed(text);
      if (value === undefined) this.broken = true;
      else this.table.addNamed(flat(value));
    }
  }

  end(): string | null {
    if (this.first !== '[') return `JSON of more than ${MAX_PARSED_BYTES} bytes that is not an array is not read`;
    if (this.elements.skipped) return `${this.elements.skipped} elements of more than ${MAX_ELEMENT_BYTES} bytes were passed over`;
    return this.broken ? 'the file is not JSON' : null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
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
