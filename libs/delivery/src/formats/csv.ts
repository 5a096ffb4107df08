import { type CsvError, parse } from 'csv-parse';
import type { FormatCheck } from './format-check.js';
import { Utf8Check } from './utf8.js';

/** A longer record is a quote that was never closed. */
const MAX_RECORD_BYTES = 1024 * 1024;

/** CSV (RFC 4180, commas): UTF-8, a header without empty names at the end, the same number of columns in each record. */
export class CsvCheck implements FormatCheck {
  private readonly utf8 = new Utf8Check();
  private records = 0;
  private columns = 0;
  private problem: string | null = null;
  private readonly parser = parse({
    bom: true, skip_empty_lines: true, max_record_size: MAX_RECORD_BYTES,
    on_record: (record: string[]) => {
      if (this.records++ === 0) this.columns = record.filter((name) => name.trim() !== '').length;
      return null;
    },
  });

  constructor() {
    this.parser.on('error', (error: CsvError) => (this.problem ??= describe(error)));
    this.parser.resume();
  }

  async push(chunk: Buffer): Promise<void> {
    this.utf8.push(chunk);
    if (this.problem === null) await this.step((done) => this.parser.write(chunk, done));
  }

  async end(): Promise<readonly string[]> {
    this.utf8.end();
    if (this.problem === null) await this.step((done) => this.parser.end(done));
    const findings = [
      this.utf8.valid ? null : 'the file is not UTF-8',
      this.problem,
      this.problem === null && this.columns === 0 ? 'there is no header' : null,
      this.problem === null && this.records === 1 ? 'there is no record below the header' : null,
    ];
    this.parser.destroy();
    return findings.filter((f) => f !== null);
  }

  private async step(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    await new Promise<void>((resolve) => act((error) => {
      if (error) this.problem ??= describe(error as CsvError);
      resolve();
    }));
  }
}

function describe(error: CsvError): string {
  const line = `line ${String((error as CsvError & { lines?: number }).lines ?? '?')}`;
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') return `${line}: not as many columns as the header`;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `${line}: a record of more than ${MAX_RECORD_BYTES} bytes`;
  return `${line}: not CSV (${error.code ?? 'unreadable'})`;
}
