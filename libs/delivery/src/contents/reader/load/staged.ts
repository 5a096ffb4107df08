import type { Encoding, LogicalType } from '../../contents.js';
import type { FileToRead, ReadTask } from '../../protocol.js';
import type { Duck } from '../duck.js';

export interface StagedColumn {
  readonly name: string;
  readonly physicalType: string;
  /** What its values are; null where that shows in the values only, and then one of `candidates`, else `otherwise`. */
  readonly logicalType: LogicalType | null;
  readonly candidates: readonly LogicalType[];
  readonly otherwise: LogicalType;
  /** Kept as it is written; else in a type of the library. */
  readonly asText: boolean;
}

/** How a file gets into a table of the stage: `fill` is called with a table of the columns `c0`, `c1` and so on. */
export interface Loaded {
  readonly columns: readonly StagedColumn[];
  readonly types: readonly string[];
  readonly fill: (table: string) => Promise<readonly string[]>;
  readonly encoding?: Encoding;
  readonly delimiter?: string;
  readonly unread?: string;
  /** What is wrong though the rest can be read. */
  readonly findings?: readonly string[];
  /** Reads what can be read of a file that has findings, for the detectors. */
  readonly rescue?: (table: string) => Promise<unknown>;
}

export interface Loading {
  readonly duck: Duck;
  readonly task: ReadTask;
  readonly file: FileToRead;
  /** A name for a file of its own in the folder. */
  readonly scratch: string;
}

export const textColumn = (name: string, physicalType: string, over: Partial<StagedColumn> = {}): StagedColumn =>
  ({ name, physicalType, logicalType: null, candidates: [], otherwise: 'text', asText: true, ...over });
