import { createReadStream } from 'node:fs';
import { FileFinding } from '../finding.js';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Refuses JSON whose brackets stand deeper in each other than the parsers bear; it need not be JSON. Answers its first character that is no blank. */
export async function checkJsonDepth(path: string, limit: number): Promise<string | null> {
  let [depth, at] = [0, 0];
  let [inString, escaped] = [false, false];
  let first: string | null = null;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    first ??= /[^ \t\r\n\ufeff]/.exec(chunk.toString('utf8'))?.[0] ?? null;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      // [ and { differ in one bit, as do their closing ones.
      else if ((byte | 0x20) === 0x7b) {
        if (++depth > limit) throw new FileFinding(`byte ${at + i}: brackets stand more than ${limit} deep in each other`);
      } else if ((byte | 0x20) === 0x7d) depth--;
    }
    at += chunk.length;
  }
  return first;
}
