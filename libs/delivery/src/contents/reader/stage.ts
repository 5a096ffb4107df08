import type { FileToRead } from '../protocol.js';
import type { Duck } from './duck.js';
import { FileFinding } from './finding.js';
import type { Loaded, StagedColumn } from './load/staged.js';

/** A table of the stage: files with the same columns. */
export interface StagedTable {
  readonly table: string;
  readonly columns: readonly StagedColumn[];
  readonly files: FileToRead[];
  readonly partial: boolean;
  rows: number;
}

/** What the files of a revision hold, as tables of the reader's own database. */
export class Stage {
  private readonly whole = new Map<string, StagedTable>();
  private readonly broken: StagedTable[] = [];
  private made = 0;

  constructor(private readonly duck: Duck, private readonly maxRows: number) {}

  get tables(): StagedTable[] {
    return [...this.whole.values(), ...this.broken].filter((t) => t.rows > 0);
  }

  /** Puts a file into the table of its columns. A file with findings gets a table of its own with what can be read of it. */
  async add(file: FileToRead, loaded: Loaded): Promise<{ rows: number | null; findings: readonly string[] }> {
    const key = JSON.stringify([loaded.columns.map((c) => c.name), loaded.types]);
    const known = this.whole.get(key);
    const table = known ?? (await this.make(loaded, file, false));
    let findings = [...(loaded.findings ?? [])];
    if (findings.length === 0) {
      try {
        findings = [...(await this.fill(table, loaded))];
        if (findings.length === 0) {
          this.whole.set(key, { ...table, columns: table.columns.map((c, i) => merged(c, loaded.columns[i]!)), files: known ? [...table.files, file] : table.files });
          return { rows: await this.count(this.whole.get(key)!), findings };
        }
      } catch (error) {
        await this.rescue(file, loaded);
        throw error;
      }
    }
    await this.rescue(file, loaded);
    return { rows: null, findings };
  }

  /** All of a file or nothing of it. */
  private async fill({ table }: StagedTable, loaded: Loaded): Promise<readonly string[]> {
    await this.duck.run('begin');
    let findings: readonly string[] = [''];
    try {
      findings = await loaded.fill(table);
    } finally {
      await this.duck.run(findings.length ? 'rollback' : 'commit');
    }
    return findings;
  }

  /** Personal information is looked for in a broken file too. */
  private async rescue(file: FileToRead, loaded: Loaded): Promise<void> {
    const table = await this.make(loaded, file, true);
    try {
      await (loaded.rescue ?? loaded.fill)(table.table);
    } catch {
      // What could be read before it broke is there, or nothing is.
    }
    await this.count(table);
    this.broken.push(table);
  }

  private async make(loaded: Loaded, file: FileToRead, partial: boolean): Promise<StagedTable> {
    const table = `t${this.made++}`;
    await this.duck.run(`create table ${table} (${loaded.types.map((type, i) => `c${i} ${type}`).join(', ')})`);
    return { table, columns: loaded.columns, files: [file], partial, rows: 0 };
  }

  private async count(staged: StagedTable): Promise<number> {
    const before = staged.rows;
    staged.rows = Number((await this.duck.one<{ n: string }>(`select count(*) as n from ${staged.table}`)).n);
    if (staged.rows > this.maxRows) throw new FileFinding(`more than ${this.maxRows} rows`);
    return staged.rows - before;
  }
}

/** The same column of two files: where they do not agree on what it is, its values say it. */
function merged(a: StagedColumn, b: StagedColumn): StagedColumn {
  if (a.logicalType === b.logicalType && a.otherwise === b.otherwise) return a.physicalType === b.physicalType ? a : { ...a, physicalType: 'VARCHAR' };
  return { ...a, physicalType: 'JSON', logicalType: null, candidates: ['boolean', 'integer', 'decimal'], otherwise: 'mixed' };
}
