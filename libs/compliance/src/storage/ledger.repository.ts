import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '#shared';
import type { MovementKind } from '../domain/volume/movement.js';

/** How the reservations of a decision's order stand. */
export interface Standing {
  readonly orderDecisionId: string;
  readonly exporterId: string;
  /** The year that the decision counts in: of a delivery that in which it was decided; null where none counts. */
  readonly year: number | null;
  /** Something is reserved and neither confirmed nor released. */
  readonly open: boolean;
  /** The movement that came last; null where there is none. */
  readonly last: MovementKind | null;
}

const STANDING = {
  name: 'compliance.order-standing',
  text: `with o as (select coalesce(prior_decision_id, id) as order_id, exporter_id, decided_at from compliance.decision where id = $1),
     y as (select max(v.year) as year from o join compliance.volume_movement v on v.order_decision_id = o.order_id and v.kind = 'RESERVE' and v.moved_at <= o.decided_at),
     m as (
       select v.id, v.kind, v.moved_at, v.persons + v.sensitive_persons as amount from o join compliance.volume_movement v on v.order_decision_id = o.order_id where v.year = (select year from y)
       union all select c.id, c.kind, c.moved_at, c.count from o join compliance.category_movement c on c.order_decision_id = o.order_id
       union all select a.id, a.kind, a.moved_at, a.persons + a.sensitive_persons from o join compliance.approval_movement a on a.order_decision_id = o.order_id)
   select o.order_id as "orderDecisionId", o.exporter_id as "exporterId", (select year from y) as year,
     coalesce((select sum(case kind when 'RESERVE' then amount else -amount end) from m), 0) > 0 as open, (select kind from m order by moved_at desc, id desc limit 1) as last from o`,
};

/** What concerns the ledgers of years, categories and approvals together. */
@Injectable()
export class LedgerRepository {
  /** Null: there is no such decision. One statement, since every download asks. */
  async standing(tx: Tx, decisionId: string): Promise<Standing | null> {
    const [row] = await prepared<Standing & Record<string, unknown>>(tx, STANDING, [decisionId]);
    return row ?? null;
  }

  /** Null: it is not the decision of an order. */
  async exporterOfOrder(tx: Tx, orderDecisionId: string): Promise<string | null> {
    const [row] = (await tx.query(`select exporter_id as "exporterId" from compliance.decision where id = $1 and stage = 'ORDER'`, [orderDecisionId])) as { exporterId: string }[];
    return row?.exporterId ?? null;
  }

  /** Confirmations and releases of one order come one after the other. */
  async holdOrder(tx: Tx, orderDecisionId: string): Promise<void> {
    await tx.query('select 1 from compliance.decision where id = $1 for no key update', [orderDecisionId]);
  }
}
