import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, type Tx } from '#shared';
import { isEmpty } from '../../domain/transfer.js';
import type { MovementKind, MovementOf } from '../../domain/volume/movement.js';
import { ApprovalUseRepository } from '../../storage/approval-use.repository.js';
import { CategoryRepository } from '../../storage/category.repository.js';
import { LedgerRepository } from '../../storage/ledger.repository.js';
import { VolumeRepository } from '../../storage/volume.repository.js';

/** The three ledgers, grouped so that the use case keeps its constructor short. */
@Injectable()
export class VolumeLedgers {
  constructor(readonly years: VolumeRepository, readonly categories: CategoryRepository, readonly approvals: ApprovalUseRepository) {}
}

/** CONFIRMED: what was reserved counts as exported, now or before. NOTHING: the transfer counts nowhere. RELEASED: its order has given everything back, so nothing may leave. */
export type Confirmation = 'CONFIRMED' | 'NOTHING' | 'RELEASED';

/** What becomes of reservations: confirmed when the data leaves, released when the trade ends before. */
@Injectable()
export class SettleVolume {
  constructor(private readonly ledger: LedgerRepository, private readonly ledgers: VolumeLedgers, private readonly audit: Audit, private readonly clock: Clock) {}

  async confirm(tx: Tx, caller: Caller, decisionId: string): Promise<Confirmation> {
    let standing = await this.ledger.standing(tx, decisionId);
    if (standing?.open) {
      const { orderDecisionId, exporterId, year } = standing;
      await this.ledger.holdOrder(tx, orderDecisionId);
      if (await this.moveOpen(tx, 'CONFIRM', { decisionId, orderDecisionId, at: this.clock.now() }, year)) {
        await this.audit.append(tx, caller, { act: 'compliance.volume-confirm', objectType: 'decision', objectId: orderDecisionId, tenantId: exporterId, details: { decisionId, year } });
        return 'CONFIRMED';
      }
      // Another was faster: how it left it.
      standing = await this.ledger.standing(tx, decisionId);
    }
    if (!standing || standing.last === null) return 'NOTHING';
    return standing.last === 'RELEASE' ? 'RELEASED' : 'CONFIRMED';
  }

  async release(tx: Tx, caller: Caller, orderDecisionId: string, reason: string): Promise<void> {
    const exporterId = await this.ledger.exporterOfOrder(tx, orderDecisionId);
    if (exporterId === null) return;
    await this.ledger.holdOrder(tx, orderDecisionId);
    const moved = await this.moveOpen(tx, 'RELEASE', { decisionId: orderDecisionId, orderDecisionId, at: this.clock.now(), reason }, null);
    if (moved) await this.audit.append(tx, caller, { act: 'compliance.volume-release', objectType: 'decision', objectId: orderDecisionId, tenantId: exporterId, reason });
  }

  /** The caller holds the order, so that of a confirmation and a release the second finds nothing. `year` null: of every year. */
  private async moveOpen(tx: Tx, kind: MovementKind, of: MovementOf, year: number | null): Promise<boolean> {
    const { years, categories, approvals } = this.ledgers;
    let moved = false;
    for (const { open, ...key } of await years.unconfirmed(tx, of.orderDecisionId)) {
      if (isEmpty(open) || (year !== null && key.year !== year)) continue;
      await years.lock(tx, key);
      await years.move(tx, key, kind, of, open);
      moved = true;
    }
    const counts = await categories.unconfirmed(tx, of.orderDecisionId);
    if (counts[0]) await categories.lock(tx, counts[0]);
    for (const { category, count, ...key } of counts) await categories.move(tx, key, kind, of, category, count);
    const uses = (await approvals.unconfirmed(tx, of.orderDecisionId)).filter(({ open }) => !isEmpty(open));
    for (const { exporterId, approvalId, open } of uses) await approvals.move(tx, exporterId, approvalId, kind, of, open);
    return moved || counts.length > 0 || uses.length > 0;
  }
}
