import { type Currency, DECIMAL_PATTERN, isCurrency, MAX_MINOR, roundScaled } from '#shared';
import { parseDuration, timesIn } from './duration.js';
import { DELIVERY_METERS, isDeliveryMeter, isMeter, METERS } from './meters.js';
import { type PlanTerms, type PlanTrial, type PriceTier, sumMinor, type UsageComponent, usageOf } from './price-plan.js';
import { rateUsage, sumParts } from './rate-usage.js';

/** What is wrong with a plan, and where. */
export interface PlanProblem {
  readonly path: string;
  readonly message: string;
}
type Found = PlanProblem | undefined;

/** A thousand times the highest price of a plan is still an amount of money. */
const MAX_PRICE = MAX_MINOR / 1_000n;
/** A hundred thousand units at the highest price still are. */
const PRICE_DIGITS = 7;
const MAX_UNITS = 1_000_000_000_000_000n;
/** As many steps as a price list has that people still read. */
const MAX_TIERS = 20;
const MAX_COMPONENTS = 12;
/** A quarter: who needs longer to look at data does not look. */
const MAX_TRIAL_DAYS = 90;
/** Charges of one licence: ten years by the month. */
const MAX_PERIODS = 120;

const at = (path: string, message: string): PlanProblem => ({ path, message });
const isWhole = (text: string, min: bigint, max: bigint): boolean => /^(0|[1-9]\d{0,17})$/.test(text) && BigInt(text) >= min && BigInt(text) <= max;
const first = <T>(items: readonly T[], check: (item: T, i: number) => Found): Found => {
  for (const [i, item] of items.entries()) {
    const found = check(item, i);
    if (found) return found;
  }
  return undefined;
};

/** The first thing that is wrong with a plan, or nothing. */
export function checkPlan(plan: PlanTerms): Found {
  if (!isCurrency(plan.currency)) return at('currency', 'an ISO 4217 code that is traded here');
  return checkTime(plan) ?? checkComponents(plan, plan.currency) ?? checkCommitment(plan) ?? (plan.trial ? checkTrial(plan, plan.trial) : undefined) ?? checkQuotas(plan.quotas ?? []);
}

function checkQuotas(quotas: NonNullable<PlanTerms['quotas']>): Found {
  return first(quotas, ({ meter, quantity }, i) => {
    if (!isMeter(meter) || quotas.findIndex((q) => q.meter === meter) !== i) return at(`quotas.${i}.meter`, `one of ${METERS.join(', ')}, once`);
    return isWhole(quantity, 1n, MAX_UNITS) ? undefined : at(`quotas.${i}.quantity`, `a whole number from 1 to ${MAX_UNITS}`);
  });
}

function checkTime({ duration, period }: PlanTerms): Found {
  if (!parseDuration(duration)) return at('duration', 'a duration of ISO 8601 of days, weeks, months or years, ten years at the most, such as P30D, P1M or P1Y');
  if (period === null) return undefined;
  const times = timesIn(duration, period);
  return times === undefined || times > MAX_PERIODS ? at('period', `goes a whole number of times, ${MAX_PERIODS} at the most, into the duration, such as P1M into P1Y`) : undefined;
}

function checkComponents(plan: PlanTerms, currency: Currency): Found {
  if (plan.components.length > MAX_COMPONENTS) return at('components', `at most ${MAX_COMPONENTS}`);
  const meters = usageOf(plan).map((c) => c.meter);
  return first(plan.components, (component, i) => {
    const path = `components.${i}`;
    if (component.kind === 'USAGE') {
      if (meters.indexOf(component.meter) !== meters.lastIndexOf(component.meter)) return at(`${path}.meter`, 'a meter has one price in a plan');
      return checkUsage(component, path, currency);
    }
    if (component.kind === 'RECURRING' && plan.period === null) return at(path, 'what recurs needs a period');
    return isWhole(component.minor, 1n, MAX_PRICE) ? undefined : at(`${path}.minor`, `minor units from 1 to ${MAX_PRICE}; what is free is left out`);
  });
}

