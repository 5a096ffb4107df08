import { ResolveField, Resolver } from '@nestjs/graphql';
import { ProductType } from '#catalog';
import { Authenticated, type RequestHolder } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import { ShowOffers } from '../../use-cases/offers/show-offers.js';
import { toOfferType } from './offers.mapping.js';
import { Offer } from './offers.types.js';

type Request = LoaderHolder & RequestHolder;

/** The catalogue's products with what this room knows of them. Without parameter decorators Nest calls the methods at once. */
@Resolver(() => ProductType)
@Authenticated()
export class ProductOffersResolver {
  constructor(private readonly shown: ShowOffers) {}

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: 'Offers to everybody that can be taken now, the cheapest ten.' })
  async offers(product: ProductType, _args: unknown, context: Request): Promise<readonly Offer[]> {
    return (await this.open(context).load(product.id)) ?? [];
  }

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: "Offers made to the caller's organisation by name that can be taken now, the newest ten." })
  async offersToMe(product: ProductType, _args: unknown, context: Request): Promise<readonly Offer[]> {
    return context.authentication?.actor?.tenantId ? ((await this.open(context).load(product.id + TO_ME)) ?? []) : [];
  }

  /** Both kinds in one statement; where nobody asks for those to the caller, one that is the same for everybody. */
  private open(context: Request): ReturnType<typeof loader<Offer[]>> {
    return loader<Offer[]>(context, 'contracts.offers', async (keys) => {
      const ids = [...new Set(keys.map((key) => key.replace(TO_ME, '')))];
      const toMe = keys.some((key) => key.endsWith(TO_ME));
      const found = await this.shown.ofProducts(ids, toMe ? context.authentication!.actor!.tenantId : null);
      const groups = Map.groupBy(found, (o) => (o.audience === 'PUBLIC' ? o.productId : o.productId + TO_ME));
      return new Map([...groups].map(([key, offers]) => [key, offers.map((o) => toOfferType(o))]));
    });
  }
}

const TO_ME = '+me';
