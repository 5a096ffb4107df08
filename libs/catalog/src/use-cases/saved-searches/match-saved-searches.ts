import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Notices } from '#identity';
import { Clock, LIMITS, Sweeps, UnitOfWork } from '#shared';
import { noticeText } from '../../domain/saved-searches/saved-search.js';
import { daysOf, FRESHNESS } from '../../domain/search/search-query.js';
import { MatchRepository } from '../../storage/saved-searches/match.repository.js';

/** Products that one transaction looks at, and searches that it notes of each; searches that one tells of, and products of one notice; transactions of one turn. */
const BATCH = 50;
const SEARCHES = 500;
const NOTICES = 500;
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
    await this.repeat(() => this.matchSome());
    await this.repeat(() => this.tellSome());
  }

  private async repeat(step: () => Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < TURNS && (await step()); turn++);
  }

  private matchSome(): Promise<boolean> {
    return this.uow.run(async (tx) => {
      const products = await this.repository.next(tx, BATCH);
      if (products.length === 0) return false;
      const now = this.clock.now();
      await this.repository.match(tx, products, FRESHNESS.map((freshness) => ({ freshness, ...daysOf(freshness, now) })), now, SEARCHES);
      return true;
    });
  }

  private tellSome(): Promise<boolean> {
    return this.uow.run(async (tx) => {
      const now = this.clock.now();
      const due = await this.repository.due(tx, new Date(now.getTime() - LIMITS.savedSearchQuietMs), NOTICES);
      if (due.length === 0) return false;
      const findings = await this.repository.take(tx, due, now, PRODUCTS);
      await this.notices.tellEach(tx, findings.map(({ id, organisationId, name, products }) => ({
        organisationId, objectType: 'SAVED_SEARCH', objectId: id, kind: 'SEARCH_MATCHED', text: noticeText(name, products.map((p) => p.title)), details: { name, productIds: products.map((p) => p.id) },
      })));
      return true;
    });
  }
}
