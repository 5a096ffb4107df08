import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ProductType } from '#catalog';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import { Contracts } from '../contracts.facade.js';
import { toOfferType } from './contracts.mapping.js';
import { Offer } from './contracts.types.js';

/** The catalogue's products with what this room knows of them. */
@Resolver(() => ProductType)
@Authenticated()
export class ProductOffersResolver {
  constructor(private readonly contracts: Contracts) {}

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: 'Offers that can be taken now, the cheapest ten.' })
  async offers(@Parent() product: ProductType, @Context() context: LoaderHolder): Promise<Offer[]> {
    return (await loader<Offer[]>(context, 'contracts.offers', (ids) => this.byProduct(ids)).load(product.id)) ?? [];
  }

  @Asks('AUTHENTICATED', 'contracts:offer', 'contracts:read', 'oversight:read')
  @Query(() => Offer, { nullable: true, description: 'An offer that can be taken; others for their vendor and for staff.' })
  async offer(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<Offer | null> {
    const found = await this.contracts.offerFor(actor, id);
    return found && toOfferType(found);
  }

  private async byProduct(ids: readonly string[]): Promise<Map<string, Offer[]>> {
    const groups = new Map<string, Offer[]>();
    for (const offer of await this.contracts.offersOfProducts(ids)) {
      const group = groups.get(offer.productId);
      if (group) group.push(toOfferType(offer));
      else groups.set(offer.productId, [toOfferType(offer)]);
    }
    return groups;
  }
}
