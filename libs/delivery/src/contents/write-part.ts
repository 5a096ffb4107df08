import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Limit } from '#contracts';
import { READ_LIMITS } from './limits.js';
import { type FileToRead, PART_FILE, type PartResult, RESULT_FILE } from './protocol.js';
import { runReader } from './reader-process.js';

/** A part that was written as a file below the folder of its task, or why there is none. */
export type WrittenPart = { readonly finding: string } | { readonly path: string; readonly mediaType: string };

/** Has a part of a file written by the process that reads files of strangers. `folder`: empty, the caller's to remove. Throws `ReaderError` where it may come out otherwise the next time. */
export async function writePart(file: FileToRead, part: Limit, folder: string, signal: AbortSignal): Promise<WrittenPart> {
  const outcome = await runReader({ files: [file], asOf: new Date(0).toISOString(), folder, limits: READ_LIMITS, part }, signal);
  if (outcome !== 'done') return outcome;
  const result = JSON.parse(await readFile(path.join(folder, RESULT_FILE), 'utf8')) as PartResult;
  return 'finding' in result ? result : { ...result, path: path.join(folder, PART_FILE) };
}
