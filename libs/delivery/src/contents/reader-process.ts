import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ReaderMessage, ReadTask } from './protocol.js';

/** Megabytes of JavaScript values in the reader: a document that is parsed as a whole is the most. */
const HEAP_MEGABYTES = 1_024;
const STARTS_WITHIN_MS = 30_000;
/** A library that fails on a file ends its process with one of these; any other end is the machine's or the exchange's fault. */
const CRASHES: ReadonlySet<string | null> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

/** The files cannot be told anything about now: the reader did not start, was ended from outside, or failed for no reason of theirs. */
export class ReaderError extends Error {}

/** `broke`: the places of the files that it broke on. */
export interface Broken {
  readonly broke: readonly number[];
  readonly finding: string;
}

/** Has one task done by a process of its own that is watched, and ended when it goes past its limits. Throws `ReaderError` where that is no fault of its files; `signal` ends it so. */
export async function runReader(task: ReadTask, signal: AbortSignal): Promise<'done' | Broken> {
  signal.throwIfAborted();
  // No variable of the exchange: what reads files of strangers knows no secret.
  const child = fork(readerProgram(), [], { env: {}, execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  try {
    return await watch(child, task);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Follows a reader to its end: what it broke on, or that it is done. */
function watch(child: ChildProcess, task: ReadTask): Promise<'done' | Broken> {
  return new Promise((resolve, reject) => {
    let step: readonly number[] | null = null;
    let over: string | null = null;
    let done = false;
    let errors = '';
    let timer = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN_MS);
    const wait = (files: readonly number[]): void => {
      clearTimeout(timer);
      const ms = stepMs(task, files);
      timer = setTimeout(() => {
        over = `could not be read: it takes longer than ${Math.round(ms / 1000)} seconds`;
        child.kill('SIGKILL');
      }, ms);
    };
    child.stderr!.on('data', (text: Buffer) => (errors = (errors + text.toString('utf8')).slice(-2_000)));
    child.on('message', (message: ReaderMessage) => {
      if (message.kind === 'step') wait((step = message.files));
      else if (message.kind === 'over') over = message.what === 'memory' ? 'could not be read: it takes more memory than there is for one file' : 'could not be read: it unpacks to more than there is room for';
      else if (message.kind === 'done') done = true;
    });
    child.on('error', (error) => reject(new ReaderError(`the reader did not start: ${error.message}`)));
    child.on('close', (code, end) => {
      clearTimeout(timer);
      if (done) resolve('done');
      else if (step && over) resolve({ broke: step, finding: over });
      else if (step && (CRASHES.has(end) || code === 134)) resolve({ broke: step, finding: 'could not be read: its reader broke on it' });
      else reject(new ReaderError(`the reader ended with ${end ?? code} before it was done: ${errors}`));
    });
    child.send(task, (error) => error && child.kill('SIGKILL'));
  });
}

const stepMs = ({ files, limits }: ReadTask, step: readonly number[]): number => limits.stepMs + (step.reduce((sum, place) => sum + files[place]!.bytes, 0) / limits.stepBytesPerSecond) * 1_000;

/** Beside this file where it was built; tests run from the source and use what was built before them. */
function readerProgram(): string {
  const beside = path.join(import.meta.dirname, 'reader', 'main.js');
  return existsSync(beside) ? beside : path.resolve('dist/libs/delivery/src/contents/reader/main.js');
}
