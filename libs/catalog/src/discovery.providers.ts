import { SavedSearchResolver } from './api/saved-searches/saved-search.resolver.js';
import { SearchResolver } from './api/search/search.resolver.js';
import { MatchRepository } from './storage/saved-searches/match.repository.js';
import { SavedSearchRepository } from './storage/saved-searches/saved-search.repository.js';
import { SearchRepository } from './storage/search/search.repository.js';
import { ChangeSavedSearch } from './use-cases/saved-searches/change-saved-search.js';
import { MatchSavedSearches } from './use-cases/saved-searches/match-saved-searches.js';
import { SaveSearch } from './use-cases/saved-searches/save-search.js';
import { SavedSearchDesk } from './use-cases/saved-searches/saved-search-desk.js';
import { SearchProducts } from './use-cases/search/search-products.js';
import { SetAudience } from './use-cases/search/set-audience.js';

/** What the module of this room provides for whoever looks for data. */
export const discoveryProviders = [
  SearchRepository, SearchProducts, SetAudience, SearchResolver,
  SavedSearchRepository, MatchRepository, SaveSearch, ChangeSavedSearch, SavedSearchDesk, MatchSavedSearches, SavedSearchResolver,
];
