import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

@Injectable()
export class LicenseesRepository {
  /** Everybody who holds, or held, a licence on the product that was begun: whoever may have something of it. */
  async ever(tx: Tx, productId: string): Promise<string[]> {
    return ((await tx.query('select distinct buyer_id as id from contracts.licence where product_id = $1 and valid_from is not null', [productId])) as { id: string }[]).map((r) => r.id);
  }

  /** Those who may use it now, or again once a suspension is over. */
  async now(tx: Tx, productId: string): Promise<string[]> {
    return ((await tx.query(`select distinct buyer_id as id from contracts.licence where product_id = $1 and state in ('ACTIVE', 'SUSPENDED')`, [productId])) as { id: string }[]).map((r) => r.id);
  }

  async productOfOrder(tx: Tx, pendingOrderId: string): Promise<string | null> {
    const [row] = (await tx.query('select o.product_id as id from contracts.pending_order p join contracts.offer o on o.id = p.offer_id where p.id = $1', [pendingOrderId])) as { id: string }[];
    return row?.id ?? null;
  }

  /** Whether the order of an agreement waited for something. */
  async waited(tx: Tx, agreementId: string): Promise<boolean> {
    return ((await tx.query('select 1 from contracts.pending_order where agreement_id = $1', [agreementId])) as unknown[]).length > 0;
  }
}
