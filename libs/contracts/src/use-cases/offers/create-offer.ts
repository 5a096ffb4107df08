import { Injectable } from '@nestjs/common';
import { Catalog } from '#catalog';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isCountry, notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import type { PlanTerms } from '../../domain/pricing/price-plan.js';
import { type TermsDraft, termsOf } from '../../domain/terms/licence-terms.js';
import type { Offer } from '../../storage/offer.repository.js';
import { PutOffer } from './put-offer.js';

export interface CreateOfferInput {
  readonly productId: string;
  readonly title: string;
  readonly plans: readonly PlanTerms[];
  readonly purposes: readonly string[];
  readonly destinations: readonly string[];
  readonly terms: TermsDraft;
  /** To these organisations alone; everybody where it is empty. */
  readonly forOrganisations: readonly string[];
  readonly validUntil: Date | null;
}

/** A vendor puts prices and terms on a listed product, for everybody or for organisations that he names. */
@Injectable()
export class CreateOffer {
  constructor(private readonly commands: Commands, private readonly catalog: Catalog, private readonly putting: PutOffer, private readonly clock: Clock) {}

  async execute(actor: Actor, input: CreateOfferInput): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:offer') ?? this.check(input);
    if (refusal) return refusal;
    return this.commands.run<Result<Offer>>(actor, 'contracts.create-offer', input, async (tx) => {
      if (input.validUntil && input.validUntil <= this.clock.now()) return invalid(CONTRACTS_ERRORS.VALIDITY, 'validUntil', 'in the future');
      const product = await this.catalog.productForTrade(input.productId);
      if (!product || product.vendorId !== actor.tenantId) return notFound('product');
      if (!product.listed) return stateConflict(CONTRACTS_ERRORS.PRODUCT_NOT_LISTED, 'only a listed product is offered', product.state);
      const { vendorId } = product;
      const terms = termsOf(input.terms, [...new Set(input.purposes)], [...new Set(input.destinations)], this.clock.now());
      if ('problems' in terms) return invalid(CONTRACTS_ERRORS.TERMS, `terms.${terms.problems[0]!.path}`, terms.problems[0]!.message);
      const { title, plans, purposes, destinations, forOrganisations: audienceIds, validUntil } = input;
      const unknown = await this.putting.checkAudience(vendorId, { audienceIds, validUntil });
      return unknown ?? this.putting.put(tx, actor, { productId: product.id, vendorId, title, plans, audienceIds, purposes, destinations, terms, opensAt: null, validUntil, supersedesId: null });
    });
  }

  private check(input: CreateOfferInput) {
    const unknown = input.destinations.findIndex((d) => !isCountry(d));
    if (unknown >= 0) return invalid(CONTRACTS_ERRORS.COUNTRY, `destinations.${unknown}`, 'an ISO 3166-1 alpha-2 code');
    return this.putting.checkPlans(input.plans);
  }
}
