import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

export const FUNNEL_STEPS = ['views', 'samples', 'requests', 'trades'] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];
/** One month of one product, counts alone. */
export interface FunnelMonth extends Readonly<Record<FunnelStep, bigint>> {
  /** Its first day, `YYYY-MM-DD`. */
  readonly month: string;
}
export interface FunnelCount extends Partial<Readonly<Record<FunnelStep, number>>> {
  readonly productId: string;
}

const OF_PRODUCT = {
  name: 'catalog.product-funnel',
  text: `select month::text as month, views::text, samples::text, requests::text, trades::text from catalog.product_funnel where product_id = $1 order by month desc limit $2`,
};

@Injectable()
export class FunnelRepository {
  constructor(private readonly database: Database) {}

  /** Adds to the month of that day, all at once and in one sequence for everybody. Products that are gone are passed over. */
  async add(tx: Tx, counts: readonly FunnelCount[], at: Date): Promise<void> {
    if (counts.length === 0) return;
    await tx.query(
      `insert into catalog.product_funnel as f (product_id, month, views, samples, requests, trades)
       select c."productId", date_trunc('month', $2::timestamptz at time zone 'UTC')::date, coalesce(c.views, 0), coalesce(c.samples, 0), coalesce(c.requests, 0), coalesce(c.trades, 0)
       from jsonb_to_recordset($1::jsonb) as c ("productId" uuid, views bigint, samples bigint, requests bigint, trades bigint) join catalog.product p on p.id = c."productId" order by c."productId"
       on conflict (product_id, month) do update set views = f.views + excluded.views, samples = f.samples + excluded.samples, requests = f.requests + excluded.requests, trades = f.trades + excluded.trades`,
      [JSON.stringify(counts), at]);
  }

  /** False when this order was counted before. */
  async firstSeen(tx: Tx, orderId: string, productId: string, at: Date): Promise<boolean> {
    return ((await tx.query('insert into catalog.funnel_order (order_id, product_id, counted_at) values ($1, $2, $3) on conflict do nothing returning order_id', [orderId, productId, at])) as unknown[]).length === 1;
  }

  async ofProduct(productId: string, months: number): Promise<FunnelMonth[]> {
    const rows = await this.database.query<{ month: string } & Record<FunnelStep, string>>(OF_PRODUCT, [productId, months]);
    return rows.map((r) => ({ month: r.month, views: BigInt(r.views), samples: BigInt(r.samples), requests: BigInt(r.requests), trades: BigInt(r.trades) }));
  }
}
