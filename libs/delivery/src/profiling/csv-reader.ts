import { type CsvError, parse, type Parser } from 'csv-parse';
import { Utf8Check } from '../formats/utf8.js';
import type { FileReader } from './file-reader.js';
import type { TableBuilder, Tables } from './table-builder.js';

/** As in the platform test: a longer record is a quote that was never closed. */
const MAX_RECORD_BYTES = 1024 * 1024;
const DELIMITERS = [',', '\t', ';', '|'];
const HEADER_BYTES = 64 * 1024;

/** Delimited text with a header, whatever the delimiter: one that another reader takes for a single column is still read. */
export class CsvReader implements FileReader {
  private readonly utf8 = new Utf8Check();
  private head: Buffer[] = [];
  private headBytes = 0;
  private parser: Parser | null = null;
  private table: TableBuilder | null = null;
  private problem: string | null = null;

  constructor(private readonly tables: Tables, private readonly fileName: string) {}

  async push(chunk: Buffer): Promise<void> {
    this.utf8.push(chunk);
    if (this.parser) return this.write(chunk);
    this.head.push(chunk);
    this.headBytes += chunk.length;
    if (this.headBytes >= HEADER_BYTES || chunk.includes(0x0a)) await this.begin();
  }

  async end(): Promise<string | null> {
    this.utf8.end();
    if (!this.parser) await this.begin();
    if (this.problem === null) await this.step((done) => this.parser!.end(done));
    this.parser!.destroy();
    return this.utf8.valid ? this.problem : 'the file is not UTF-8';
  }

  private async begin(): Promise<void> {
    const head = Buffer.concat(this.head);
    this.head = [];
    const firstLine = head.toString('utf8').split('\n', 1)[0]!;
    const delimiter = DELIMITERS.reduce((best, d) => (count(firstLine, d) > count(firstLine, best) ? d : best));
    this.parser = parse({
      bom: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true, delimiter, max_record_size: MAX_RECORD_BYTES,
      on_record: (record: string[]) => {
        if (this.table) this.table.add(record);
        else this.table = this.tables.of(record, this.fileName);
        return null;
      },
    });
    this.parser.on('error', (error: CsvError) => (this.problem ??= describe(error)));
    this.parser.resume();
    await this.write(head);
  }

  private async write(chunk: Buffer): Promise<void> {
    if (this.problem === null) await this.step((done) => this.parser!.write(chunk, done));
  }

  private async step(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    await new Promise<void>((resolve) => act((error) => {
      if (error) this.problem ??= describe(error as CsvError);
      resolve();
    }));
  }
}

const count = (text: string, delimiter: string): number => text.split(delimiter).length;
const describe = (error: CsvError): string => `not delimited text (${error.code ?? 'unreadable'})`;
