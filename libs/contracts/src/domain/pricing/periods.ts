import { addDuration } from './duration.js';
import type { PlanTerms } from './price-plan.js';
import { periodsOf } from './quote.js';

/** Before the first period: the trial. */
export const TRIAL = -1;

export interface PeriodSpan {
  readonly from: Date;
  /** The first instant that is not in it any more: where the next one begins. */
  readonly until: Date;
}

/** The periods of a licence, one after the other without a gap. */
export function periodSpans(plan: PlanTerms, paidFrom: Date): PeriodSpan[] {
  const length = plan.period ?? plan.duration;
  return Array.from({ length: periodsOf(plan) }, (_, n) => ({ from: addDuration(paidFrom, length, n), until: addDuration(paidFrom, length, n + 1) }));
}

/** Which period an instant lies in: TRIAL before the first, and the last one for all that comes after it. */
export const periodAt = (spans: readonly PeriodSpan[], at: Date): number => spans.findLastIndex(({ from }) => from <= at);
