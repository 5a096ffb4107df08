import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Notices } from '#identity';
import { Clock, Commands, invalid, isRefused, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { isOpen } from '../../domain/pricing/offer.js';
import { earliestChange, NOTICE_DAYS, replacementProblem } from '../../domain/pricing/price-change.js';
import type { PlanTerms } from '../../domain/pricing/price-plan.js';
import { LicencePriceRepository } from '../../storage/licence-price.repository.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';
import { PutOffer } from './put-offer.js';

export interface ChangedPlan {
  readonly terms: PlanTerms;
  /** Plans of the offer before, or of those before it, whose licences come to be charged by this one. */
  readonly replaces: readonly string[];
}
export interface ChangePriceInput {
  readonly offerId: string;
  readonly plans: readonly ChangedPlan[];
  /** When the new prices hold for new orders; null: at once. */
  readonly effectiveOn: Date | null;
  /** From when running licences are charged by them, at the turn of their period; null: never. */
  readonly subscribersFrom: Date | null;
}

/**
 * New prices: an offer's terms never change, so another offer takes its place. Running licences follow only where they are told in time: who holds one
 * when this is announced gets a notice at once, and the first period that begins on the day or later is charged by the new plan. Whoever orders
 * after it is not bound by it.
 */
@Injectable()
export class ChangePrice {
  constructor(
    private readonly commands: Commands, private readonly offers: OfferRepository, private readonly prices: LicencePriceRepository, private readonly putting: PutOffer, private readonly notices: Notices, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ChangePriceInput): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:offer') ?? this.putting.checkPlans(input.plans.map((p) => p.terms));
    if (refusal) return refusal;
    return this.commands.runAcross<Result<Offer>>(actor, 'contracts.change-price', input, async (tx) => {
      const before = await this.offers.lock(tx, input.offerId);
      if (!before || before.vendorId !== actor.tenantId) return notFound('offer');
      const now = this.clock.now();
      if (before.supersededAt || !isOpen({ ...before, opensAt: null }, now)) return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer is closed, or another one takes its place already', before.state);
      const wrong = this.datesProblem(input, before, now) ?? plansProblem(input, await this.offers.lineage(tx, before.id));
      if (wrong) return wrong;
      const effectiveOn = input.effectiveOn ?? now;
      const { productId, vendorId, title, audienceIds, purposes, destinations, terms, validUntil } = before;
      await this.offers.supersede(tx, before.id, effectiveOn);
      const offer = await this.putting.put(tx, actor, { productId, vendorId, title, audienceIds, purposes, destinations, terms, validUntil, plans: input.plans.map((p) => p.terms), opensAt: effectiveOn, supersedesId: before.id });
      if (isRefused(offer)) return offer;
      if (input.subscribersFrom) await this.announce(tx, input, before, offer, input.subscribersFrom);
      return offer;
    });
  }

  private datesProblem({ effectiveOn, subscribersFrom }: ChangePriceInput, before: Offer, now: Date): Refusal | undefined {
    if (effectiveOn && effectiveOn < now) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'effectiveOn', 'not in the past');
    if (before.validUntil && (effectiveOn ?? now) >= before.validUntil) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'effectiveOn', 'before the offer ends');
    if (subscribersFrom && subscribersFrom < earliestChange(now)) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'subscribersFrom', `whoever is charged is told ${NOTICE_DAYS} days before: ${earliestChange(now).toISOString()} at the earliest`);
    return undefined;
  }

  private async announce(tx: Tx, input: ChangePriceInput, before: Offer, offer: Offer, effectiveOn: Date): Promise<void> {
    const announcedAt = this.clock.now();
    for (const [i, { replaces }] of input.plans.entries()) {
      const plan = offer.plans[i]!;
      const buyerIds = await this.prices.announce(tx, { fromPlanIds: replaces, plan, offerId: offer.id, effectiveOn, announcedAt });
      await this.notices.tell(tx, buyerIds, {
        objectType: 'OFFER', objectId: before.id, kind: 'PRICE_CHANGES',
        text: `Prices change: periods of your licences under the plan "${plan.label}" that begin on ${effectiveOn.toISOString()} or later are charged by the new plan. Until then you may cancel the renewal.`,
        details: { productId: before.productId, offerId: offer.id, effectiveOn: effectiveOn.toISOString(), replaces, newPlan: plan },
      });
    }
  }
}

function plansProblem({ plans, subscribersFrom }: ChangePriceInput, lineage: readonly Offer[]): Refusal | undefined {
  const known = new Map(lineage.flatMap((o) => o.plans.map((p) => [p.id, p])));
  const named = plans.flatMap((p) => p.replaces);
  if ((named.length > 0) !== (subscribersFrom !== null)) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'subscribersFrom', 'goes with the plans that are replaced: from when their licences are charged by the new ones');
  for (const [i, { replaces, terms }] of plans.entries()) {
    for (const id of replaces) {
      const replaced = known.get(id);
      if (!replaced || named.indexOf(id) !== named.lastIndexOf(id)) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, `plans.${i}.replaces`, 'plans of the offer before, or of those before it, each once');
      const problem = replacementProblem(replaced, terms);
      if (problem) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, `plans.${i}.${problem.path}`, problem.message);
    }
  }
  return undefined;
}
