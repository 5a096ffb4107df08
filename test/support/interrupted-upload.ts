import { setTimeout as pause } from 'node:timers/promises';
import type { TusClient } from './tus.js';

const CHUNK = 64 * 1_024;

/** One file on its way over a slow line, by a client whom the server leaves again and again. */
export class InterruptedUpload {
  /** Bytes that the client has handed to its connection, of the whole file. */
  sent = 0;
  answered: number | null = null;

  private constructor(private readonly tus: TusClient, readonly url: string, readonly assetId: string, readonly content: Buffer) {}

  static async begin(tus: TusClient, assetId: string, content: Buffer): Promise<InterruptedUpload> {
    return new InterruptedUpload(tus, await tus.begin(assetId, content.length), assetId, content);
  }

  /** As much as gets through from here on; ends with an answer or without one. */
  async send(from: number): Promise<void> {
    [this.sent, this.answered] = [from, null];
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await pause(2);
        const to = Math.min(this.sent + CHUNK, this.content.length);
        controller.enqueue(new Uint8Array(this.content.subarray(this.sent, to)));
        this.sent = to;
        if (to === this.content.length) controller.close();
      },
    });
    this.answered = await this.tus.append(this.url, from, body).then((r) => r.status, () => null);
  }
  /** Until so much is on its way; not longer than the answer takes. */
  async reached(bytes: number, sending: Promise<void>): Promise<void> {
    const ended = sending.then(() => true);
    while (this.sent < bytes && !(await Promise.race([ended, pause(1, false)])));
  }
  /** Where it goes on; an upload whose last byte came and whose end was lost is ended by the question. */
  offset(): Promise<number> {
    return this.tus.offset(this.url);
  }
}
