import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf } from '#identity';
import { Commands, notFound, type Result, type Tx } from '#shared';
import type { SavedSearch } from '../../domain/saved-searches/saved-search.js';
import { SavedSearchRepository } from '../../storage/saved-searches/saved-search.repository.js';

export interface SavedSearchInput {
  readonly savedSearchId: string;
}

/** An organisation gives a search of its own another name, says that it looked at what it found, or lets it go. */
@Injectable()
export class ChangeSavedSearch {
  constructor(private readonly commands: Commands, private readonly saved: SavedSearchRepository, private readonly audit: Audit) {}

  rename(actor: Actor, input: SavedSearchInput & { readonly name: string }): Promise<Result<SavedSearch>> {
    return this.change(actor, 'rename', input, async (tx, search) => {
      await this.saved.rename(tx, search.id, input.name);
      return { ...search, name: input.name };
    });
  }

  markRead(actor: Actor, input: SavedSearchInput): Promise<Result<SavedSearch>> {
    return this.change(actor, 'mark-read', input, async (tx, search) => {
      await this.saved.markRead(tx, search.id);
      return { ...search, newMatches: 0 };
    });
  }

  /** With everything that it found; the same search saved again tells of what comes then. */
  delete(actor: Actor, input: SavedSearchInput): Promise<Result<SavedSearch>> {
    return this.change(actor, 'delete', input, async (tx, search) => {
      await this.saved.delete(tx, search.id);
      return search;
    });
  }

  private async change(actor: Actor, verb: string, input: SavedSearchInput, work: (tx: Tx, search: SavedSearch) => Promise<SavedSearch>): Promise<Result<SavedSearch>> {
    const refusal = authorise(actor, 'catalog:watch');
    if (refusal) return refusal;
    return this.commands.run<Result<SavedSearch>>(actor, `catalog.${verb}-saved-search`, input, async (tx) => {
      const search = await this.saved.lock(tx, input.savedSearchId);
      if (search?.organisationId !== organisationOf(actor)) return notFound('saved search');
      const changed = await work(tx, search);
      await this.audit.append(tx, actor, { act: `saved-search.${verb}`, objectType: 'saved-search', objectId: search.id, details: { name: changed.name } });
      return changed;
    });
  }
}
