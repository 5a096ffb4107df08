import type { Limit } from '#contracts';
import type { ReadLimits } from './limits.js';

/** Between the exchange and the process that reads files for it. */
export interface FileToRead {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Where its bytes lie; never written. */
  readonly path: string;
}
export interface ReadTask {
  readonly files: readonly FileToRead[];
  /** ISO 8601: values after it say nothing of how fresh the data is. */
  readonly asOf: string;
  /** An empty folder that the reader may fill. */
  readonly folder: string;
  readonly limits: ReadLimits;
  /** Instead of saying what its one file holds, the reader writes this part of it. */
  readonly part?: Limit;
}
/** What came of a part: why it cannot be written, else its media type. */
export type PartResult = { readonly finding: string } | { readonly mediaType: string };
/** The part itself, in the folder of its task. */
export const PART_FILE = 'part.out';
/** `step`: the places of the files that are being worked on, so that whoever watches knows what it broke on. */
export type ReaderMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'step'; readonly files: readonly number[] }
  | { readonly kind: 'over'; readonly what: 'memory' | 'space' }
  | { readonly kind: 'done' };

/** Where what was found lies once it is done, as JSON. */
export const RESULT_FILE = 'contents.json';
