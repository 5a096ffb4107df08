import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf, permits } from '#identity';
import type { Page, PageRequest } from '#shared';
import type { SavedSearch } from '../../domain/saved-searches/saved-search.js';
import type { ProductSummary } from '../../storage/product.repository.js';
import { SavedSearchRepository } from '../../storage/saved-searches/saved-search.repository.js';
import { ChangeSavedSearch } from './change-saved-search.js';
import { SaveSearch } from './save-search.js';

/** The searches of an organisation, and what they found. */
@Injectable()
export class SavedSearchDesk {
  constructor(readonly saving: SaveSearch, readonly changing: ChangeSavedSearch, private readonly saved: SavedSearchRepository) {}

  async own(actor: Actor, page: PageRequest): Promise<Page<SavedSearch> | null> {
    return permits(actor, 'catalog:watch') ? this.saved.page(organisationOf(actor), page) : null;
  }

  async matches(actor: Actor, id: string, page: PageRequest): Promise<Page<ProductSummary> | null> {
    const search = permits(actor, 'catalog:watch') ? await this.saved.find(id) : null;
    return search && search.organisationId === actor.tenantId ? this.saved.matches(id, page) : null;
  }
}
