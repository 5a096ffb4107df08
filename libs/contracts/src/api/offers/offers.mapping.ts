import { type Currency, invalid, type InvalidInput, isRefused, money, type Money, scaledDecimal, toMoneyType } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import type { PlanTerms, PriceComponent, PricePlan } from '../../domain/pricing/price-plan.js';
import type { Quote, QuoteLine } from '../../domain/pricing/quote.js';
import { explainLine, QUOTE_LANGUAGES } from '../../domain/pricing/quote-text.js';
import type { Offer, OfferLine } from '../../storage/offer.repository.js';
import type { QuotedPlan } from '../../use-cases/offers/show-offers.js';
import { toTermsType } from '../terms/terms.mapping.js';
import type { PriceComponentInput, PricePlanInput } from './offers.inputs.js';
import type * as T from './offers.types.js';

const amount = (minor: bigint | string, currency: string): Money => money(BigInt(minor), currency);

export function toPlanType(plan: PricePlan): T.PricePlan {
  const { currency, minimumCommitmentMinor: minimum } = plan;
  return {
    ...plan, components: plan.components.map((c) => toComponentType(c, currency)), minimumCommitment: minimum === null ? null : toMoneyType(amount(minimum, currency)), quotas: plan.quotas ?? [], terms: plan,
  };
}

const toComponentType = (c: PriceComponent, currency: string): T.PriceComponent =>
  c.kind === 'USAGE' ? { ...c, tiers: c.tiers.map((t) => ({ ...t, flatFee: toMoneyType(amount(t.flatFeeMinor, currency)) })) } : { kind: c.kind, label: c.label, amount: toMoneyType(amount(c.minor, currency)) };

export const toQuoteType = (planId: string, { lines, currency, totalMinor, dueAtStartMinor }: Quote): T.Quote => ({
  planId, lines: lines.map((l) => toLineType(l, currency)), total: toMoneyType(amount(totalMinor, currency)), dueAtStart: toMoneyType(amount(dueAtStartMinor, currency)),
});
export const showQuote = (quoted: QuotedPlan | { refused: true }): object => (isRefused(quoted) ? quoted : toQuoteType((quoted as QuotedPlan).plan.id, (quoted as QuotedPlan).quote));

const toLineType = (line: QuoteLine, currency: Currency): T.QuoteLine => ({
  kind: line.kind, label: line.label, meter: line.meter, quantity: line.quantity.toString(), times: line.times.toString(), amount: toMoneyType(amount(line.minor, currency)),
  parts: line.parts.map(({ kind, from, to, quantity, unitPrice, scaled }) => ({ kind, from: from.toString(), to: to.toString(), quantity: quantity.toString(), unitPrice, amount: scaledDecimal(scaled) })),
  texts: QUOTE_LANGUAGES.map((language) => explainLine(line, currency, language)),
});

/** The fields of an offer that a list of products can show without reading the rest of it. */
export const LINE_FIELDS: ReadonlySet<string> = new Set<keyof OfferLine | '__typename'>(['__typename', 'id', 'productId', 'vendorId', 'title', 'plans', 'audience', 'state']);
export const toOfferLineType = (o: OfferLine): Pick<T.Offer, keyof OfferLine> => ({ id: o.id, productId: o.productId, vendorId: o.vendorId, title: o.title, plans: o.plans.map(toPlanType), audience: o.audience, state: o.state });

/** To whom else an offer is made is nobody's business but its vendor's. */
export const toOfferType = (o: Offer, showAudience = false): T.Offer => ({
  ...toOfferLineType(o), purposes: o.purposes, destinations: o.destinations, terms: toTermsType(o.terms), forOrganisations: showAudience ? o.audienceIds : null, opensAt: o.opensAt, validUntil: o.validUntil, supersedesId: o.supersedesId, supersededAt: o.supersededAt,
});
export const showOffer = (result: Offer | { refused: true }): object => (isRefused(result) ? result : toOfferType(result as Offer, true));

/** Plans as they were handed in; what does not fit a component's kind is refused rather than lost. */
export function toPlans(inputs: readonly PricePlanInput[]): PlanTerms[] | InvalidInput {
  for (const [i, plan] of inputs.entries()) {
    const stray = plan.components.findIndex((c) => strays(c).length > 0);
    if (stray >= 0) return invalid(CONTRACTS_ERRORS.PLAN, `plans.${i}.components.${stray}.${strays(plan.components[stray]!)[0]!}`, `nothing of ${plan.components[stray]!.kind}`);
  }
  return inputs.map(({ label, currency, duration, period, components, minimumCommitmentMinor, trial, quotas }) => ({
    label, currency, duration, period: period ?? null, components: components.map(toComponent), minimumCommitmentMinor: minimumCommitmentMinor ?? null,
    trial: trial ? { duration: trial.duration, quotas: (trial.quotas ?? []).map(({ meter, quantity }) => ({ meter: meter as never, quantity })) } : null,
    ...(quotas?.length ? { quotas: quotas.map(({ meter, quantity }) => ({ meter: meter as never, quantity })) } : {}),
  }));
}

const strays = (c: PriceComponentInput): string[] =>
  (c.kind === 'USAGE' ? (['amountMinor'] as const) : (['meter', 'model', 'tiers', 'packageSize', 'freeQuota'] as const)).filter((field) => c[field] !== undefined && c[field] !== null);

function toComponent(c: PriceComponentInput): PriceComponent {
  if (c.kind !== 'USAGE') return { kind: c.kind, label: c.label.normalize('NFC'), minor: c.amountMinor ?? '' };
  return {
    kind: c.kind, label: c.label.normalize('NFC'), meter: c.meter as never, model: c.model ?? 'FLAT', packageSize: c.packageSize ?? null, freeQuota: c.freeQuota ?? '0',
    tiers: (c.tiers ?? []).map(({ upTo, unitPrice, flatFeeMinor }) => ({ upTo: upTo ?? null, unitPrice, flatFeeMinor: flatFeeMinor ?? '0' })),
  };
}
