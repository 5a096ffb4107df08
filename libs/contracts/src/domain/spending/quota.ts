import type { PeriodSpan } from '../pricing/periods.js';
import type { Meter } from '../pricing/meters.js';
import type { PricePlan } from '../pricing/price-plan.js';
import type { CapPeriod } from './spending.js';

/** How much of a meter may be used under a licence in a period. */
export interface UsageQuota {
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  /** VENDOR: agreed with the plan. BUYER: set by himself. */
  readonly side: 'VENDOR' | 'BUYER';
  readonly meter: Meter;
  readonly quantity: bigint;
  readonly period: CapPeriod;
  /** Nothing is granted beyond it; else it is only told. What was reported has been used: it counts beyond either. */
  readonly hard: boolean;
  readonly setAt: Date;
}
/** A quota with the window that an instant lies in. */
export interface QuotaWindow {
  readonly quota: UsageQuota;
  readonly window: PeriodSpan;
}

/** What a plan gives in each of its periods: agreed, so nothing is granted beyond it. */
export const planQuotas = ({ quotas = [] }: PricePlan, licence: Pick<UsageQuota, 'licenceId' | 'vendorId' | 'buyerId' | 'setAt'>): UsageQuota[] =>
  quotas.map(({ meter, quantity }) => ({ ...licence, side: 'VENDOR', meter, quantity: BigInt(quantity), period: 'LICENCE_PERIOD', hard: true }));

/** The first of these that so much more would go beyond. `used`: of each, in their order, with what is granted and open. */
export const exceeded = (limits: readonly QuotaWindow[], used: readonly ReadonlyMap<Meter, bigint>[], more: ReadonlyMap<Meter, bigint>): QuotaWindow | undefined =>
  limits.find(({ quota: { meter, quantity } }, i) => (more.get(meter) ?? 0n) > 0n && (used[i]!.get(meter) ?? 0n) + more.get(meter)! > quantity);

const day = (at: Date): string => at.toISOString().slice(0, 10);
/** A quota in words, with its window. */
export const describeQuota = ({ quota: { quantity, meter }, window: { from, until } }: QuotaWindow): string => `the quota of ${quantity} ${meter} for ${day(from)} to ${day(until)}`;
