import type { FormatCheck } from './format-check.js';
import { Utf8Check } from './utf8.js';

/** Parsed as a whole up to here; it costs memory several times over. */
export const MAX_PARSED_BYTES = 16 * 1024 * 1024;

const CLOSING: Record<string, string> = { '{': '}', '[': ']' };

/** JSON (RFC 8259). Of a large file the outermost brackets are looked at and that it is UTF-8; it is not parsed. */
export class JsonCheck implements FormatCheck {
  private readonly utf8 = new Utf8Check();
  private kept: Buffer[] = [];
  private bytes = 0;
  private first: string | null = null;
  private last: string | null = null;

  push(chunk: Buffer): void {
    this.utf8.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes <= MAX_PARSED_BYTES) this.kept.push(chunk);
    else this.kept = [];
    const text = chunk.toString('latin1');
    this.first ??= /[^ \t\r\n]/.exec(text)?.[0] ?? null;
    this.last = lastToken(text) ?? this.last;
  }

  end(): readonly string[] {
    this.utf8.end();
    if (!this.utf8.valid) return ['the file is not UTF-8'];
    if (this.bytes > MAX_PARSED_BYTES) return this.first !== null && CLOSING[this.first] === this.last ? [] : ['the file is not one JSON object or array from its first to its last byte'];
    try {
      JSON.parse(Buffer.concat(this.kept).toString('utf8'));
      return [];
    } catch {
      return ['the file is not JSON'];
    }
  }
}

function lastToken(text: string): string | null {
  for (let at = text.length - 1; at >= 0; at--) if (!' \t\r\n'.includes(text[at]!)) return text[at]!;
  return null;
}
