import { Injectable } from '@nestjs/common';
import { Database, newId, type Tx } from '#shared';
import type { HoldCause } from '../domain/licence-state.js';
import type { Rest } from '../domain/pricing/rests.js';

/** Why a licence rests. */
export interface LicenceHold {
  readonly id: string;
  readonly licenceId: string;
  readonly cause: HoldCause;
  readonly reason: string;
  readonly decisionId: string | null;
  readonly placedAt: Date;
  readonly liftedAt: Date | null;
  readonly liftedReason: string | null;
}
export type NewHold = Pick<LicenceHold, 'cause' | 'reason' | 'decisionId'>;
interface Held {
  readonly id: string;
  readonly vendorId: string;
  readonly buyerId: string;
}

const HOLD = `id, licence_id as "licenceId", cause, reason, decision_id as "decisionId", placed_at as "placedAt", lifted_at as "liftedAt", lifted_reason as "liftedReason"`;
const OF_LICENCES = {
  name: 'contracts.holds-of-licences',
  text: `select h.* from unnest($1::uuid[]) as l (id) cross join lateral (select ${HOLD} from contracts.licence_hold where licence_id = l.id order by id desc limit $2) h`,
};

@Injectable()
export class HoldRepository {
  constructor(private readonly database: Database) {}

  /** False where the licence is held for this cause already. */
  async place(tx: Tx, licence: Held, { cause, reason, decisionId }: NewHold, placedAt: Date): Promise<boolean> {
    const rows = (await tx.query(
      `insert into contracts.licence_hold (id, licence_id, vendor_id, buyer_id, cause, reason, decision_id, placed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (licence_id, cause) where lifted_at is null do nothing returning id`, [newId(), licence.id, licence.vendorId, licence.buyerId, cause, reason, decisionId, placedAt],
    )) as unknown[];
    return rows.length === 1;
  }

  /** The causes that were lifted: one, or where `cause` is null every one. `unfounded`: of a breach that staff finds to be none. */
  async lift(tx: Tx, licenceId: string, cause: HoldCause | null, reason: string, liftedAt: Date, unfounded = false): Promise<HoldCause[]> {
    const rows = (await tx.query(
      `with lifted as (update contracts.licence_hold set lifted_at = $4, lifted_reason = $3, unfounded = $5 where licence_id = $1 and lifted_at is null and ($2::text is null or cause = $2) returning cause) select cause from lifted`,
      [licenceId, cause, reason, liftedAt, unfounded])) as { cause: HoldCause }[];
    return rows.map((r) => r.cause);
  }

  /** When and by whose doing a licence rested, oldest first. */
  async rests(tx: Tx, licenceId: string): Promise<Rest[]> {
    return (await tx.query(`select placed_at as "from", lifted_at as "until", cause = 'PAYMENT' or (cause = 'BREACH' and not unfounded) as "byBuyer" from contracts.licence_hold where licence_id = $1 order by id`, [licenceId])) as Rest[];
  }

  /** Why it still rests, the oldest cause first; null where nothing holds it. */
  async openReason(tx: Tx, licenceId: string): Promise<string | null> {
    const [row] = (await tx.query('select reason from contracts.licence_hold where licence_id = $1 and lifted_at is null order by id limit 1', [licenceId])) as { reason: string }[];
    return row?.reason ?? null;
  }

  /** The newest holds of each licence, open and lifted. */
  async ofLicences(licenceIds: readonly string[], limit: number): Promise<Map<string, LicenceHold[]>> {
    const rows = (await this.database.query(OF_LICENCES, [licenceIds, limit])) as unknown as LicenceHold[];
    return Map.groupBy(rows, (h) => h.licenceId);
  }
}
