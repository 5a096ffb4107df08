import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface SourceFile {
  readonly path: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteLength: number;
  readonly sha256: string;
}

const MEDIA_TYPES: Record<string, string> = { '.csv': 'text/csv', '.json': 'application/json', '.parquet': 'application/vnd.apache.parquet', '.arrow': 'application/vnd.apache.arrow.file' };

/** Where the `vega-datasets` package keeps its files; undefined where development dependencies are not installed. */
export function dataFolder(): string | undefined {
  try {
    let at = path.dirname(createRequire(import.meta.url).resolve('vega-datasets'));
    while (path.basename(at) !== 'vega-datasets') at = path.dirname(at);
    return path.join(at, 'data');
  } catch {
    return undefined;
  }
}

/** A file of the package by its name, or any other by its path. */
export async function sourceFile(file: string): Promise<SourceFile> {
  const folder = dataFolder();
  if (!folder && !path.isAbsolute(file)) throw new Error('the sample files come with the npm package vega-datasets: run `npm install` with development dependencies');
  const at = path.isAbsolute(file) ? file : path.join(folder!, file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(at), hash);
  return { path: at, fileName: path.basename(at), mediaType: MEDIA_TYPES[path.extname(at)]!, byteLength: (await stat(at)).size, sha256: hash.digest('hex') };
}
