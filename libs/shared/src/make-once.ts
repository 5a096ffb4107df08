import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newId } from './ids.js';

/**
 * The content of this file, which is made when it is not there. It appears whole or not at all, whatever kills the process, and of
 * two processes that make it at once both get the same. Readable by its owner alone.
 */
export async function makeOnce(file: string, content: () => Promise<string> | string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${newId()}`;
  await writeFile(temporary, await content(), { mode: 0o600, flush: true });
  await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary);
  return readFile(file, 'utf8');
}
