import type { TableProfile } from '#compliance';
import { bitsFor, DistinctCounter } from './distinct-counter.js';

/** What the detectors look at; more of a cell or a table tells them nothing. */
export const MAX_CELL = 128;
export const MAX_COLUMNS = 2_000;
const MAX_SAMPLE_ROWS = 10_000;
const MIN_SAMPLE_ROWS = 20;
/** Of one revision, shared by its files: about 100 MB of strings, and a few of counters. */
const CELLS = 1_000_000;
const CHARACTERS = 32 * 1024 * 1024;
const COUNTER_BYTES = 16 * 1024 * 1024;

/**
 * Rows of one table, held as an even sample: each row until there are too many, then every second, fourth and so on. The same rows
 * in the same order give the same sample.
 */
export class TableBuilder {
  readonly files = new Set<string>();
  private readonly counters: DistinctCounter[];
  private readonly maxRows: number;
  private readonly maxCharacters: number;
  private sample: string[][] = [];
  private characters = 0;
  private stride = 1;
  private rows = 0;

  /** `share`: into how many parts the memory of a revision goes. */
  constructor(readonly header: readonly string[], share: number) {
    const columns = Math.max(header.length, 1);
    this.maxRows = Math.max(MIN_SAMPLE_ROWS, Math.min(MAX_SAMPLE_ROWS, Math.floor(CELLS / share / columns)));
    this.maxCharacters = Math.floor(CHARACTERS / share);
    const bits = bitsFor(COUNTER_BYTES / share / columns);
    this.counters = header.map(() => new DistinctCounter(bits));
  }

  add(record: readonly string[]): void {
    const row = this.header.map((_, i) => cut(record[i] ?? ''));
    for (const [i, cell] of row.entries()) if (cell !== '') this.counters[i]!.add(cell);
    if (this.rows++ % this.stride !== 0) return;
    this.sample.push(row);
    this.characters += lengthOf(row);
    while ((this.sample.length > this.maxRows || this.characters > this.maxCharacters) && this.sample.length > 1) this.thin();
  }

  profile(): TableProfile {
    return { name: [...this.files][0] ?? '', files: this.files.size, rows: this.rows, header: this.header, sample: this.sample, distinct: this.counters.map((c) => c.atLeast()) };
  }

  private thin(): void {
    this.stride *= 2;
    this.sample = this.sample.filter((_, i) => i % 2 === 0);
    this.characters = this.sample.reduce((sum, row) => sum + lengthOf(row), 0);
  }
}

/** A short text of its own: a slice would keep the whole cell in memory. */
export const cut = (cell: string): string => (cell.length <= MAX_CELL ? cell : Buffer.from(cell.slice(0, MAX_CELL)).toString());
const lengthOf = (row: readonly string[]): number => row.reduce((sum, cell) => sum + cell.length, 0);

/** The tables of a revision: files with the same columns are one. */
export class Tables {
  private readonly byHeader = new Map<string, TableBuilder>();

  constructor(private readonly files: number) {}

  of(header: readonly string[], fileName: string): TableBuilder {
    const names = header.slice(0, MAX_COLUMNS).map(cut);
    const key = JSON.stringify(names);
    const table = this.byHeader.get(key) ?? new TableBuilder(names, this.files);
    this.byHeader.set(key, table);
    table.files.add(fileName);
    return table;
  }

  profiles(): TableProfile[] {
    return [...this.byHeader.values()].map((t) => t.profile()).filter((t) => t.rows > 0);
  }
}
