import { createHash } from 'node:crypto';
import { TooManyBytesError } from '../storage.port.js';

const MIB = 1024 * 1024;
/** S3 takes parts of 5 MiB and more, but for the last; each upload holds two of these in memory. */
const LEAST_PART_BYTES = 8 * MIB;
/** S3 takes 10,000 parts. */
const MOST_PARTS = 9_999;

/** Whole mebibytes, so that an object of `limit` bytes fits into the parts that S3 takes: 8 MiB up to 78 GiB. */
export const partBytes = (limit: number): number => Math.max(LEAST_PART_BYTES, Math.ceil(limit / MOST_PARTS / MIB) * MIB);

/**
 * Cuts a stream into parts and hands each to `send`, one on its way while the next one fills. Throws as soon as there are more than `limit` bytes;
 * no part is on its way any more when this returns or throws.
 */
export async function sendParts(source: AsyncIterable<Buffer>, limit: number, send: (part: Buffer, number: number) => Promise<void>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const size = partBytes(limit);
  let filling = Buffer.allocUnsafeSlow(Math.min(size, limit + 1));
  let filled = 0;
  let bytes = 0;
  let number = 0;
  let onItsWay: Promise<void> = Promise.resolve();
  let spare: typeof filling | null = null;
  const flush = async (): Promise<void> => {
    await onItsWay;
    const [part, next] = [filling.subarray(0, filled), spare ?? Buffer.allocUnsafeSlow(filling.length)];
    onItsWay = send(part, ++number);
    // Looked at with the next part or at the end; until then it may fail without a listener.
    onItsWay.catch(() => undefined);
    [spare, filling, filled] = [filling, next, 0];
  };
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > limit) throw new TooManyBytesError(`more than ${limit} bytes`);
      hash.update(chunk);
      for (let at = 0; at < chunk.length; ) {
        const taken = chunk.copy(filling, filled, at);
        [at, filled] = [at + taken, filled + taken];
        if (filled === filling.length) await flush();
      }
    }
    if (filled > 0 || number === 0) await flush();
    await onItsWay;
  } finally {
    await onItsWay.catch(() => undefined);
  }
  return { bytes, sha256: hash.digest('hex') };
}
