import type { PlanTerms } from './price-plan.js';
import { periodSpans } from './periods.js';
import { NO_USAGE, periodsOf, quote, startLines } from './quote.js';
import { daysBetween, shareOf } from './rests.js';

/** What is agreed on for the whole term, use left out: minor units, net of tax. */
export const agreedMinor = (plan: PlanTerms): bigint => quote(plan, NO_USAGE, periodsOf(plan)).totalMinor;

/** What of it has fallen due where the term is over at an instant: the periods that had begun, whole. Null where none had: it was never to be paid. */
export function dueMinor(plan: PlanTerms, paidFrom: Date, over: Date): bigint | null {
  const begun = periodSpans(plan, paidFrom).filter(({ from }) => from < over).length;
  return begun === 0 ? null : quote(plan, NO_USAGE, begun).totalMinor;
}

/** The same where another agreement takes the place of this one: the days left of the period that ran are credited, of what recurs and of a fixed term, so they are part of the newer one. */
export function dueBeforeReplaced(plan: PlanTerms, paidFrom: Date, over: Date): bigint | null {
  const due = dueMinor(plan, paidFrom, over);
  const running = periodSpans(plan, paidFrom).findIndex(({ from, until }) => from < over && over < until);
  if (due === null || running < 0) return due;
  const { from, until } = periodSpans(plan, paidFrom)[running]!;
  const of = daysBetween(from, until);
  const left = { days: Math.min(daysBetween(over, until), of), of };
  return startLines(plan, running).filter((l) => l.kind === 'RECURRING' || plan.period === null).reduce((rest, l) => rest - shareOf(l.minor, left), due);
}
