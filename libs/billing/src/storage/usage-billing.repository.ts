import { Injectable } from '@nestjs/common';
import type { UsageEvent } from '#metering';
import { ADVISORY_LOCKS, Database, type Tx } from '#shared';
import { type Charged, type PeriodCharge } from '../domain/period-charge.js';
import { UsagePeriodRow } from './billing.entities.js';

/** Usage that was rated together. */
export type UsagePeriod = Readonly<UsagePeriodRow>;
/** What a trade of usage stands for, by meter. */
export interface BilledQuantity {
  readonly meter: string;
  readonly quantity: bigint;
}

const OF_TRADE = {
  name: 'billing.usage-period-of-trade',
  text: `select id, licence_id as "licenceId", agreement_id as "agreementId", vendor_id as "vendorId", buyer_id as "buyerId",
           event_count as "eventCount", trade_id as "tradeId", invoice_id as "invoiceId", closed_at as "closedAt" from billing.usage_period where trade_id = $1`,
};
const QUANTITIES = { name: 'billing.quantities-of-period', text: 'select meter, sum(quantity)::text as quantity from billing.charge where closing_id = $1 and meter is not null and quantity > 0 group by meter order by meter' };
const RECEIPTS = { name: 'billing.receipts-of-period', text: 'select distinct receipt_id as id from billing.billed_usage where period_id = $1 and receipt_id is not null order by receipt_id limit $2' };

@Injectable()
export class UsageBillingRepository {
  constructor(private readonly database: Database) {}

  /** Two closings of a licence go one after the other: each begins where the one before stopped. */
  async lock(tx: Tx, licenceId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.usagePeriods, licenceId]);
  }

  /** Marks events as billed in this closing and answers those that were not billed before: the primary key decides. */
  async bill(tx: Tx, periodId: string, licenceId: string, events: readonly UsageEvent[]): Promise<UsageEvent[]> {
    const rows = (await tx.query(
      `insert into billing.billed_usage (licence_id, source, event_id, period_id, quantity, receipt_id)
       select $1::uuid, s, e, $2::uuid, q, r from unnest($3::text[], $4::text[], $5::bigint[], $6::uuid[]) as u (s, e, q, r) order by s, e
       on conflict do nothing returning source, event_id`,
      [licenceId, periodId, events.map((e) => e.source), events.map((e) => e.eventId), events.map((e) => e.quantity), events.map((e) => e.receiptId)],
    )) as { source: string; event_id: string }[];
    const fresh = new Set(rows.map((r) => `${r.source} ${r.event_id}`));
    return events.filter((e) => fresh.has(`${e.source} ${e.eventId}`));
  }

  /** What the closings of a licence charged together, by period and component. */
  async charged(tx: Tx, licenceId: string): Promise<Map<number, Map<number, Charged>>> {
    const rows = (await tx.query('select period, component, sum(quantity)::text as quantity, sum(net_minor)::text as net from billing.charge where licence_id = $1 group by period, component', [licenceId])) as { period: number; component: number; quantity: string; net: string }[];
    const byPeriod = new Map<number, Map<number, Charged>>();
    for (const { period, component, quantity, net } of rows) {
      const of = byPeriod.get(period) ?? new Map<number, Charged>();
      byPeriod.set(period, of.set(component, { quantity: BigInt(quantity), netMinor: BigInt(net) }));
    }
    return byPeriod;
  }
  async insertCharges(tx: Tx, closingId: string, licenceId: string, charges: readonly PeriodCharge[]): Promise<void> {
    await tx.query(
      `insert into billing.charge (closing_id, licence_id, period, component, meter, quantity, net_minor) select $1, $2, p, c, m, q, n from unnest($3::int[], $4::int[], $5::text[], $6::bigint[], $7::bigint[]) as u (p, c, m, q, n)`,
      [closingId, licenceId, charges.map((c) => c.period), charges.map((c) => c.component), charges.map((c) => c.meter), charges.map((c) => c.quantity.toString()), charges.map((c) => c.netMinor.toString())],
    );
  }

  /** Whether an event is charged; its caller holds the closings of the licence. */
  async isBilled(tx: Tx, licenceId: string, source: string, eventId: string): Promise<boolean> {
    const rows = (await tx.query('select 1 from billing.billed_usage where licence_id = $1 and source = $2 and event_id = $3', [licenceId, source, eventId])) as unknown[];
    return rows.length > 0;
  }
  /** What charges are made under. */
  async openClosing(tx: Tx, closing: Pick<UsagePeriod, 'id' | 'licenceId' | 'vendorId' | 'buyerId'>): Promise<void> {
    await tx.query('insert into billing.closing (id, licence_id, vendor_id, buyer_id) values ($1, $2, $3, $4)', [closing.id, closing.licenceId, closing.vendorId, closing.buyerId]);
  }
  async insertPeriod(tx: Tx, period: UsagePeriod): Promise<void> {
    await this.openClosing(tx, period);
    await tx.insert(UsagePeriodRow, period);
  }
  async periodOfTrade(tradeId: string): Promise<UsagePeriod | null> {
    const [row] = await this.database.query<UsagePeriod & Record<string, unknown>>(OF_TRADE, [tradeId]);
    return row ?? null;
  }
  async quantitiesOfPeriod(periodId: string): Promise<BilledQuantity[]> {
    return (await this.database.query<{ meter: string; quantity: string }>(QUANTITIES, [periodId])).map((r) => ({ meter: r.meter, quantity: BigInt(r.quantity) }));
  }
  async receiptsOfPeriod(periodId: string, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(RECEIPTS, [periodId, limit])).map((r) => r.id);
  }
}
