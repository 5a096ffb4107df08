import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import { type Breakdown, type Cell, type Contribution, OTHER, tradesOf, valueOf } from '../../domain/statistics/disclosure.js';

/** An agreement whose licence began. */
export interface ExchangeTrade {
  readonly agreementId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly vendorCountry: string;
  readonly buyerCountry: string;
  readonly sector: string;
  readonly currency: string;
  /** Minor units, net of tax: what was agreed on for the whole term, use left out. */
  readonly valueMinor: bigint;
}
/** How the term of an agreement was over before its time, and what had fallen due: minor units, null: nothing began that is paid for. */
export interface Ended {
  readonly agreementId: string;
  readonly endedAt: Date;
  readonly dueMinor: bigint | null;
}
/** A published figure; null of the year before: it was not published, or there was none. */
export interface Statistic {
  readonly month: string;
  readonly currency: string;
  readonly breakdown: Breakdown;
  readonly cell: string;
  readonly sector: string | null;
  readonly vendorCountry: string | null;
  readonly buyerCountry: string | null;
  readonly trades: bigint;
  readonly valueMinor: bigint;
  readonly tradesYearBefore: bigint | null;
  readonly valueMinorYearBefore: bigint | null;
}
export interface StatisticFilter {
  readonly breakdown: Breakdown;
  /** `YYYY-MM`, both included; null: open. */
  readonly from: string | null;
  readonly to: string | null;
  readonly currency: string | null;
  readonly sector: string | null;
  /** On either side of a pair. */
  readonly country: string | null;
}

const PAGE: Statement = {
  name: 'catalog.exchange-statistics', public: true,
  text: `select to_char(s.month, 'YYYY-MM') as month, s.currency, s.breakdown, s.cell, s.sector, s.vendor_country as "vendorCountry", s.buyer_country as "buyerCountry", s.trades::text as trades, s.value_minor::text as "valueMinor",
      b.trades::text as "tradesYearBefore", b.value_minor::text as "valueMinorYearBefore"
    from catalog.exchange_statistic s left join catalog.exchange_statistic b on b.breakdown = s.breakdown and b.month = (s.month - interval '1 year')::date and b.currency = s.currency and b.cell = s.cell and s.cell <> '${OTHER}'
    where s.breakdown = $1 and ($2::date is null or s.month >= $2) and ($3::date is null or s.month <= $3) and ($4::text is null or s.currency = $4) and ($5::text is null or s.sector = $5) and ($6::text is null or s.vendor_country = $6 or s.buyer_country = $6)
      and ($7::date is null or (s.month, s.currency, s.cell) < ($7, $8, $9)) order by s.month desc, s.currency desc, s.cell desc limit $10`,
};
type Row = Record<'trades' | 'valueMinor', string> & Record<'tradesYearBefore' | 'valueMinorYearBefore', string | null> & Omit<Statistic, 'trades' | 'valueMinor' | 'tradesYearBefore' | 'valueMinorYearBefore'> & Record<string, unknown>;
/** Each trade with what it counts for: cut back by the earliest of its ends, and none where nothing fell due. */
const COUNTED = `select t.agreement_id, t.month, t.currency, t.sector, t.vendor_country, t.buyer_country, t.vendor_id, t.buyer_id, case when e.agreement_id is null then t.value_minor else e.value_minor end as value_minor
  from catalog.exchange_trade t left join lateral (select agreement_id, value_minor from catalog.exchange_trade_end where agreement_id = t.agreement_id order by ended_at limit 1) e on true
  where e.agreement_id is null or e.value_minor is not null`;
const day = (month: string | null | undefined): string | null => (month ? `${month}-01` : null);

