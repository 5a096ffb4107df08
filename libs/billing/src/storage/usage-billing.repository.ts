import { Injectable } from '@nestjs/common';
import type { UsageEvent } from '#metering';
import { Database, type Tx } from '#shared';
import { UsagePeriodRow } from './billing.entities.js';

/** Usage that was rated together. */
export type UsagePeriod = Readonly<UsagePeriodRow>;

interface BilledRow {
  quantity: string; receipt_id: string | null;
}

const OF_TRADE = {
  name: 'billing.usage-period-of-trade',
  text: `select id, licence_id as "licenceId", agreement_id as "agreementId", vendor_id as "vendorId", buyer_id as "buyerId", meter, unit_price as "unitPrice", quantity,
           event_count as "eventCount", trade_id as "tradeId", invoice_id as "invoiceId", closed_at as "closedAt" from billing.usage_period where trade_id = $1`,
};
const RECEIPTS = { name: 'billing.receipts-of-period', text: 'select receipt_id as id from billing.billed_usage where period_id = $1 and receipt_id is not null order by receipt_id limit $2' };

@Injectable()
export class UsageBillingRepository {
  constructor(private readonly database: Database) {}

  /** Marks events as billed in this period and answers those that were not billed before: the primary key decides, also between two runs at once. */
  async bill(tx: Tx, periodId: string, licenceId: string, events: readonly UsageEvent[]): Promise<{ quantity: bigint; count: number }> {
    const rows = (await tx.query(
      `insert into billing.billed_usage (licence_id, source, event_id, period_id, quantity, receipt_id)
       select $1::uuid, s, e, $2::uuid, q, r from unnest($3::text[], $4::text[], $5::bigint[], $6::uuid[]) as u (s, e, q, r) order by s, e
       on conflict do nothing returning quantity, receipt_id`,
      [licenceId, periodId, events.map((e) => e.source), events.map((e) => e.eventId), events.map((e) => e.quantity), events.map((e) => e.receiptId)],
    )) as BilledRow[];
    return { quantity: rows.reduce((sum, r) => sum + BigInt(r.quantity), 0n), count: rows.length };
  }

  /** What the closed periods of a licence hold together. */
  async quantityBilled(tx: Tx, licenceId: string): Promise<bigint> {
    const [row] = (await tx.query('select coalesce(sum(quantity), 0)::text as quantity from billing.usage_period where licence_id = $1', [licenceId])) as { quantity: string }[];
    return BigInt(row!.quantity);
  }

  async insertPeriod(tx: Tx, period: UsagePeriod): Promise<void> {
    await tx.insert(UsagePeriodRow, period);
  }

  async periodOfTrade(tradeId: string): Promise<UsagePeriod | null> {
    const [row] = await this.database.query<Omit<UsagePeriod, 'quantity'> & { quantity: string } & Record<string, unknown>>(OF_TRADE, [tradeId]);
    return row ? { ...row, quantity: BigInt(row.quantity) } : null;
  }

  async receiptsOfPeriod(periodId: string, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(RECEIPTS, [periodId, limit])).map((r) => r.id);
  }
}
