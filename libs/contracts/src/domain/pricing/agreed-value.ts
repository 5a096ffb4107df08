import type { PlanTerms } from './price-plan.js';
import { periodSpans } from './periods.js';
import { NO_USAGE, periodsOf, quote } from './quote.js';

/** What is agreed on for the whole term, use left out: minor units, net of tax. */
export const agreedMinor = (plan: PlanTerms): bigint => quote(plan, NO_USAGE, periodsOf(plan)).totalMinor;

/** What of it has fallen due where the term is over at an instant: the periods that had begun, whole. Null where none had: it was never to be paid. */
export function dueMinor(plan: PlanTerms, paidFrom: Date, over: Date): bigint | null {
  const begun = periodSpans(plan, paidFrom).filter(({ from }) => from < over).length;
  return begun === 0 ? null : quote(plan, NO_USAGE, begun).totalMinor;
}
