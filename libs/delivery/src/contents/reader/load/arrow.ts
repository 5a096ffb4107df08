import { open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import { compressionRegistry, CompressionType, type DataType, type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';
import { FileFinding } from '../finding.js';
import { type ArrowLeaf, arrowLeaves } from './arrow-values.js';
import { type Loaded, type Loading, textColumn } from './staged.js';

const CHUNK_ROWS = 2_048;
/** One buffer of a compressed batch. */
const MAX_BUFFER_BYTES = 512 * 1024 * 1024;

compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => new Uint8Array(zstdDecompressSync(data, { maxOutputLength: MAX_BUFFER_BYTES })) });

/** Apache Arrow IPC files, batch by batch: the library reads one at a time, and its values go on as text. */
export async function loadArrow({ duck, file, task: { limits } }: Loading): Promise<Loaded> {
  const schema = await withReader(file.path, (reader) => Promise.resolve(reader.schema as Schema<Record<string, DataType>>));
  const leaves = arrowLeaves(schema, limits.columns);
  const kept = leaves.slice(0, limits.columns);
  return {
    columns: kept.map(({ name, type, logicalType }) => textColumn(name, type, { logicalType, candidates: logicalType === null ? ['date', 'timestamp'] : [] })), types: kept.map(() => 'VARCHAR'),
    ...(leaves.length > limits.columns ? { unread: `more than ${limits.columns} columns, of which the first are read` } : {}),
    fill: async (table) => {
      const appender = await duck.connection.createAppender(table);
      let rows = 0;
      await withReader(file.path, async (reader) => {
        for await (const batch of reader as AsyncIterable<RecordBatch>) {
          rows += batch.numRows;
          if (rows > limits.rows) throw new FileFinding(`it holds more than ${limits.rows} rows`);
          for (let from = 0; from < batch.numRows; from += CHUNK_ROWS) appender.appendDataChunk(chunkOf(kept, batch, from, Math.min(CHUNK_ROWS, batch.numRows - from)));
          appender.flushSync();
        }
      });
      appender.closeSync();
      return [];
    },
  };
}

function chunkOf(leaves: readonly ArrowLeaf[], batch: RecordBatch, from: number, rows: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(leaves.map(() => VARCHAR), rows);
  chunk.setColumns(leaves.map((leaf) => {
    const read = leaf.reader(batch);
    return Array.from({ length: rows }, (_, i) => read(from + i));
  }));
  return chunk;
}

async function withReader<T>(path: string, work: (reader: RecordBatchReader) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const reader = await RecordBatchReader.from(handle);
    await reader.open();
    if (!reader.isFile()) throw new FileFinding('it does not begin and end as an Arrow file does');
    return await work(reader);
  } catch (error) {
    if (error instanceof FileFinding) throw error;
    const compressed = /codec|compress/i.test((error as Error).message);
    throw new FileFinding(compressed ? 'its batches are compressed with LZ4, which is not read: hand it in uncompressed or with Zstandard' : 'could not be read: it is damaged, or no Arrow file');
  } finally {
    await handle.close().catch(() => undefined);
  }
}
