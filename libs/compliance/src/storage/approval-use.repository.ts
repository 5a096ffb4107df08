import { Injectable } from '@nestjs/common';
import { newId, type Tx } from '#shared';
import type { Volume } from '../domain/transfer.js';
import type { MovementKind, MovementOf } from '../domain/volume/movement.js';

interface Row {
  exporter_id: string; approval_id: string; persons: string; sensitive_persons: string;
}

/** The ledger of what is used up of approvals that hold for so many persons. */
@Injectable()
export class ApprovalUseRepository {
  /** What orders have taken of each approval, but for one order: reserved and not released. Approvals of which nothing is used are missing. The caller holds the approvals. */
  async usedOf(tx: Tx, approvalIds: readonly string[], exceptOrderDecisionId: string | null): Promise<Map<string, Volume>> {
    const rows = (await tx.query(
      `select approval_id, sum(case kind when 'RELEASE' then -persons else persons end)::text as persons, sum(case kind when 'RELEASE' then -sensitive_persons else sensitive_persons end)::text as sensitive_persons
       from compliance.approval_movement where approval_id = any($1::uuid[]) and kind <> 'CONFIRM' and ($2::uuid is null or order_decision_id <> $2) group by approval_id`, [approvalIds, exceptOrderDecisionId],
    )) as Row[];
    return new Map(rows.map((r) => [r.approval_id, toVolume(r)]));
  }

  /** What one order has taken of each approval. */
  async ofOrder(tx: Tx, orderDecisionId: string): Promise<Map<string, Volume>> {
    const rows = (await tx.query(
      `select approval_id, sum(case kind when 'RELEASE' then -persons else persons end)::text as persons, sum(case kind when 'RELEASE' then -sensitive_persons else sensitive_persons end)::text as sensitive_persons
       from compliance.approval_movement where order_decision_id = $1 and kind <> 'CONFIRM' group by approval_id`, [orderDecisionId],
    )) as Row[];
    return new Map(rows.map((r) => [r.approval_id, toVolume(r)]));
  }

  /** What one order has reserved and neither confirmed nor released. */
  async unconfirmed(tx: Tx, orderDecisionId: string): Promise<{ readonly exporterId: string; readonly approvalId: string; readonly open: Volume }[]> {
    const rows = (await tx.query(
      `select exporter_id, approval_id, sum(case kind when 'RESERVE' then persons else -persons end)::text as persons, sum(case kind when 'RESERVE' then sensitive_persons else -sensitive_persons end)::text as sensitive_persons
       from compliance.approval_movement where order_decision_id = $1 group by exporter_id, approval_id`, [orderDecisionId],
    )) as Row[];
    return rows.map((r) => ({ exporterId: r.exporter_id, approvalId: r.approval_id, open: toVolume(r) }));
  }

  async move(tx: Tx, exporterId: string, approvalId: string, kind: MovementKind, of: MovementOf, volume: Volume): Promise<void> {
    await tx.query(
      `insert into compliance.approval_movement (id, exporter_id, approval_id, kind, decision_id, order_decision_id, persons, sensitive_persons, reason, moved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [newId(), exporterId, approvalId, kind, of.decisionId, of.orderDecisionId, volume.persons, volume.sensitivePersons, of.reason ?? null, of.at],
    );
  }
}

const toVolume = (r: Row): Volume => ({ persons: BigInt(r.persons), sensitivePersons: BigInt(r.sensitive_persons) });
