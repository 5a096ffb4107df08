import type { ServerResponse } from 'node:http';
import type { Span } from '../domain/spans.js';
import type { StoragePort } from '../object-storage/storage.port.js';

/** The client left, the object is shorter than it says, or what permitted the delivery is gone. */
export class BrokenTransferError extends Error {}

/** Sends parts of one object into one response and knows how much of it was given to the connection. */
export class Outgoing {
  sent = 0;

  /** `mayGoOn` is asked before each chunk and throws when the response must stop. */
  constructor(private readonly raw: ServerResponse, private readonly storage: StoragePort, private readonly objectKey: string, private readonly mayGoOn: () => Promise<void> | undefined) {}

  /** Returns once the part has left for the operating system. `onLast` is called when its last byte is about to. */
  async send(span: Span, onLast: () => void = () => {}): Promise<void> {
    if (span.from >= span.to) return;
    if (this.raw.destroyed) throw new BrokenTransferError('the client is gone');
    const end = this.sent + span.to - span.from;
    for await (const chunk of this.storage.open(this.objectKey, span)) {
      await this.mayGoOn();
      this.sent += chunk.length;
      if (this.sent === end) onLast();
      await written(this.raw, chunk);
    }
    if (this.sent !== end) throw new BrokenTransferError('the object is shorter than it says');
  }
}

/** Returns once the operating system has the bytes: the chunk's memory is free then. */
export function written(raw: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new BrokenTransferError('the client is gone'));
    raw.once('close', gone);
    raw.write(chunk, (error) => {
      raw.off('close', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}
