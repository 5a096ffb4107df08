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
/** Of a table whose columns show only as it is read. */
const EXPECTED_COLUMNS = 512;

/**
 * Rows of one table, held as an even sample: each row until there are too many, then every second, fourth and so on. The same rows
 * in the same order give the same sample.
 */
export class TableBuilder {
  readonly files = new Set<string>();
  private readonly header: string[];
  private readonly places = new Map<string, number>();
  private readonly counters: DistinctCounter[];
  private readonly bits: number;
  private readonly maxCharacters: number;
  private sample: string[][] = [];
  private characters = 0;
  private stride = 1;
  private rows = 0;

  /** `share`: into how many parts the memory of a revision goes. */
  constructor(header: readonly string[], private readonly share: number) {
    this.header = [...header];
    this.maxCharacters = Math.floor(CHARACTERS / share);
    this.bits = bitsFor(COUNTER_BYTES / share / (header.length || EXPECTED_COLUMNS));
    this.counters = header.map(() => new DistinctCounter(this.bits));
  }

  add(record: readonly string[]): void {
    const { counters } = this;
    for (let i = 0; i < counters.length; i++) if (record[i]) counters[i]!.add(record[i]!);
    if (this.isSampled()) this.keep(this.header.map((_, i) => cut(record[i] ?? '')));
  }

  /** A row of a table whose columns are not known before: a new name is a new column, which earlier rows lack. */
  addNamed(cells: ReadonlyMap<string, string>): void {
    const row: string[] = [];
    for (const [name, cell] of cells) {
      const place = this.placeOf(name);
      if (place !== null) row[place] = cell;
    }
    this.add(row);
  }

  profile(): TableProfile {
    return { name: [...this.files][0] ?? '', files: this.files.size, rows: this.rows, header: this.header, sample: this.sample, distinct: this.counters.map((c) => c.atLeast()) };
  }

  private placeOf(name: string): number | null {
    const place = this.places.get(name);
    if (place !== undefined) return place;
    if (this.header.length >= MAX_COLUMNS) return null;
    this.counters.push(new DistinctCounter(this.bits));
    this.header.push(cut(name));
    this.places.set(name, this.header.length - 1);
    return this.header.length - 1;
  }

  private isSampled(): boolean {
    return this.rows++ % this.stride === 0;
  }

  private keep(row: string[]): void {
    this.sample.push(row);
    this.characters += lengthOf(row);
    const maxRows = Math.max(MIN_SAMPLE_ROWS, Math.min(MAX_SAMPLE_ROWS, Math.floor(CELLS / this.share / Math.max(this.header.length, 1))));
    while ((this.sample.length > maxRows || this.characters > this.maxCharacters) && this.sample.length > 1) this.thin();
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

  /** A table of one file whose columns are not known before. */
  growing(fileName: string): TableBuilder {
    const table = new TableBuilder([], this.files);
    this.byHeader.set(`growing ${fileName}`, table);
    table.files.add(fileName);
    return table;
  }

  profiles(): TableProfile[] {
    return [...this.byHeader.values()].map((t) => t.profile()).filter((t) => t.rows > 0);
  }
}
