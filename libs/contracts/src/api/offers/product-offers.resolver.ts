import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ProductType } from '#catalog';
import { Authenticated, type RequestHolder } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import type { Offer as OfferRecord } from '../../storage/offer.repository.js';
import { ShowOffers } from '../../use-cases/offers/show-offers.js';
import { toOfferType } from './offers.mapping.js';
import { Offer } from './offers.types.js';

/** The catalogue's products with what this room knows of them. */
@Resolver(() => ProductType)
@Authenticated()
export class ProductOffersResolver {
  constructor(private readonly shown: ShowOffers) {}

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: 'Offers to everybody that can be taken now, the cheapest ten.' })
  async offers(@Parent() product: ProductType, @Context() context: LoaderHolder): Promise<Offer[]> {
    return (await loader<Offer[]>(context, 'contracts.offers', async (ids) => byProduct(await this.shown.ofProducts(ids))).load(product.id)) ?? [];
  }

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: "Offers made to the caller's organisation by name that can be taken now, the newest ten." })
  async offersToMe(@Parent() product: ProductType, @Context() context: LoaderHolder & RequestHolder): Promise<Offer[]> {
    const actor = context.authentication?.actor;
    if (!actor) return [];
    return (await loader<Offer[]>(context, 'contracts.named-offers', async (ids) => byProduct(await this.shown.namedOfProducts(actor, ids))).load(product.id)) ?? [];
  }
}

function byProduct(offers: readonly OfferRecord[]): Map<string, Offer[]> {
  const groups = new Map<string, Offer[]>();
  for (const offer of offers) {
    const group = groups.get(offer.productId);
    if (group) group.push(toOfferType(offer));
    else groups.set(offer.productId, [toOfferType(offer)]);
  }
  return groups;
}
