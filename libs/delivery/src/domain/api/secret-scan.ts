/** Looks for secrets in a stream, also where one lies across two chunks. */
export class SecretScan {
  private readonly needles: readonly Buffer[];
  private readonly overlap: number;
  private tail: Buffer = Buffer.alloc(0);

  constructor(secrets: readonly string[]) {
    this.needles = secrets.map((s) => Buffer.from(s));
    this.overlap = Math.max(0, ...this.needles.map((n) => n.length - 1));
  }

  /** Whether the stream up to and with this chunk holds one. */
  finds(chunk: Buffer): boolean {
    const text = this.tail.length ? Buffer.concat([this.tail, chunk]) : chunk;
    this.tail = Buffer.from(text.subarray(Math.max(0, text.length - this.overlap)));
    return this.needles.some((n) => text.includes(n));
  }
}
