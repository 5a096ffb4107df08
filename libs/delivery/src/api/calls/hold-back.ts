import { HELD_BACK } from '../../domain/coverage.js';

/** Keeps the end of an answer until its call is charged: up to 64 KiB, and of a short answer all of it. */
export class HoldBack {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  /** What may leave now that this has come. */
  *after(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    while (this.chunks.length > 1 && this.bytes - this.chunks[0]!.length >= HELD_BACK) {
      const out = this.chunks.shift()!;
      this.bytes -= out.length;
      yield out;
    }
  }
  /** What is left, as one. */
  rest(): Buffer {
    this.bytes = 0;
    return Buffer.concat(this.chunks.splice(0));
  }
}
