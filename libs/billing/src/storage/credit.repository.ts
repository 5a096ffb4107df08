import { Injectable } from '@nestjs/common';
import { Database, newId, type Tx } from '#shared';
import type { Credit, Drawn, OpenCredit } from '../domain/credit.js';

/** What a credit was set off against. */
export interface CreditUse {
  readonly reference: string;
  readonly tradeId: string | null;
  readonly netMinor: bigint;
  readonly usedAt: Date;
}
export interface ShownCredit extends OpenCredit {
  readonly uses: readonly CreditUse[];
}
type Stored = Omit<Credit, 'netMinor'> & { readonly netMinor: string };

const CREDIT = `c.id, c.licence_id as "licenceId", c.agreement_id as "agreementId", c.vendor_id as "vendorId", c.buyer_id as "buyerId", c.cause, c.of_licence_id as "ofLicenceId", c.period, c.days, c.of_days as "ofDays",
  c.span_from as "spanFrom", c.span_until as "spanUntil", c.currency, c.net_minor::text as "netMinor", c.given_at as "givenAt"`;
const USED = '(select coalesce(sum(u.net_minor), 0) from billing.credit_use u where u.credit_id = c.id and u.released_at is null)';
const LAPSING = { name: 'billing.set-offs-to-lapse', text: 'select distinct trade_id as id from billing.credit_use where pay_until <= $1 limit $2' };
/** The newest of a licence: one a period that rested, and one of what it replaced. */
const MOST_SHOWN = 100;
const OF_LICENCES = {
  name: 'billing.credits-of-licences',
  text: `select c.* from unnest($1::uuid[]) as l (id) cross join lateral (
    select ${CREDIT}, (c.net_minor - ${USED})::text as "openMinor",
      (select coalesce(json_agg(json_build_object('reference', u.reference, 'tradeId', u.trade_id, 'netMinor', u.net_minor::text, 'usedAt', u.used_at) order by u.id), '[]') from billing.credit_use u where u.credit_id = c.id and u.released_at is null) as uses
    from billing.credit c where c.licence_id = l.id and c.voided_at is null order by c.id desc limit $2) c`,
};

@Injectable()
export class CreditRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, c: Credit): Promise<void> {
    await tx.query(
      `insert into billing.credit (id, licence_id, agreement_id, vendor_id, buyer_id, cause, of_licence_id, period, days, of_days, span_from, span_until, currency, net_minor, given_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing`,
      [c.id, c.licenceId, c.agreementId, c.vendorId, c.buyerId, c.cause, c.ofLicenceId, c.period, c.days, c.ofDays, c.spanFrom, c.spanUntil, c.currency, c.netMinor, c.givenAt],
    );
  }
  /** What was given so far for days on which a licence rested, by period. Other licences that a credit went on to do not count. */
  async restsGiven(tx: Tx, licenceId: string): Promise<Map<number, { readonly days: number; readonly netMinor: bigint }>> {
    const rows = (await tx.query(
      `select period, sum(days)::int as days, sum(net_minor)::text as "netMinor" from billing.credit where of_licence_id = $1 and licence_id = $1 and cause = 'REST' group by period`, [licenceId])) as { period: number; days: number; netMinor: string }[];
    return new Map(rows.map((r) => [r.period, { days: r.days, netMinor: BigInt(r.netMinor) }]));
  }
  /** What is left of each, oldest first; its caller holds the licence. */
  async open(tx: Tx, licenceId: string): Promise<OpenCredit[]> {
    const rows = (await tx.query(
      `select * from (select ${CREDIT}, (c.net_minor - ${USED})::text as "openMinor" from billing.credit c where c.licence_id = $1 and c.voided_at is null) o where "openMinor"::numeric > 0 order by id`, [licenceId])) as (Stored & { openMinor: string })[];
    return rows.map((r) => ({ ...toCredit(r), openMinor: BigInt(r.openMinor) }));
  }
  async use(tx: Tx, drawn: readonly Drawn[], reference: string, tradeId: string | null, usedAt: Date, payUntil: Date | null): Promise<void> {
    for (const { credit, netMinor } of drawn) {
      await tx.query('insert into billing.credit_use (id, credit_id, reference, trade_id, net_minor, used_at, pay_until) values ($1, $2, $3, $4, $5, $6, $7)', [newId(), credit.id, reference, tradeId, netMinor, usedAt, payUntil]);
    }
  }
  /** What was set off against a trade. */
  async ofTrade(tx: Tx, tradeId: string): Promise<Drawn[]> {
    const rows = (await tx.query(
      `select ${CREDIT}, u.net_minor::text as "usedMinor" from billing.credit_use u join billing.credit c on c.id = u.credit_id where u.trade_id = $1 and u.released_at is null order by c.id`, [tradeId])) as (Stored & { usedMinor: string })[];
    return rows.map((r) => ({ credit: toCredit(r), netMinor: BigInt(r.usedMinor) }));
  }
  async paid(tx: Tx, tradeId: string): Promise<void> {
    await tx.query('update billing.credit_use set pay_until = null where trade_id = $1 and pay_until is not null', [tradeId]);
  }
  /** Purchases with a set-off that are not paid in time. */
  async lapsing(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSING, [now, limit])).map((r) => r.id);
  }
  /** A licence never began: what was to come off its charges is void, and what had gone on to it is back where it came from. */
  async calledOff(tx: Tx, licenceId: string, at: Date): Promise<void> {
    const rows = (await tx.query('update billing.credit set voided_at = $2 where licence_id = $1 and voided_at is null returning id', [licenceId, at])) as [{ id: string }[], number];
    const ids = rows[0].map((r) => r.id);
    if (ids.length) await tx.query(`update billing.credit_use set released_at = $2, pay_until = null where released_at is null and (credit_id = any($1::uuid[]) or reference = any(select 'credit:' || x from unnest($1::uuid[]) as x))`, [ids, at]);
  }

  async ofLicences(licenceIds: readonly string[]): Promise<Map<string, ShownCredit[]>> {
    const rows = await this.database.query<Stored & { openMinor: string; uses: (Omit<CreditUse, 'netMinor' | 'usedAt'> & { netMinor: string; usedAt: string })[] } & Record<string, unknown>>(OF_LICENCES, [licenceIds, MOST_SHOWN]);
    return Map.groupBy(rows.map((r) => ({ ...toCredit(r), openMinor: BigInt(r.openMinor), uses: r.uses.map((u) => ({ ...u, netMinor: BigInt(u.netMinor), usedAt: new Date(u.usedAt) })) })), (c) => c.licenceId);
  }
}

const toCredit = ({ netMinor, ...row }: Stored): Credit => ({ ...row, netMinor: BigInt(netMinor) });
