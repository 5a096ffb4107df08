const [QUOTE, BACKSLASH, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\,[]{}'].map((c) => c.charCodeAt(0)) as [number, number, number, number, number, number, number];
/** A longer element is passed over: it is no row. */
export const MAX_ELEMENT_BYTES = 1024 * 1024;

/** Cuts a JSON array of any size into its elements, by its brackets; whether each is JSON its reader finds out. */
export class JsonElements {
  private parts: Buffer[] = [];
  private bytes = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Elements that were too long. */
  skipped = 0;

  /** The elements that end in this chunk, as text. */
  *push(chunk: Buffer): Generator<string, void, undefined> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
        continue;
      }
      if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        if (++this.depth === 1) start = at + 1;
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || byte === COMMA) {
        const ends = this.depth === 1;
        if (byte !== COMMA) this.depth--;
        if (!ends) continue;
        this.keep(chunk.subarray(start, at));
        start = at + 1;
        const element = this.take();
        if (element !== null) yield element;
      }
    }
    if (this.depth > 0) this.keep(chunk.subarray(start));
  }

  private keep(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes <= MAX_ELEMENT_BYTES) this.parts.push(part);
    else this.parts = [];
  }

  private take(): string | null {
    const text = this.bytes <= MAX_ELEMENT_BYTES ? Buffer.concat(this.parts).toString('utf8').trim() : null;
    if (text === null) this.skipped++;
    this.parts = [];
    this.bytes = 0;
    return text || null;
  }
}
