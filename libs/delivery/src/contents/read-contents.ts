import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Contents, FileContents } from './contents.js';
import { type FileToRead, type ReadTask, RESULT_FILE } from './protocol.js';
import { type Broken, runReader } from './reader-process.js';

/**
 * What these files hold, found by a process of its own that is watched and ended when it goes past its limits. A file that breaks it has a
 * finding, and the others are read anew without it. Throws `ReaderError` when it could not be read for another reason; `signal` ends it so.
 */
export async function readContents(task: ReadTask, signal: AbortSignal): Promise<Contents> {
  const broken = new Map<FileToRead, string>();
  for (let round = 0; ; round++) {
    const files = task.files.filter((f) => !broken.has(f));
    const folder = path.join(task.folder, String(round));
    await mkdir(folder, { recursive: true });
    try {
      const outcome = files.length ? await readOnce({ ...task, files, folder }, signal) : { contents: { files: [], tables: [] } };
      if ('contents' in outcome) return withBroken(task, outcome.contents, broken);
      for (const place of outcome.broke) broken.set(files[place]!, outcome.finding);
      if (broken.size > task.limits.crashes) for (const file of files) if (!broken.has(file)) broken.set(file, 'could not be read: too many files of its revision break their reader');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function withBroken(task: ReadTask, { files, tables }: Contents, broken: ReadonlyMap<FileToRead, string>): Contents {
  const read = files[Symbol.iterator]();
  return {
    tables,
    files: task.files.map((file): FileContents => {
      const finding = broken.get(file);
      if (finding === undefined) return read.next().value!;
      return { fileName: file.fileName, mediaType: file.mediaType, bytes: file.bytes, encoding: null, delimiter: null, rows: null, findings: [finding], unread: null };
    }),
  };
}

async function readOnce(task: ReadTask, signal: AbortSignal): Promise<{ readonly contents: Contents } | Broken> {
  const outcome = await runReader(task, signal);
  if (outcome !== 'done') return outcome;
  return { contents: JSON.parse(await readFile(path.join(task.folder, RESULT_FILE), 'utf8')) as Contents };
}
