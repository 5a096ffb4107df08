import type { Readable } from 'node:stream';

/**
 * The chunks of a request's body. A client that sends nothing for `idleMs` is cut off. Whoever stops reading half-way leaves
 * the connection usable for the answer.
 */
export async function* chunksOf(body: Readable, idleMs: number): AsyncGenerator<Buffer, void, undefined> {
  const timer = setTimeout(() => body.destroy(new Error(`nothing came for ${idleMs} ms`)), idleMs);
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}
