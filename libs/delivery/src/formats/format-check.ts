/** Reads a file once, in order, and says what is wrong with it. Findings name places, never contents. */
export interface FormatCheck {
  push(chunk: Buffer): void | Promise<void>;
  end(): readonly string[] | Promise<readonly string[]>;
}