function checkUsage(component: UsageComponent, path: string, currency: Currency): Found {
  const { model, packageSize, tiers } = component;
  if (!isMeter(component.meter)) return at(`${path}.meter`, `one of ${METERS.join(', ')}`);
  if (!isWhole(component.freeQuota, 0n, MAX_UNITS)) return at(`${path}.freeQuota`, `a whole number from 0 to ${MAX_UNITS}`);
  if ((model === 'PACKAGE') !== (packageSize !== null)) return at(`${path}.packageSize`, 'packages have a size, nothing else has');
  if (packageSize !== null && !isWhole(packageSize, 1n, MAX_UNITS)) return at(`${path}.packageSize`, `a whole number from 1 to ${MAX_UNITS}`);
  if (tiers.length < 1 || tiers.length > MAX_TIERS) return at(`${path}.tiers`, `1 to ${MAX_TIERS}`);
  if (model === 'FLAT' && tiers.length > 1) return at(`${path}.tiers`, 'FLAT has one open tier');
  return first(tiers, (tier, i) => checkTier(component, tier, i, `${path}.tiers.${i}`)) ?? (model === 'VOLUME' ? checkRising(component, path, currency) : undefined);
}

/** Each begins behind the one before and ends later, and the last never does: so every unit lies in exactly one. */
function checkTier({ tiers, packageSize }: UsageComponent, { upTo, unitPrice, flatFeeMinor }: PriceTier, i: number, path: string): Found {
  const isLast = i === tiers.length - 1;
  if ((upTo === null) !== isLast) return at(`${path}.upTo`, isLast ? 'the last tier is open' : 'only the last tier is open');
  if (upTo !== null) {
    if (!isWhole(upTo, 1n, MAX_UNITS)) return at(`${path}.upTo`, `a whole number from 1 to ${MAX_UNITS}`);
    if (i > 0 && BigInt(upTo) <= BigInt(tiers[i - 1]!.upTo!)) return at(`${path}.upTo`, 'tiers ascend');
    if (packageSize !== null && BigInt(upTo) % BigInt(packageSize) !== 0n) return at(`${path}.upTo`, 'a tier of packages ends with a whole package');
  }
  if (!DECIMAL_PATTERN.test(unitPrice) || unitPrice.split('.')[0]!.length > PRICE_DIGITS) return at(`${path}.unitPrice`, `a decimal such as 0.25, at most ${PRICE_DIGITS} digits before the point and 12 behind it`);
  return isWhole(flatFeeMinor, 0n, MAX_PRICE) ? undefined : at(`${path}.flatFeeMinor`, `minor units from 0 to ${MAX_PRICE}`);
}

/** Where all units cost what the last one does, one unit more can cost less altogether: nobody could explain that. Within a tier totals only rise. */
function checkRising(component: UsageComponent, path: string, currency: Currency): Found {
  const counted = { ...component, freeQuota: '0' };
  const total = (units: bigint): bigint => sumParts(rateUsage(counted, units, currency));
  return first(component.tiers, ({ upTo }, i) => {
    if (upTo === null) return undefined;
    const [before, after] = [total(BigInt(upTo)), total(BigInt(upTo) + 1n)];
    return after < before ? at(`${path}.tiers.${i + 1}`, `the total falls from ${roundScaled(before, currency)} minor units for ${upTo} to ${roundScaled(after, currency)} for ${BigInt(upTo) + 1n}`) : undefined;
  });
}

function checkCommitment(plan: PlanTerms): Found {
  const { minimumCommitmentMinor: minimum } = plan;
  if (minimum === null) return undefined;
  if (!isWhole(minimum, 1n, MAX_PRICE)) return at('minimumCommitmentMinor', `minor units from 1 to ${MAX_PRICE}`);
  if (usageOf(plan).length === 0) return at('minimumCommitmentMinor', 'is for plans with a usage component');
  return BigInt(minimum) <= sumMinor(plan, 'RECURRING') ? at('minimumCommitmentMinor', 'is more than what recurs anyway') : undefined;
}

function checkTrial(plan: PlanTerms, { duration, quotas }: PlanTrial): Found {
  const { days = 0 } = parseDuration(duration) ?? {};
  if (days < 1 || days > MAX_TRIAL_DAYS) return at('trial.duration', `days or weeks of ISO 8601, ${MAX_TRIAL_DAYS} days at the most, such as P14D`);
  if (plan.components.length === 0) return at('trial', 'what is free needs no trial');
  return first(quotas, ({ meter, quantity }, i) => {
    if (!isDeliveryMeter(meter) || quotas.findIndex((q) => q.meter === meter) !== i) return at(`trial.quotas.${i}.meter`, `one of ${DELIVERY_METERS.join(', ')}, once: what is reported afterwards cannot be limited before`);
    return isWhole(quantity, 1n, MAX_UNITS) ? undefined : at(`trial.quotas.${i}.quantity`, `a whole number from 1 to ${MAX_UNITS}`);
  });
}
