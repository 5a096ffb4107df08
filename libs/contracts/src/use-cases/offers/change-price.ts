import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isRefused, type Refusal, type Result } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { replacementProblem } from '../../domain/pricing/price-change.js';
import type { PlanTerms } from '../../domain/pricing/price-plan.js';
import { NO_EFFECTS } from '../../storage/offer-signing.repository.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';
import { PutOffer } from './put-offer.js';
import { ReplaceOffer } from './replace-offer.js';

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
 * after it is not bound by it. Where it takes two to bind the vendor, nothing of this comes about, and nobody is told, before the second has signed.
 */
@Injectable()
export class ChangePrice {
  constructor(
    private readonly commands: Commands, private readonly offers: OfferRepository, private readonly replacing: ReplaceOffer, private readonly putting: PutOffer, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ChangePriceInput): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:offer') ?? this.putting.checkPlans(input.plans.map((p) => p.terms));
    if (refusal) return refusal;
    return this.commands.runAcross<Result<Offer>>(actor, 'contracts.change-price', input, async (tx) => {
      const now = this.clock.now();
      const opensAt = input.effectiveOn ?? now;
      if (opensAt < now) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'effectiveOn', 'not in the past');
      const before = await this.replacing.check(tx, actor.tenantId, input.offerId, opensAt, input.subscribersFrom);
      if (isRefused(before)) return before;
      const wrong = plansProblem(input, await this.offers.lineage(tx, before.id));
      if (wrong) return wrong;
      const { productId, vendorId, title, audienceIds, purposes, destinations, terms, validUntil } = before;
      const draft = { productId, vendorId, title, audienceIds, purposes, destinations, terms, validUntil, plans: input.plans.map((p) => p.terms), opensAt, supersedesId: before.id };
      return this.putting.put(tx, actor, draft, { ...NO_EFFECTS, replaces: input.plans.map((p) => p.replaces), subscribersFrom: input.subscribersFrom });
    });
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
