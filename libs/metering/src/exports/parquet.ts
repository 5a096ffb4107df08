import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UsageSum } from '../domain/usage-query.js';
import { csv } from './csv.js';

/** What DuckDB keeps in memory; it writes row group by row group. */
const MEMORY = '256MB';
const TYPES = `{'from': 'TIMESTAMPTZ', 'until': 'TIMESTAMPTZ', 'licence_id': 'UUID', 'meter': 'VARCHAR', 'value': 'VARCHAR', 'events': 'BIGINT', 'quantity': 'DECIMAL(38,0)'}`;

/**
 * The rows as a Parquet file. Its foot tells where its parts lie, so it is written whole before the first byte leaves: in a folder of its own, which goes with the
 * stream. DuckDB is loaded when somebody asks for this.
 */
export async function parquet(rows: AsyncIterable<UsageSum>): Promise<Readable> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-usage-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const [from, to] = [path.join(folder, 'rows.csv'), path.join(folder, 'rows.parquet')];
    await pipeline(Readable.from(csv(rows)), createWriteStream(from));
    await convert(folder, from, to);
    const file = createReadStream(to);
    file.once('close', () => void remove());
    return file;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function convert(folder: string, from: string, to: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: MEMORY, temp_directory: folder, autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`copy (from read_csv('${from.replaceAll("'", "''")}', header = true, delim = ',', quote = '"', escape = '"', columns = ${TYPES})) to '${to.replaceAll("'", "''")}' (format parquet, compression zstd)`);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
