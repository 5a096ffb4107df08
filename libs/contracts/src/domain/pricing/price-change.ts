import { METERS } from './meters.js';
import { type PlanTerms, type PricePlan, usageOf } from './price-plan.js';

/** A month's warning, a full one: who is charged by the month can let one period pass and still leave in time. */
export const NOTICE_DAYS = 30;
const DAY_MS = 86_400_000;

export const earliestChange = (now: Date): Date => new Date(now.getTime() + NOTICE_DAYS * DAY_MS);

/** Why a plan cannot take the place of another under running licences, if it cannot: what is bought stays the same, only its price changes. */
export function replacementProblem(before: PricePlan, after: PlanTerms): { readonly path: string; readonly message: string } | undefined {
  if (before.period === null) return { path: 'replaces', message: 'a fixed term is never changed' };
  for (const field of ['currency', 'duration', 'period'] as const) if (before[field] !== after[field]) return { path: field, message: `as in the plan that it replaces: ${before[field]}` };
  const counted = (plan: PlanTerms): string => METERS.filter((m) => usageOf(plan).some((c) => c.meter === m)).join(', ');
  return counted(before) === counted(after) ? undefined : { path: 'components', message: `counts what the plan that it replaces counts: ${counted(before) || 'nothing'}` };
}

/** The plan by which a period is charged that begins at this instant: the last one announced of those that hold by then. `changes` in the order of their announcement. */
export const planAt = (agreed: PricePlan, changes: readonly { readonly plan: PricePlan; readonly effectiveOn: Date }[], begins: Date): PricePlan => changes.findLast((c) => c.effectiveOn <= begins)?.plan ?? agreed;
