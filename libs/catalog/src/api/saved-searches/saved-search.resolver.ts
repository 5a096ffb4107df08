import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { SavedSearchDesk } from '../../use-cases/saved-searches/saved-search-desk.js';
import { shown, toProductType } from '../catalog.mapping.js';
import * as C from '../catalog.types.js';
import { toRequest } from '../search/search.resolver.js';
import * as T from './saved-search.types.js';

@Resolver()
@Authenticated()
export class SavedSearchResolver {
  constructor(private readonly desk: SavedSearchDesk) {}

  @Asks('catalog:watch')
  @Query(() => T.SavedSearchConnection, { nullable: true, complexity: pageCost, description: "Your organisation's saved searches, newest first." })
  async savedSearches(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.SavedSearchType> | null> {
    const found = await this.desk.own(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toSavedSearchType);
  }

  @Asks('catalog:watch')
  @Query(() => C.ProductConnection, { nullable: true, complexity: pageCost, description: 'Products that a saved search told of and that you may open now, latest first; null where it is not yours.' })
  async savedSearchMatches(@CurrentActor() actor: Actor, @Args('savedSearchId', { type: () => ID, description: 'The search.' }) id: string, @Args() page: PageArgs): Promise<ConnectionOf<C.Product> | null> {
    const found = await this.desk.matches(actor, id, pageRequest(page.first, page.after, 2));
    return found && toConnection(found, toProductType);
  }

  @Asks('catalog:watch')
  @Mutation(() => T.SaveSearchResult, { description: 'Keeps a search: your organisation gets a notice of each product that it finds and that becomes visible to it from now on, once.' })
  async saveSearch(@CurrentActor() actor: Actor, @Args('input') { name, search }: T.SaveSearchInput): Promise<object> {
    const { text, filters, freshness } = toRequest({ search, sort: 'NEWEST', facets: [] });
    return shown(await this.desk.saving.execute(actor, { name, criteria: { text, filters: filters.filter((f) => f.values.length > 0), freshness } }), T.toSavedSearchType);
  }

  @Asks('catalog:watch')
  @Mutation(() => T.RenameSavedSearchResult, { description: 'Gives a saved search another name.' })
  async renameSavedSearch(@CurrentActor() actor: Actor, @Args('input') input: T.RenameSavedSearchInput): Promise<object> {
    return shown(await this.desk.changing.rename(actor, input), T.toSavedSearchType);
  }

  @Asks('catalog:watch')
  @Mutation(() => T.MarkSavedSearchReadResult, { description: 'Sets the count of new matches back to none.' })
  async markSavedSearchRead(@CurrentActor() actor: Actor, @Args('input') input: T.MarkSavedSearchReadInput): Promise<object> {
    return shown(await this.desk.changing.markRead(actor, input), T.toSavedSearchType);
  }

  @Asks('catalog:watch')
  @Mutation(() => T.DeleteSavedSearchResult, { description: 'Deletes a saved search with what it found.' })
  async deleteSavedSearch(@CurrentActor() actor: Actor, @Args('input') input: T.DeleteSavedSearchInput): Promise<object> {
    return shown(await this.desk.changing.delete(actor, input), T.toSavedSearchType);
  }
}
