import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import type { LicenceState } from '../domain/licence-state.js';

/** A licence that delivers, or that rests for whatever cause. */
export interface LiveLicence {
  readonly id: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly state: LicenceState;
  /** A screening holds it. */
  readonly heldByLaw: boolean;
  /** Of its agreement. */
  readonly decisionId: string;
  readonly destination: string;
  readonly purpose: string;
  /** The agreement, under which the end use is declared. */
  readonly orderId: string;
}
export type HeldLicence = Pick<LiveLicence, 'id' | 'state' | 'heldByLaw'>;

const LAW_HOLDS = `exists (select 1 from contracts.licence_hold h where h.licence_id = l.id and h.cause = 'COMPLIANCE' and h.lifted_at is null)`;
const SCREENED = `l.state in ('ACTIVE', 'SUSPENDED') and ($1::uuid is null or l.vendor_id = $1 or l.buyer_id = $1) and l.valid_until > $2`;
const PAGE = `select l.id, l.product_id as "productId", l.vendor_id as "vendorId", l.buyer_id as "buyerId", l.state, ${LAW_HOLDS} as "heldByLaw", a.decision_id as "decisionId", a.destination, a.purpose, a.id as "orderId"
  from (select * from contracts.licence l where ${SCREENED} and ($3::uuid is null or l.id > $3) order by l.id limit $4) l join contracts.agreement a on a.id = l.agreement_id order by l.id`;
const COUNT = `select count(*)::int as n from contracts.licence l where ${SCREENED}`;

@Injectable()
export class ScreenedLicenceRepository {
  async count(tx: Tx, organisationId: string | null, now: Date): Promise<number> {
    const [row] = (await tx.query(COUNT, [organisationId, now])) as [{ n: number }];
    return row.n;
  }

  async page(tx: Tx, organisationId: string | null, now: Date, after: string | null, limit: number): Promise<LiveLicence[]> {
    return (await tx.query(PAGE, [organisationId, now, after, limit])) as LiveLicence[];
  }

  /** As they stand now, held until the transaction ends, in one sequence for everybody. */
  async hold(tx: Tx, ids: readonly string[]): Promise<Map<string, HeldLicence>> {
    if (ids.length === 0) return new Map();
    const rows = (await tx.query(`select l.id, l.state, ${LAW_HOLDS} as "heldByLaw" from contracts.licence l where l.id = any($1::uuid[]) order by l.id for no key update`, [ids])) as HeldLicence[];
    return new Map(rows.map((r) => [r.id, r]));
  }
}
