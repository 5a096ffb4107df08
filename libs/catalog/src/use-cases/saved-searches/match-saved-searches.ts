import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '#identity';
import { Clock, LIMITS, Sweeps, UnitOfWork } from '#shared';
import { noticeText } from '../../domain/saved-searches/saved-search.js';
import { daysOf, FRESHNESS } from '../../domain/search/search-query.js';
import { MatchRepository } from '../../storage/saved-searches/match.repository.js';

/** Searches that one transaction notes, products that one notice tells of, and transactions of one turn. */
const SEARCHES = 500;
const PRODUCTS = 100;
const TURNS = 1_000;

/**
 * Holds products that became visible, or are found otherwise than before, against the searches that are kept, and tells what they found.
 * The database queues them by the triggers that keep the search, in the transaction of the change; each step is a transaction of its own,
 * so a process that dies has lost nothing, and two side by side take different ones.
 */
@Injectable()
export class MatchSavedSearches implements OnModuleInit {
  constructor(private readonly uow: UnitOfWork, private readonly repository: MatchRepository, private readonly notices: Notices, private readonly clock: Clock, private readonly sweeps: Sweeps) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'catalog.match-saved-searches', everyMs: 2_000, run: () => this.execute() });
  }

  async execute(): Promise<void> {
    await this.repeat(() => this.matchOne());
    await this.repeat(() => this.tellOne());
  }

  private async repeat(step: () => Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < TURNS && (await step()); turn++);
  }

  private matchOne(): Promise<boolean> {
    return this.uow.run(async (tx) => {
      const productId = await this.repository.next(tx);
      if (productId === null) return false;
      const now = this.clock.now();
      await this.repository.match(tx, productId, FRESHNESS.map((freshness) => ({ freshness, ...daysOf(freshness, now) })), now, SEARCHES);
      return true;
    });
  }

  private tellOne(): Promise<boolean> {
    return this.uow.run(async (tx) => {
      const now = this.clock.now();
      const savedSearchId = await this.repository.due(tx, new Date(now.getTime() - LIMITS.savedSearchQuietMs));
      if (savedSearchId === null) return false;
      const { organisationId, name, products } = await this.repository.take(tx, savedSearchId, now, PRODUCTS);
      await this.notices.tell(tx, [organisationId], {
        objectType: 'SAVED_SEARCH', objectId: savedSearchId, kind: 'SEARCH_MATCHED', text: noticeText(name, products.map((p) => p.title)), details: { name, productIds: products.map((p) => p.id) },
      });
      return true;
    });
  }
}
