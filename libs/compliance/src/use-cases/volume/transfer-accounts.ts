import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { beyond, categoriesOf, isEmpty, NO_VOLUME, type Prior, type TransferFacts, type Volume, volumeOf } from '../../domain/transfer.js';
import { type MovementOf, stillOpen } from '../../domain/volume/movement.js';
import { ApprovalUseRepository } from '../../storage/approval-use.repository.js';
import { type CategoryKey, CategoryRepository } from '../../storage/category.repository.js';
import { totalOf, VolumeRepository, type YearKey } from '../../storage/volume.repository.js';

export interface AccountsOf {
  readonly facts: TransferFacts;
  readonly recipientId: string;
  /** The calendar year by the law that counts; null where none does. */
  readonly year: number | null;
  readonly orderDecisionId: string;
  readonly now: Date;
  /** Whether the accounts are held until the transaction ends, because something may be taken from them. */
  readonly hold: boolean;
}

/** The accounts that a transfer counts in, those that it could take from held until the transaction ends. */
export interface OpenAccounts {
  readonly exporterId: string;
  /** What other orders have taken. */
  readonly prior: Prior;
  /** What of this transfer its own order has not taken in this year yet: all of it for an order, nothing for a delivery in the same year, all of it again for the first delivery in a new year. */
  readonly year: { readonly key: YearKey; readonly open: Volume } | null;
  readonly categories: { readonly key: CategoryKey; readonly open: ReadonlyMap<string, bigint> } | null;
  readonly volume: Volume;
}

/** What a transfer is held against, and what it takes once it is permitted. */
@Injectable()
export class TransferAccounts {
  constructor(private readonly volumes: VolumeRepository, private readonly counted: CategoryRepository, private readonly approvals: ApprovalUseRepository) {}

  /** The year is held before the pair, always: two orders that want both never wait for each other. */
  async open(tx: Tx, of: AccountsOf): Promise<OpenAccounts> {
    const { facts, recipientId, orderDecisionId, now, hold } = of;
    const { exporterId } = facts;
    const volume = volumeOf(facts);
    const year = of.year === null ? null : await this.openYear(tx, { exporterId, year: of.year }, volume, orderDecisionId, hold);
    const counts = countedIn(facts);
    const key = { exporterId, recipientId };
    if (counts.size === 0) return { exporterId, prior: year?.others ?? NO_VOLUME, year, categories: null, volume };
    if (hold) await this.counted.lock(tx, key);
    const others = await this.counted.ofOthers(tx, key, orderDecisionId, now);
    const open = stillOpen(counts, await this.counted.ofOrder(tx, orderDecisionId));
    return { exporterId, prior: withCategories(year?.others ?? NO_VOLUME, counts, others), year, categories: { key, open }, volume };
  }

  /** The same for whoever only asks: nothing is held, and all orders are others'. */
  async look(facts: TransferFacts, recipientId: string | null, year: number | null, now: Date): Promise<Prior> {
    const { exporterId } = facts;
    const prior = year === null ? NO_VOLUME : totalOf(await this.volumes.ofYear({ exporterId, year }));
    const counts = countedIn(facts);
    return recipientId === null || counts.size === 0 ? prior : withCategories(prior, counts, await this.counted.ofPair({ exporterId, recipientId }, now));
  }

  /** Takes what is still open. `counts`: whether the law counts the transfer in the year; `approvalIds`: those that it stands on. */
  async reserve(tx: Tx, { exporterId, year, categories, volume }: OpenAccounts, of: MovementOf, counts: boolean, approvalIds: readonly string[]): Promise<void> {
    if (year && counts && !isEmpty(year.open)) await this.volumes.move(tx, year.key, 'RESERVE', of, year.open);
    for (const [category, count] of categories?.open ?? []) await this.counted.move(tx, categories!.key, 'RESERVE', of, category, count);
    if (approvalIds.length === 0 || isEmpty(volume)) return;
    const taken = await this.approvals.ofOrder(tx, of.orderDecisionId);
    for (const id of new Set(approvalIds)) {
      const open = beyond(volume, taken.get(id) ?? NO_VOLUME);
      if (!isEmpty(open)) await this.approvals.move(tx, exporterId, id, 'RESERVE', of, open);
    }
  }

  private async openYear(tx: Tx, key: YearKey, volume: Volume, orderDecisionId: string, hold: boolean): Promise<{ key: YearKey; others: Volume; open: Volume }> {
    // Without personal data nothing can be reserved, so nothing has to queue.
    const total = totalOf(isEmpty(volume) || !hold ? await this.volumes.read(tx, key) : await this.volumes.lock(tx, key));
    const own = await this.volumes.ofOrder(tx, key, orderDecisionId);
    return { key, others: beyond(total, own), open: beyond(volume, own) };
  }
}

/** Where not every dataset says it, the law of the United States is not answered, and nothing is counted. */
const countedIn = (facts: TransferFacts): Map<string, bigint> => new Map([...(categoriesOf(facts) ?? [])].filter(([, count]) => count > 0n));

/** A category that the transfer does not carry is no part of it, whatever went before. */
function withCategories(prior: Volume, counts: ReadonlyMap<string, bigint>, others: ReadonlyMap<string, bigint>): Prior {
  const categories = Object.fromEntries([...others].filter(([category]) => counts.has(category)));
  return Object.keys(categories).length ? { ...prior, categories } : prior;
}
