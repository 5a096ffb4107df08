import { isWhole, lastMissing, type Span, type Spans, subtract, union } from './spans.js';

/** The end of a response that waits for the transaction which counts it. */
export const HELD_BACK = 64 * 1024;

/** A response under way: the bytes from `first` up to `hold` count as with the client. */
export interface RunningResponse {
  readonly first: number;
  readonly hold: number;
}

/** Everything that the client may have: what went out, and what responses under way are sending. */
const perhapsOut = (handedOut: Spans, running: readonly RunningResponse[]): Spans => union(handedOut, running.map((r) => ({ from: r.first, to: r.hold })));

/**
 * Where a response stops until it is counted: 64 KiB before its end, and never behind the last byte that nobody has had yet.
 * So the client lacks at least one byte of the file until the transaction that counts the delivery has committed.
 */
export function holdPoint(handedOut: Spans, running: readonly RunningResponse[], range: Span): number {
  const missing = lastMissing(perhapsOut(handedOut, running), range);
  return Math.max(range.from, Math.min(range.to - HELD_BACK, missing ?? range.to));
}

/** Whether handing out the rest of this range puts the whole file into the client's hands. */
export const completes = (handedOut: Spans, others: readonly RunningResponse[], range: Span, size: number): boolean =>
  isWhole(union(perhapsOut(handedOut, others), [range]), size);

/**
 * What is owed after a range has gone out. A client that resumes inside an owed part and reads it to its end has the bytes
 * before the place where he resumed.
 */
export const stillOwed = (owed: Spans, range: Span): Spans => subtract(owed.filter((part) => range.from > part.to || range.to < part.to), range);
