/** Whether a stream of bytes is UTF-8, with characters that lie across two chunks. */
export class Utf8Check {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  valid = true;

  push(chunk: Buffer): void {
    if (this.valid) this.decode(() => this.decoder.decode(chunk, { stream: true }));
  }
  end(): void {
    if (this.valid) this.decode(() => this.decoder.decode());
  }
  private decode(step: () => void): void {
    try {
      step();
    } catch {
      this.valid = false;
    }
  }
}
