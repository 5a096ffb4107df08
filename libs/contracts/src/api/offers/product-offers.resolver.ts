import { ResolveField, Resolver } from '@nestjs/graphql';
import { ProductType } from '#catalog';
import { Authenticated, type RequestHolder } from '#identity';
import { loader, type LoaderHolder, type Selected, selectedFields } from '#shared';
import { ShowOffers } from '../../use-cases/offers/show-offers.js';
import { LINE_FIELDS, toOfferLineType, toOfferType } from './offers.mapping.js';
import { Offer } from './offers.types.js';

type Request = LoaderHolder & RequestHolder;

/** The catalogue's products with what this room knows of them. Without parameter decorators Nest calls the methods at once. */
@Resolver(() => ProductType)
@Authenticated()
export class ProductOffersResolver {
  constructor(private readonly shown: ShowOffers) {}

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: 'Offers to everybody that can be taken now, the cheapest ten.' })
  async offers(product: ProductType, _args: unknown, context: Request, info: Selected): Promise<readonly Shown[]> {
    return (await this.open(context, info).load(product.id)) ?? [];
  }

  @ResolveField(() => [Offer], { complexity: ({ childComplexity }) => 3 * childComplexity, description: "Offers made to the caller's organisation by name that can be taken now, the newest ten." })
  async offersToMe(product: ProductType, _args: unknown, context: Request, info: Selected): Promise<readonly Shown[]> {
    return context.authentication?.actor?.tenantId ? ((await this.open(context, info).load(product.id + TO_ME)) ?? []) : [];
  }

  /** Both kinds in one statement, which reads no more of them than is asked; where nobody asks for those to the caller, one that is the same for everybody. */
  private open(context: Request, info: Selected): ReturnType<typeof loader<Shown[]>> {
    const lines = [...selectedFields(info)].every((field) => LINE_FIELDS.has(field));
    return loader<Shown[]>(context, lines ? 'contracts.offer-lines' : 'contracts.offers', async (keys) => {
      const ids = [...new Set(keys.map((key) => key.replace(TO_ME, '')))];
      const toMe = keys.some((key) => key.endsWith(TO_ME));
      const organisationId = toMe ? context.authentication!.actor!.tenantId : null;
      const found: readonly Shown[] = lines ? (await this.shown.linesOfProducts(ids, organisationId)).map(toOfferLineType) : (await this.shown.ofProducts(ids, organisationId)).map((o) => toOfferType(o));
      return Map.groupBy(found, (o) => (o.audience === 'PUBLIC' ? o.productId : o.productId + TO_ME));
    });
  }
}

/** An offer as far as it was read. */
type Shown = Pick<Offer, 'productId' | 'audience'>;

const TO_ME = '+me';
