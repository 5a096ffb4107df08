import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { In, LessThanOrEqual } from 'typeorm';
import type { PendingOrderState } from '../domain/licence-state.js';
import { PendingOrderRow } from './contracts.entities.js';

export type PendingOrder = Readonly<PendingOrderRow>;
/** An order that waits for its clearance, as its vendor sees it. */
export interface WaitingOrder extends Pick<PendingOrder, 'id' | 'buyerId' | 'offerId' | 'purpose' | 'destination' | 'plan' | 'needs' | 'expiresAt' | 'createdAt'> {
  readonly decisionId: string;
  readonly productId: string;
}

const PAGE = {
  name: 'contracts.pending-orders',
  text: `select id, buyer_id as "buyerId", vendor_id as "vendorId", offer_id as "offerId", purpose, destination, plan, requested_by as "requestedBy",
           state, expires_at as "expiresAt", closed_by as "closedBy", closed_at as "closedAt", agreement_id as "agreementId", created_at as "createdAt",
           decision_id as "decisionId", needs, blocked_by as "blockedBy", signed_by as "signedBy", signed_with_key as "signedWithKey", next_try_at as "nextTryAt", renews_agreement_id as "renewsAgreementId"
         from contracts.pending_order where buyer_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or id < $3) order by id desc limit $4`,
};
const OF_VENDOR = {
  name: 'contracts.waiting-orders',
  text: `select p.id, p.buyer_id as "buyerId", p.offer_id as "offerId", o.product_id as "productId", p.purpose, p.destination, p.plan,
           p.decision_id as "decisionId", p.needs, p.expires_at as "expiresAt", p.created_at as "createdAt"
         from contracts.pending_order p join contracts.offer o on o.id = p.offer_id where p.vendor_id = $1 and p.state = 'AWAITING_CLEARANCE' and ($2::uuid is null or p.id < $2) and ($4::uuid is null or o.product_id = $4) order by p.id desc limit $3`,
};
const BY_ID = { name: 'contracts.pending-order', text: 'select buyer_id as "buyerId", requested_by as "requestedBy", state, signed_by as "signedBy" from contracts.pending_order where id = $1' };
const DUE = { name: 'contracts.waiting-orders-due', text: `select id from contracts.pending_order where state = 'AWAITING_CLEARANCE' and next_try_at <= $1 and expires_at > $1 order by next_try_at limit $2` };

@Injectable()
export class PendingOrderRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, order: PendingOrder): Promise<void> {
    await tx.insert(PendingOrderRow, order as PendingOrderRow);
  }
  /** Reads an order and holds it: of two who close it at once, the second finds it closed. */
  lock(tx: Tx, id: string): Promise<PendingOrder | null> {
    return tx.findOne(PendingOrderRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  read(tx: Tx, id: string): Promise<PendingOrder | null> {
    return tx.findOne(PendingOrderRow, { where: { id } });
  }
  /** Who has signed, and for whom; what may change is read again under the lock. */
  async find(id: string): Promise<Pick<PendingOrder, 'buyerId' | 'requestedBy' | 'state' | 'signedBy'> | null> {
    return (await this.database.query<Pick<PendingOrder, 'buyerId' | 'requestedBy' | 'state' | 'signedBy'>>(BY_ID, [id]))[0] ?? null;
  }
  async close(tx: Tx, { id, state, closedBy, closedAt, agreementId, signedBy, signedWithKey, blockedBy }: PendingOrder): Promise<void> {
    await tx.update(PendingOrderRow, { id }, { state, closedBy, closedAt, agreementId, signedBy: [...signedBy], signedWithKey, blockedBy });
  }
  /** Orders whose time is over, locked, those that another process holds left out. */
  lapsed(tx: Tx, now: Date, limit: number): Promise<PendingOrder[]> {
    return tx.find(PendingOrderRow, { where: { state: In(['AWAITING_SIGNATURE', 'AWAITING_CLEARANCE']), expiresAt: LessThanOrEqual(now) }, take: limit, lock: { mode: 'for_no_key_update', onLocked: 'skip_locked' } });
  }

  /** Whether an order of this buyer on the same terms waits for its clearance. Who asks the same at once waits for the answer's transaction. */
  async waitsAlready(tx: Tx, { buyerId, offerId, plan, purpose, destination }: PendingOrder): Promise<boolean> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.orders, `${buyerId} ${offerId}`]);
    const rows = (await tx.query(`select 1 from contracts.pending_order where buyer_id = $1 and offer_id = $2 and purpose = $3 and destination = $4 and plan ->> 'id' = $5 and state = 'AWAITING_CLEARANCE'`, [buyerId, offerId, purpose, destination, plan.id])) as unknown[];
    return rows.length > 0;
  }
  async keepWaiting(tx: Tx, { id, state, expiresAt, decisionId, needs, blockedBy, signedBy, signedWithKey, nextTryAt }: PendingOrder): Promise<void> {
    await tx.query(
      `update contracts.pending_order set state = $2, expires_at = $3, decision_id = $4, needs = $5, blocked_by = $6, signed_by = $7, signed_with_key = $8, next_try_at = $9 where id = $1`,
      [id, state, expiresAt, decisionId, JSON.stringify(needs), blockedBy, signedBy, signedWithKey, nextTryAt],
    );
  }
  /** Waiting orders of which this organisation is a side, or all, are decided again from `now` on. Those that are due too: one that is being decided at this moment may not have seen the change yet, and this waits for it. */
  async makeDue(tx: Tx, organisationId: string | null, now: Date): Promise<void> {
    await tx.query(`update contracts.pending_order set next_try_at = $2 where state = 'AWAITING_CLEARANCE' and ($1::uuid is null or vendor_id = $1 or buyer_id = $1)`, [organisationId, now]);
  }
  async due(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(DUE, [now, limit])).map((r) => r.id);
  }

  async page(buyerId: string, state: PendingOrderState | null, request: PageRequest): Promise<Page<PendingOrder>> {
    return toPage(await this.database.query<PendingOrder & Record<string, unknown>>(PAGE, [buyerId, state, request.after?.[0] ?? null, request.first + 1]), request, (o) => [o.id]);
  }
  async pageOfVendor(vendorId: string, productId: string | null, request: PageRequest): Promise<Page<WaitingOrder>> {
    return toPage(await this.database.query<WaitingOrder & Record<string, unknown>>(OF_VENDOR, [vendorId, request.after?.[0] ?? null, request.first + 1, productId]), request, (o) => [o.id]);
  }
}
