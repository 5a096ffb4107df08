import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { QuotaWindow, UsageQuota } from '../domain/spending/quota.js';

type Row = Omit<UsageQuota, 'quantity' | 'side'> & { readonly quantity: string } & Record<string, unknown>;

const OF_LICENCE = {
  name: 'contracts.usage-quotas',
  text: `select licence_id as "licenceId", vendor_id as "vendorId", buyer_id as "buyerId", meter, quantity::text as quantity, period, hard, set_at as "setAt" from contracts.usage_quota where licence_id = $1 and quantity is not null order by meter`,
};
const WATCHED = {
  name: 'contracts.watched-licences',
  text: `select l.id from contracts.licence l join contracts.agreement a on a.id = l.agreement_id where l.id = any($1::uuid[])
         and (a.plan ? 'quotas' or exists (select 1 from contracts.usage_quota q where q.licence_id = l.id and q.quantity is not null) or exists (select 1 from contracts.spending_cap c where c.licence_id = l.id and c.amount_minor is not null))`,
};

/** What buyers set, and what was told of quotas. */
@Injectable()
export class UsageQuotaRepository {
  constructor(private readonly database: Database) {}

  async ofLicence(licenceId: string): Promise<UsageQuota[]> {
    const rows = await this.database.query<Row>(OF_LICENCE, [licenceId]);
    return rows.map((r) => ({ ...r, side: 'BUYER', quantity: BigInt(r.quantity) }));
  }
  /** Those of the licences that a quota or a cap is on. */
  async watched(licenceIds: readonly string[]): Promise<Set<string>> {
    return new Set((await this.database.query<{ id: string }>(WATCHED, [licenceIds])).map((r) => r.id));
  }

  /** In place of the one before. */
  async set(tx: Tx, q: UsageQuota): Promise<void> {
    await tx.query(
      `insert into contracts.usage_quota (licence_id, meter, vendor_id, buyer_id, quantity, period, hard, set_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (licence_id, meter) do update set quantity = excluded.quantity, period = excluded.period, hard = excluded.hard, set_at = excluded.set_at`,
      [q.licenceId, q.meter, q.vendorId, q.buyerId, q.quantity.toString(), q.period, q.hard, q.setAt],
    );
  }
  /** Answers what it was; null: there was none. Of two who lift it at once one does. */
  async lift(tx: Tx, licenceId: string, meter: string): Promise<UsageQuota | null> {
    const [row] = (await tx.query(
      `select licence_id as "licenceId", vendor_id as "vendorId", buyer_id as "buyerId", meter, quantity::text as quantity, period, hard, set_at as "setAt" from contracts.usage_quota where licence_id = $1 and meter = $2 for update`, [licenceId, meter],
    )) as (Omit<Row, 'quantity'> & { quantity: string | null })[];
    if (!row || row.quantity === null) return null;
    await tx.query('update contracts.usage_quota set quantity = null where licence_id = $1 and meter = $2', [licenceId, meter]);
    return { ...(row as Row), side: 'BUYER', quantity: BigInt(row.quantity) };
  }

  /** False where that was told before. */
  async note(tx: Tx, { quota: q, window }: QuotaWindow, { percent, used, at }: { readonly percent: number; readonly used: bigint; readonly at: Date }): Promise<boolean> {
    const rows = (await tx.query(
      `insert into contracts.quota_notice (licence_id, side, meter, set_at, period_from, percent, vendor_id, buyer_id, used, told_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning percent`,
      [q.licenceId, q.side, q.meter, q.setAt, window.from, percent, q.vendorId, q.buyerId, used.toString(), at],
    )) as unknown[];
    return rows.length > 0;
  }
}
