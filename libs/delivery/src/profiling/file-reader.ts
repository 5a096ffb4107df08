/** Reads a file once, in order, into the tables of its revision. `end` answers why it could not, or null. */
export interface FileReader {
  push(chunk: Buffer): void | Promise<void>;
  end(): string | null | Promise<string | null>;
}
