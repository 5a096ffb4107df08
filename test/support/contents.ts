import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Contents } from '../../libs/delivery/src/contents/contents.js';
import { READ_LIMITS, type ReadLimits } from '../../libs/delivery/src/contents/limits.js';
import { readContents } from '../../libs/delivery/src/contents/read-contents.js';

const TYPES: Record<string, string> = { csv: 'text/csv', json: 'application/json', jsonl: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet', arrow: 'application/vnd.apache.arrow.file' };
export const mediaTypeOf = (fileName: string): string => TYPES[fileName.split('.').at(-1)!]!;

/** What the reader finds in files with these bytes, by their names. */
export async function contentsOf(files: Readonly<Record<string, Buffer | string>>, limits: Partial<ReadLimits> = {}, signal = new AbortController().signal): Promise<Contents> {
  const folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'contents-'));
  try {
    const list = await Promise.all(Object.entries(files).map(async ([fileName, content], i) => {
      const at = path.join(folder, `file-${i}`);
      await writeFile(at, content);
      return { fileName, mediaType: mediaTypeOf(fileName), bytes: Buffer.byteLength(content), path: at };
    }));
    return await readContents({ files: list, folder: path.join(folder, 'work'), asOf: '2026-11-24T00:00:00.000Z', limits: { ...READ_LIMITS, ...limits } }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bytes of a Parquet file with the rows of this query. */
export async function parquetOf(query: string, options = ''): Promise<Buffer> {
  const folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'parquet-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const file = path.join(folder, 'made.parquet');
    await connection.run(`copy (${query}) to '${file}' (format parquet${options})`);
    connection.closeSync();
    instance.closeSync();
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
