import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import path from 'node:path';
import { RESULT_FILE, type ReaderMessage, type ReadTask } from '../protocol.js';
import { Duck } from './duck.js';
import { guard } from './guard.js';
import { writePart } from './part/write-part.js';
import { readFiles } from './read-files.js';

/**
 * The process that opens files of strangers with native code, apart from the exchange: it has no secrets in its environment, writes in one
 * folder, and what breaks it breaks nothing else. It takes one task and ends with whoever started it.
 */
const send = (message: ReaderMessage): void => void process.send!(message);

// Whoever stops the exchange from a terminal means the exchange, which ends this process itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(1));
process.once('message', (task: ReadTask) => void work(task).catch((error: Error) => {
  // Where, not what: the message may hold a line of the file.
  process.stderr.write(`${error.name}\n${(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).join('\n')}\n`, () => process.exit(1));
}));

async function work(task: ReadTask): Promise<void> {
  setPriority(10);
  guard(task, send);
  const duck = await Duck.open(task);
  send({ kind: 'ready' });
  const step = (files: readonly number[]): void => send({ kind: 'step', files });
  const found = task.part ? await writePart(duck, task, task.part, step) : await readFiles(duck, task, step);
  await writeFile(path.join(task.folder, RESULT_FILE), JSON.stringify(found));
  process.send!({ kind: 'done' } satisfies ReaderMessage, () => process.exit(0));
}
