import type { FormatCheck } from './format-check.js';

export interface Frame {
  readonly name: string;
  readonly head: string;
  readonly tail: string;
  /** Bytes that head, tail and the footer's length take. */
  readonly overhead: number;
}

/** Apache Parquet: PAR1, columns, footer, its length, PAR1. */
export const PARQUET: Frame = { name: 'Parquet', head: 'PAR1', tail: 'PAR1', overhead: 12 };
/** Apache Arrow IPC file: ARROW1 padded to eight bytes, batches, footer, its length, ARROW1. */
export const ARROW: Frame = { name: 'Arrow', head: 'ARROW1\0\0', tail: 'ARROW1', overhead: 18 };

const LENGTH_BYTES = 4;

/** Formats with a magic word at both ends and a footer whose length stands before the last one. The footer itself is not read. */
export class FramedCheck implements FormatCheck {
  private start = Buffer.alloc(0);
  private rest = Buffer.alloc(0);
  private bytes = 0;

  constructor(private readonly frame: Frame) {}

  push(chunk: Buffer): void {
    const { head, tail } = this.frame;
    this.bytes += chunk.length;
    if (this.start.length < head.length) this.start = Buffer.concat([this.start, chunk.subarray(0, head.length - this.start.length)]);
    this.rest = Buffer.from(Buffer.concat([this.rest, chunk.subarray(-(tail.length + LENGTH_BYTES))]).subarray(-(tail.length + LENGTH_BYTES)));
  }

  end(): readonly string[] {
    const { name, head, tail, overhead } = this.frame;
    if (this.start.toString('latin1') !== head) return [`the file does not begin as ${name} does`];
    if (this.bytes < overhead || this.rest.subarray(LENGTH_BYTES).toString('latin1') !== tail) return [`the file does not end as ${name} does: it is cut off`];
    const footer = this.rest.readInt32LE(0);
    return footer > 0 && footer <= this.bytes - overhead ? [] : ['the length of the footer does not fit the file'];
  }
}
