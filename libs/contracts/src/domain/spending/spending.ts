import { periodAt, type PeriodSpan, TRIAL } from '../pricing/periods.js';
import type { PricePlan } from '../pricing/price-plan.js';
import { commitmentLines, startLines, sumLines, type Usage, usageLines } from '../pricing/quote.js';

export const CAP_PERIODS = ['MONTH', 'LICENCE_PERIOD'] as const;
/** What a cap is measured by: the calendar month in UTC, or the period of the licence's plan. */
export type CapPeriod = (typeof CAP_PERIODS)[number];
/** Percent of a cap at which its buyer is told. */
export const TOLD_AT = [50, 80, 100] as const;

/** How a licence is charged. */
export interface ChargedBy {
  readonly spans: readonly PeriodSpan[];
  readonly planOf: (period: number) => PricePlan;
}

/** A stretch of a period of the licence, before the window of a cap or in it. */
export interface Slice extends PeriodSpan {
  readonly period: number;
  readonly within: boolean;
}

/** The window of a cap that an instant lies in; null in a trial by LICENCE_PERIOD, where nothing costs anything. */
export function capWindow(period: CapPeriod, spans: readonly PeriodSpan[], at: Date): PeriodSpan | null {
  if (period === 'MONTH') return { from: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)), until: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)) };
  const running = periodAt(spans, at);
  return running === TRIAL ? null : spans[running]!;
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const sooner = (a: Date, b: Date): Date => (a < b ? a : b);

/** The stretches whose use decides what a window has cost by `at`: of each period that has begun and reaches into it, what lies in it, and what came before. */
export function slicesOf(spans: readonly PeriodSpan[], window: PeriodSpan, at: Date): Slice[] {
  return spans.flatMap(({ from, until }, period): Slice[] => {
    // What is used after the last period counts as its: the licence is over then.
    const end = period === spans.length - 1 ? later(until, window.until) : until;
    if (from > at || from >= window.until || end <= window.from) return [];
    const within = { period, within: true, from: later(from, window.from), until: sooner(end, window.until) };
    return from < window.from ? [{ period, within: false, from, until: window.from }, within] : [within];
  });
}

const plus = (a: Usage, b: Usage): Usage => new Map([...new Set([...a.keys(), ...b.keys()])].map((meter) => [meter, (a.get(meter) ?? 0n) + (b.get(meter) ?? 0n)]));

/** What a period comes to with so much use: paid in advance, used, and what is missing to its minimum. Minor units. */
function costOf(plan: PricePlan, period: number, usage: Usage): bigint {
  const used = usageLines(plan, usage);
  return sumLines([...startLines(plan, period), ...used, ...commitmentLines(plan, used)]);
}

/**
 * What a window costs: what its periods come to, by the lines that are billed, less what they had come to before it. `used`: of each slice, in
 * their order. `more`: on top, where the last slice within the window is. Windows that follow each other add up to what the licence costs.
 */
export function spentOn({ planOf }: ChargedBy, slices: readonly Slice[], used: readonly Usage[], more: Usage): bigint {
  const last = slices.findLastIndex((s) => s.within);
  return slices.reduce((sum, slice, i) => {
    if (!slice.within) return sum;
    const earlier = slices[i - 1]?.period === slice.period ? used[i - 1]! : null;
    const here = i === last ? plus(used[i]!, more) : used[i]!;
    const plan = planOf(slice.period);
    return sum + costOf(plan, slice.period, earlier ? plus(earlier, here) : here) - (earlier ? costOf(plan, slice.period, earlier) : 0n);
  }, 0n);
}

/** Of the percents at which a buyer is told, those that so much of a cap reaches. */
export const reached = (spentMinor: bigint, capMinor: bigint): number[] => TOLD_AT.filter((percent) => spentMinor > 0n && spentMinor * 100n >= capMinor * BigInt(percent));
