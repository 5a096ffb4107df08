import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface SourceFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
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

export async function sourceFile(fileName: string): Promise<SourceFile> {
  const folder = dataFolder();
  if (!folder) throw new Error('the demo lists files of the npm package vega-datasets: run `npm install` with development dependencies');
  const bytes = await readFile(path.join(folder, fileName));
  return { fileName, mediaType: MEDIA_TYPES[path.extname(fileName)]!, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
