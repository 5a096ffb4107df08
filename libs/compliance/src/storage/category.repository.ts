import { Injectable } from '@nestjs/common';
import { Database, newId, type Tx } from '#shared';
import type { MovementKind, MovementOf } from '../domain/volume/movement.js';

interface Row {
  category: string; count: string;
}

/** What one exporter hands to one recipient. */
export interface CategoryKey {
  readonly exporterId: string;
  readonly recipientId: string;
}

/**
 * What orders of the last twelve months have taken, but for one order. An order counts for twelve months after it was last permitted: when it was
 * placed, and anew with each delivery.
 */
const WITHIN_WINDOW = {
  name: 'compliance.categories-within-window',
  text: `select m.category, sum(case m.kind when 'RELEASE' then -m.count else m.count end)::text as count from compliance.category_movement m
         where m.exporter_id = $1 and m.recipient_id = $2 and m.kind <> 'CONFIRM' and ($3::uuid is null or m.order_decision_id <> $3)
           and (exists (select 1 from compliance.decision d where d.id = m.order_decision_id and d.decided_at > $4::timestamptz - interval '12 months')
             or exists (select 1 from compliance.decision d where d.prior_decision_id = m.order_decision_id and d.permitted and d.decided_at > $4::timestamptz - interval '12 months'))
         group by m.category having sum(case m.kind when 'RELEASE' then -m.count else m.count end) > 0`,
};

/** The ledger of US persons and devices by category, exporter and recipient (28 CFR 202.205). */
@Injectable()
export class CategoryRepository {
  constructor(private readonly database: Database) {}

  /** Holds the pair until the transaction ends, so that its orders come one after the other. */
  async lock(tx: Tx, { exporterId, recipientId }: CategoryKey): Promise<void> {
    await tx.query('insert into compliance.category_account (exporter_id, recipient_id) values ($1, $2) on conflict do nothing', [exporterId, recipientId]);
    await tx.query('select 1 from compliance.category_account where exporter_id = $1 and recipient_id = $2 for no key update', [exporterId, recipientId]);
  }

  async ofOthers(tx: Tx, { exporterId, recipientId }: CategoryKey, orderDecisionId: string, now: Date): Promise<Map<string, bigint>> {
    return toMap((await tx.query(WITHIN_WINDOW.text, [exporterId, recipientId, orderDecisionId, now])) as Row[]);
  }
  /** The same for whoever only asks; of all orders. */
  async ofPair({ exporterId, recipientId }: CategoryKey, now: Date): Promise<Map<string, bigint>> {
    return toMap(await this.database.query<Row & Record<string, unknown>>(WITHIN_WINDOW, [exporterId, recipientId, null, now]));
  }

  /** What one order has taken: reserved and not released, whenever that was. */
  async ofOrder(tx: Tx, orderDecisionId: string): Promise<Map<string, bigint>> {
    return toMap((await tx.query(
      `select category, sum(case kind when 'RELEASE' then -count else count end)::text as count from compliance.category_movement where order_decision_id = $1 and kind <> 'CONFIRM' group by category`, [orderDecisionId],
    )) as Row[]);
  }

  /** What one order has reserved and neither confirmed nor released. */
  async unconfirmed(tx: Tx, orderDecisionId: string): Promise<(CategoryKey & { readonly category: string; readonly count: bigint })[]> {
    const rows = (await tx.query(
      `select exporter_id, recipient_id, category, sum(case kind when 'RESERVE' then count else -count end)::text as count from compliance.category_movement
       where order_decision_id = $1 group by exporter_id, recipient_id, category having sum(case kind when 'RESERVE' then count else -count end) > 0`, [orderDecisionId],
    )) as (Row & { exporter_id: string; recipient_id: string })[];
    return rows.map((r) => ({ exporterId: r.exporter_id, recipientId: r.recipient_id, category: r.category, count: BigInt(r.count) }));
  }

  async move(tx: Tx, { exporterId, recipientId }: CategoryKey, kind: MovementKind, of: MovementOf, category: string, count: bigint): Promise<void> {
    await tx.query(
      `insert into compliance.category_movement (id, exporter_id, recipient_id, category, kind, decision_id, order_decision_id, count, reason, moved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [newId(), exporterId, recipientId, category, kind, of.decisionId, of.orderDecisionId, count, of.reason ?? null, of.at],
    );
  }
}

const toMap = (rows: readonly Row[]): Map<string, bigint> => new Map(rows.map((r) => [r.category, BigInt(r.count)]));
