import type { Meter } from '#contracts';

export const USAGE_WINDOWS = ['hour', 'day', 'month'] as const;
/** What use is added up by, in UTC. */
export type UsageWindow = (typeof USAGE_WINDOWS)[number];

/** More than any retention asks for; sums of an older time are asked for by themselves. */
const LONGEST_MS = 3_660 * 86_400_000;

/** What is asked for. Null: not narrowed down. */
export interface UsageQuestion {
  readonly licenceId: string | null;
  readonly meter: Meter | null;
  readonly window: UsageWindow;
  readonly from: Date;
  readonly until: Date;
  /** Told apart by the values of this dimension; what has none of this name is left out. */
  readonly dimension: string | null;
  /** Only this value of it. */
  readonly value: string | null;
}

/** What was used under one licence by one meter in one window, of one value of a dimension where one was named. */
export interface UsageSum {
  readonly from: Date;
  readonly until: Date;
  readonly licenceId: string;
  readonly meter: Meter;
  /** The value of the dimension; null: none was asked for. */
  readonly value: string | null;
  readonly events: bigint;
  readonly quantity: bigint;
}

/** The window that an instant lies in. */
export function windowStart(window: UsageWindow, at: Date): Date {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  if (window === 'month') return new Date(Date.UTC(year, month, 1));
  return new Date(Date.UTC(year, month, at.getUTCDate(), window === 'hour' ? at.getUTCHours() : 0));
}
export function windowEnd(window: UsageWindow, from: Date): Date {
  if (window === 'month') return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
  return new Date(from.getTime() + (window === 'hour' ? 3_600_000 : 86_400_000));
}

/** Whole windows alone: those that the stretch touches, of the last ten years of it. */
export function wholeWindows<Q extends Pick<UsageQuestion, 'window' | 'from' | 'until'>>(question: Q): Q {
  const { window } = question;
  const from = windowStart(window, new Date(Math.max(question.from.getTime(), question.until.getTime() - LONGEST_MS)));
  const last = windowStart(window, question.until);
  return { ...question, from, until: last.getTime() === question.until.getTime() ? last : windowEnd(window, last) };
}
