import type { PeriodSpan } from './periods.js';

/** A time in which a licence rested for one cause. */
export interface Rest {
  readonly from: Date;
  /** Null: it rests still. */
  readonly until: Date | null;
  /** By the buyer's doing: a charge that he did not pay, a breach of the terms that was not found unfounded. */
  readonly byBuyer: boolean;
}

/** So many days of a period. */
export interface DayShare {
  readonly days: number;
  readonly of: number;
}
export const NO_DAYS: DayShare = { days: 0, of: 1 };

const DAY_MS = 86_400_000;

/** Days between two instants; a day that has begun counts. */
export const daysBetween = (from: Date, until: Date): number => Math.max(0, Math.ceil((until.getTime() - from.getTime()) / DAY_MS));

/** What of an amount stands for these days: the rest of it is rounded down, so that what is halved is the payer's. */
export const shareOf = (minor: bigint, { days, of }: DayShare): bigint => minor - (minor * BigInt(of - days)) / BigInt(of);

/**
 * Of a period the days for which its buyer does not pay: those on which the licence rested and not by his doing. What he brought about counts
 * against him also where something else would have held the licence at the same time. Hours add up over the period; then a day that has begun counts.
 */
export function restedDays({ from, until }: PeriodSpan, rests: readonly Rest[], now: Date): DayShare {
  const end = until < now ? until : now;
  const clipped = rests.map((r) => ({ from: Math.max(r.from.getTime(), from.getTime()), until: Math.min((r.until ?? end).getTime(), end.getTime()), byBuyer: r.byBuyer })).filter((r) => r.from < r.until);
  const edges = [...new Set(clipped.flatMap((r) => [r.from, r.until]))].sort((a, b) => a - b);
  let rested = 0;
  for (const [i, at] of edges.slice(0, -1).entries()) {
    const over = clipped.filter((r) => r.from <= at && at < r.until);
    if (over.length > 0 && !over.some((r) => r.byBuyer)) rested += edges[i + 1]! - at;
  }
  const of = Math.max(1, daysBetween(from, until));
  return { days: Math.min(of, Math.ceil(rested / DAY_MS)), of };
}