@Injectable()
export class StatisticsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Counts an agreement in its month, or in the first that is not published yet; told of again, it is counted once. What the older one still counts
   * for beyond its end is published, else it would have been cut back: it is not counted again.
   */
  async count(tx: Tx, { agreementId, vendorId, buyerId, vendorCountry, buyerCountry, sector, currency, valueMinor }: ExchangeTrade, month: string, replaces: Ended | null): Promise<void> {
    await tx.query('select pg_advisory_xact_lock_shared($1)', [ADVISORY_LOCKS.statistics]);
    const rest = replaces ? await this.restOf(tx, replaces, currency) : 0n;
    const carried = rest < valueMinor ? rest : valueMinor;
    await tx.query(
      `insert into catalog.exchange_trade (agreement_id, month, vendor_id, buyer_id, vendor_country, buyer_country, sector, currency, value_minor, carried_minor)
       values ($1, greatest($2::date, (select (max(month) + interval '1 month')::date from catalog.statistics_month)), $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [agreementId, day(month), vendorId, buyerId, vendorCountry, buyerCountry, sector, currency, valueMinor - carried, carried]);
  }
  /** Cuts a trade back to what fell due, where its month is not published. */
  async over(tx: Tx, { agreementId, endedAt, dueMinor }: Ended): Promise<void> {
    await tx.query('select pg_advisory_xact_lock_shared($1)', [ADVISORY_LOCKS.statistics]);
    await tx.query(
      `insert into catalog.exchange_trade_end (agreement_id, ended_at, value_minor) select t.agreement_id, $2, case when $3::bigint is not null then greatest(0, $3::bigint - t.carried_minor) end from catalog.exchange_trade t
       where t.agreement_id = $1 and ($3::bigint is null or $3 < t.value_minor + t.carried_minor) and not exists (select 1 from catalog.statistics_month m where m.month = t.month) on conflict do nothing`,
      [agreementId, endedAt, dueMinor]);
  }
  /** What a trade counts for beyond what fell due of it. */
  private async restOf(tx: Tx, { agreementId, dueMinor }: Ended, currency: string): Promise<bigint> {
    const rows = (await tx.query(
      `select greatest(0, c.value_minor - greatest(0, coalesce($2::bigint, 0) - t.carried_minor))::text as minor from (${COUNTED}) c join catalog.exchange_trade t using (agreement_id) where t.agreement_id = $1 and t.currency = $3`,
      [agreementId, dueMinor, currency])) as { minor: string }[];
    return BigInt(rows[0]?.minor ?? 0);
  }

  /** The first month that is not published, counted from the first trade; null: nothing was traded. Nobody counts until the transaction ends. */
  async nextMonth(tx: Tx): Promise<string | null> {
    await tx.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.statistics]);
    const [row] = (await tx.query(`select to_char(coalesce((select max(month) + interval '1 month' from catalog.statistics_month), (select min(month) from catalog.exchange_trade)), 'YYYY-MM') as month`)) as [{ month: string | null }];
    return row.month;
  }

  /** What was traded in a month, by currency. */
  async contributions(tx: Tx, month: string): Promise<Map<string, Contribution[]>> {
    const rows = (await tx.query(
      `select currency, sector, vendor_country as "vendorCountry", buyer_country as "buyerCountry", vendor_id as "vendorId", buyer_id as "buyerId", count(*)::text as trades, sum(value_minor)::text as "valueMinor"
       from (${COUNTED}) c where month = $1 group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`, [day(month)])) as (Omit<Contribution, 'trades' | 'valueMinor'> & { currency: string; trades: string; valueMinor: string })[];
    return Map.groupBy(rows.map((r) => ({ ...r, trades: BigInt(r.trades), valueMinor: BigInt(r.valueMinor) })), (r) => r.currency);
  }

  async publish(tx: Tx, month: string, publishedAt: Date, cells: readonly (Cell & { readonly currency: string })[]): Promise<void> {
    await tx.query('insert into catalog.statistics_month (month, published_at) values ($1, $2)', [day(month), publishedAt]);
    const rows = cells.map(({ currency, breakdown, cell, of }) => ({
      currency, breakdown, cell, trades: tradesOf(of).toString(), valueMinor: valueOf(of).toString(), sector: breakdown === 'SECTOR' && cell !== OTHER ? cell : null,
      vendorCountry: breakdown === 'COUNTRY_PAIR' && cell !== OTHER ? of[0]!.vendorCountry : null, buyerCountry: breakdown === 'COUNTRY_PAIR' && cell !== OTHER ? of[0]!.buyerCountry : null,
    }));
    await tx.query(
      `insert into catalog.exchange_statistic (month, currency, breakdown, cell, sector, vendor_country, buyer_country, trades, value_minor)
       select $1, r.currency, r.breakdown, r.cell, r.sector, r."vendorCountry", r."buyerCountry", r.trades, r."valueMinor"
       from jsonb_to_recordset($2::jsonb) as r (currency text, breakdown text, cell text, sector text, "vendorCountry" text, "buyerCountry" text, trades bigint, "valueMinor" bigint)`, [day(month), JSON.stringify(rows)]);
  }

  async page({ breakdown, from, to, currency, sector, country }: StatisticFilter, request: PageRequest): Promise<Page<Statistic>> {
    const [month, after, cell] = request.after ?? [null, null, null];
    const rows = await this.database.query<Row>(PAGE, [breakdown, day(from), day(to), currency, sector, country, day(month), after, cell, request.first + 1]);
    const figure = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
    return toPage(rows.map((r): Statistic => ({ ...r, trades: BigInt(r.trades), valueMinor: BigInt(r.valueMinor), tradesYearBefore: figure(r.tradesYearBefore), valueMinorYearBefore: figure(r.valueMinorYearBefore) })), request, (s) => [s.month, s.currency, s.cell]);
  }
}
