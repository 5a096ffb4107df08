import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Catalog } from '../../catalog.facade.js';
import type { SearchRequest } from '../../domain/search/search-query.js';
import { SearchProducts } from '../../use-cases/search/search-products.js';
import { SetAudience } from '../../use-cases/search/set-audience.js';
import { shown, toProductType } from '../catalog.mapping.js';
import * as C from '../catalog.types.js';
import * as T from './search.types.js';

export const toRequest = ({ search: s, sort, facets }: Pick<T.SearchArgs, 'search' | 'sort' | 'facets'>): SearchRequest => ({
  text: s.text ?? null, freshness: s.freshness ?? null, sort, facets,
  filters: [
    { facet: 'THEME', values: s.themes ?? [] }, { facet: 'ORIGIN', values: s.origins ?? [] }, { facet: 'PRICE_MODEL', values: s.priceModels ?? [] }, { facet: 'DELIVERY_METHOD', values: s.deliveryMethods ?? [] },
    { facet: 'LEVEL', values: s.levels ?? [] }, { facet: 'LANGUAGE', values: s.languages ?? [] }, { facet: 'FORMAT', values: s.formats ?? [] }, { facet: 'VENDOR', values: s.vendorIds ?? [] },
  ],
});

@Resolver()
@Authenticated()
export class SearchResolver {
  constructor(private readonly searching: SearchProducts, private readonly catalog: Catalog, private readonly audience: SetAudience) {}

  @Asks('AUTHENTICATED')
  @Query(() => T.SearchResult, { complexity: pageCost, description: 'Finds listed products that are for everybody, by words and facets. Where there are many matches the newest of them are ranked and counted.' })
  async searchProducts(@Args() args: T.SearchArgs): Promise<T.SearchResult> {
    const { products, hasNextPage, cursorOf, total, exact, counts, corrected } = await this.searching.execute(toRequest(args), pageRequest(args.first, args.after, 3));
    const last = products.at(-1);
    const connection = toConnection({ items: products, hasNextPage, endCursor: last ? cursorOf(last) : null, cursorOf }, toProductType);
    return Object.assign(connection, { total, exact, facets: counts, corrected });
  }

  @Asks('AUTHENTICATED')
  @Query(() => C.ProductConnection, { complexity: pageCost, description: "Listed products that are for named organisations, the caller's among them." })
  async productsForUs(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('vendorId', { type: () => ID, nullable: true, description: 'Those of this vendor alone.' }) vendorId: string | null,
  ): Promise<ConnectionOf<C.Product>> {
    return toConnection(await this.catalog.forOrganisation(actor, vendorId ?? null, pageRequest(page.first, page.after, 1)), toProductType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.SetProductAudienceResult, { description: 'Says for whom a product is: everybody, or named organisations. Once it is handed in, others can only be added.' })
  async setProductAudience(@CurrentActor() actor: Actor, @Args('input') input: T.SetProductAudienceInput): Promise<object> {
    return shown(await this.audience.execute(actor, { productId: input.productId, organisationIds: input.organisationIds ?? [] }), toProductType);
  }
}
