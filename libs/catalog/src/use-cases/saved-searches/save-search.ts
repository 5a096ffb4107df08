import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, invalid, isPlainText, LIMITS, newId, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { type Criteria, lasting, needlesOf, type SavedSearch } from '../../domain/saved-searches/saved-search.js';
import { conjunctionOf, tsquery } from '../../domain/search/search-query.js';
import { SavedSearchRepository } from '../../storage/saved-searches/saved-search.repository.js';
import { SearchRepository } from '../../storage/search/search.repository.js';

export interface SaveSearchInput {
  readonly name: string;
  readonly criteria: Criteria;
}

/** A buyer keeps a search: from now on his organisation is told of what it finds anew. Words are taken as they are typed. */
@Injectable()
export class SaveSearch {
  constructor(private readonly commands: Commands, private readonly saved: SavedSearchRepository, private readonly search: SearchRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: SaveSearchInput): Promise<Result<SavedSearch>> {
    const refusal = authorise(actor, 'catalog:watch');
    if (refusal) return refusal;
    const { name, criteria } = input;
    if (criteria.filters.some((f) => !f.values.every(isPlainText))) return invalid(CATALOG_ERRORS.SAVED_SEARCH, 'search', 'values of facets as a search shows them');
    const conjunction = conjunctionOf(lasting(criteria), this.clock.now());
    const query = tsquery(conjunction);
    if (query === null) return invalid(CATALOG_ERRORS.SAVED_SEARCH, 'search', 'a word or a facet besides freshness: what everything fulfils tells nothing');
    const needles = needlesOf(conjunction, await this.search.frequencies());
    return this.commands.run<Result<SavedSearch>>(actor, 'catalog.save-search', input, async (tx) => {
      const organisationId = organisationOf(actor);
      if ((await this.saved.count(tx, organisationId)) >= LIMITS.savedSearches) return stateConflict(CATALOG_ERRORS.SAVED_SEARCH, `at most ${LIMITS.savedSearches} of one organisation`, 'FULL');
      const search: SavedSearch = { id: newId(), organisationId, name, criteria, matches: 0, newMatches: 0, lastNotifiedAt: null, createdAt: this.clock.now() };
      await this.saved.insert(tx, search, { query, needles });
      await this.audit.append(tx, actor, { act: 'saved-search.save', objectType: 'saved-search', objectId: search.id, details: { name, criteria } });
      return search;
    });
  }
}
