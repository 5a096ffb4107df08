import type { OfferFacts, PriceModel } from '#catalog';
import { isOpen, type OfferWindow } from './offer.js';
import type { PricePlan } from './price-plan.js';
import { quote } from './quote.js';

type Priced = OfferWindow & { readonly plans: readonly PricePlan[] };

const modelsOf = ({ components, trial }: PricePlan): PriceModel[] => [...(components.length ? components.map((c) => c.kind) : ['FREE' as const]), ...(trial ? ['TRIAL' as const] : [])];

/** What search may know of a product's prices: of offers to everybody that can be taken now. What is made to named organisations leaves no trace. */
export function offerFacts(offers: readonly Priced[], now: Date): OfferFacts {
  const plans = offers.filter((o) => o.audience === 'PUBLIC' && isOpen(o, now)).flatMap((o) => o.plans);
  const lowest = new Map<string, bigint>();
  for (const plan of plans) {
    const minor = quote({ ...plan, trial: null }).totalMinor;
    const known = lowest.get(plan.currency);
    if (known === undefined || minor < known) lowest.set(plan.currency, minor);
  }
  return { models: [...new Set(plans.flatMap(modelsOf))].sort(), lowest: [...lowest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, minor]) => ({ currency, minor })) };
}

/** The next instant at which that changes by itself; null: never. */
export function nextChange(offers: readonly Priced[], now: Date): Date | null {
  const instants = offers.flatMap((o) => (o.audience === 'PUBLIC' && o.state === 'ACTIVE' ? [o.opensAt, o.validUntil, o.supersededAt] : [])).filter((at): at is Date => at !== null && at > now);
  return instants.length ? new Date(Math.min(...instants.map((at) => at.getTime()))) : null;
}
