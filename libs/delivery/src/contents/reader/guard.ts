import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ReaderMessage, ReadTask } from '../protocol.js';

const LOOK_MS = 50;

/** Ends this process before it takes more of the machine than one reading may: the library works in threads of its own, so this keeps looking. */
export function guard({ folder, limits, files }: ReadTask, send: (message: ReaderMessage) => void): void {
  const space = limits.expandedBytes + limits.expandedTimes * files.reduce((sum, f) => sum + f.bytes, 0);
  setInterval(() => {
    if (process.memoryUsage.rss() > limits.processBytes) end(send, 'memory');
    else if (bytesIn(folder) > space) end(send, 'space');
  }, LOOK_MS).unref();
}

let ending = false;
function end(send: (message: ReaderMessage) => void, what: 'memory' | 'space'): void {
  if (ending) return;
  ending = true;
  send({ kind: 'over', what });
  // The message has to be out first; memory goes on growing, so not for long.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LOOK_MS);
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
