import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { LessThanOrEqual } from 'typeorm';
import type { PendingOrderState } from '../domain/licence-state.js';
import { PendingOrderRow } from './contracts.entities.js';

export type PendingOrder = Readonly<PendingOrderRow>;

const PAGE = {
  name: 'contracts.pending-orders',
  text: `select id, buyer_id as "buyerId", offer_id as "offerId", purpose, destination, currency, one_off_price_minor as "oneOffPriceMinor", per_download_price as "perDownloadPrice", requested_by as "requestedBy",
           state, expires_at as "expiresAt", closed_by as "closedBy", closed_at as "closedAt", agreement_id as "agreementId", created_at as "createdAt"
         from contracts.pending_order where buyer_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or id < $3) order by id desc limit $4`,
};
const BY_ID = { name: 'contracts.pending-order', text: 'select buyer_id as "buyerId", requested_by as "requestedBy" from contracts.pending_order where id = $1' };

@Injectable()
export class PendingOrderRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, order: PendingOrder): Promise<void> {
    await tx.insert(PendingOrderRow, order);
  }
  /** Reads an order and holds it: of two who close it at once, the second finds it closed. */
  lock(tx: Tx, id: string): Promise<PendingOrder | null> {
    return tx.findOne(PendingOrderRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  /** Who has signed first, and for whom; what may change is read again under the lock. */
  async find(id: string): Promise<Pick<PendingOrder, 'buyerId' | 'requestedBy'> | null> {
    return (await this.database.query<Pick<PendingOrder, 'buyerId' | 'requestedBy'>>(BY_ID, [id]))[0] ?? null;
  }
  async close(tx: Tx, { id, state, closedBy, closedAt, agreementId }: PendingOrder): Promise<void> {
    await tx.update(PendingOrderRow, { id }, { state, closedBy, closedAt, agreementId });
  }
  /** Orders whose time is over, locked, those that another process holds left out. */
  lapsed(tx: Tx, now: Date, limit: number): Promise<PendingOrder[]> {
    return tx.find(PendingOrderRow, { where: { state: 'AWAITING_SIGNATURE', expiresAt: LessThanOrEqual(now) }, take: limit, lock: { mode: 'for_no_key_update', onLocked: 'skip_locked' } });
  }

  async page(buyerId: string, state: PendingOrderState | null, request: PageRequest): Promise<Page<PendingOrder>> {
    const rows = await this.database.query<Record<string, unknown> & { oneOffPriceMinor: string }>(PAGE, [buyerId, state, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map((r) => ({ ...r, oneOffPriceMinor: BigInt(r.oneOffPriceMinor) }) as unknown as PendingOrder), request, (o) => [o.id]);
  }
}
