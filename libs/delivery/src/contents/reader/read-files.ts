import path from 'node:path';
import type { Contents, FileContents } from '../contents.js';
import type { FileToRead, ReadTask } from '../protocol.js';
import { describeTable } from './describe/table.js';
import type { Duck } from './duck.js';
import { FileFinding, findingOf } from './finding.js';
import { loadFile } from './load/index.js';
import type { Loaded } from './load/staged.js';
import { Stage } from './stage.js';

/** Reads the files of a task one after the other, then looks at the tables that they make. `step` is told before each of both. */
export async function readFiles(duck: Duck, task: ReadTask, step: (files: readonly number[]) => void): Promise<Contents> {
  const stage = new Stage(duck, task.limits.rows);
  const files: FileContents[] = [];
  for (const [place, file] of task.files.entries()) {
    step([place]);
    files.push(await readFile(duck, task, stage, file, path.join(task.folder, `file-${place}`)));
  }
  const tables: Contents['tables'][number][] = [];
  for (const staged of stage.tables) {
    step(staged.files.map((f) => task.files.indexOf(f)));
    try {
      tables.push(await describeTable(duck, staged, task, stage.tables.length));
    } catch (error) {
      if (!/^Out of Memory/i.test((error as Error).message)) throw error;
      for (const file of staged.files) {
        const place = task.files.indexOf(file);
        files[place] = { ...files[place]!, rows: null, findings: [findingOf(error)] };
      }
    }
  }
  return { files, tables };
}

async function readFile(duck: Duck, task: ReadTask, stage: Stage, file: FileToRead, scratch: string): Promise<FileContents> {
  let loaded: Loaded | null = null;
  const told = (rows: number | null, findings: readonly string[]): FileContents => ({
    fileName: file.fileName, mediaType: file.mediaType, bytes: file.bytes, encoding: loaded?.encoding ?? null, delimiter: loaded?.delimiter ?? null, rows, findings: findings.slice(0, task.limits.findings), unread: loaded?.unread ?? null,
  });
  try {
    loaded = await loadFile({ duck, task, file, scratch });
    const { rows, findings } = await stage.add(file, loaded);
    return told(rows, findings.length === 0 && rows === 0 ? [`there is no ${loaded.delimiter === undefined ? 'row in it' : 'record below the header'}`] : findings);
  } catch (error) {
    if (!(error instanceof FileFinding) && error instanceof TypeError) throw error;
    return told(null, [findingOf(error)]);
  }
}
