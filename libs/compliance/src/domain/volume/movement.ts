import type { Volume } from '../transfer.js';

/**
 * How an amount moves: RESERVE when an order is permitted, CONFIRM when the first byte of a delivery leaves, RELEASE when the trade ends before.
 * A sum that counts against a threshold is what is reserved and not released, confirmed or not.
 */
export type MovementKind = 'RESERVE' | 'CONFIRM' | 'RELEASE';

/** What caused a movement. */
export interface MovementOf {
  readonly decisionId: string;
  /** The decision of the order that the amount belongs to; the same id for an order. */
  readonly orderDecisionId: string;
  readonly at: Date;
  /** Of a release alone. */
  readonly reason?: string;
}

/** One exporter's account of one calendar year. */
export interface YearVolume {
  /** Ordered and not delivered yet. */
  readonly reserved: Volume;
  /** Delivered: of at least one delivery a byte has left. */
  readonly confirmed: Volume;
}

/** What of `counts` is not taken yet, by category; what is taken in full is left out. */
export function stillOpen(counts: ReadonlyMap<string, bigint>, taken: ReadonlyMap<string, bigint>): Map<string, bigint> {
  return new Map([...counts].map(([category, count]): [string, bigint] => [category, count - (taken.get(category) ?? 0n)]).filter(([, open]) => open > 0n));
}
