import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import { Database, newId, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { EARLY_MS } from '../domain/reported-use.js';
import { type Batch, byLicence, type UsageEvent, type UsageEventInput } from '../domain/usage-event.js';

interface Row {
  id: string; licence_id: string; agreement_id: string; vendor_id: string; buyer_id: string; meter: Meter; quantity: string;
  source: string; event_id: string; occurred_at: Date; recorded_at: Date; subject_id: string | null; receipt_id: string | null; dimensions: Record<string, string>; reported_by: string | null;
}
/** Where a reading of a licence's events goes on. */
export interface UsagePosition {
  readonly recordedAt: Date;
  readonly id: string;
}

/** A stretch of time; `until` is not in it any more. */
export interface Stretch {
  readonly from: Date;
  readonly until: Date;
}

/** Oldest first, so that a page that was read does not change when more is recorded. */
const PAGE = {
  name: 'metering.page',
  text: `select * from metering.usage_event where licence_id = $1 and ($2::timestamptz is null or (recorded_at, id) > ($2::timestamptz, $3::uuid)) order by recorded_at, id limit $4`,
};
const OF_LICENCES = {
  name: 'metering.of-licences',
  text: `select e.* from unnest($1::uuid[]) as l (id), lateral (select * from metering.usage_event u where u.licence_id = l.id order by u.recorded_at, u.id limit $2) e`,
};

@Injectable()
export class UsageRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the names that are new and writes the events under them, in one statement. Of two transactions that bring the same
   * name the second waits for the first; answers the events that were new.
   */
  async insert(tx: Tx, { distinct, digests }: Batch, recordedAt: Date): Promise<UsageEvent[]> {
    const events = distinct.map((e) => ({ ...e, id: newId(), recordedAt }));
    const column = <K extends keyof (typeof events)[number]>(name: K) => events.map((e) => e[name]);
    const fresh = (await tx.query(
      `with given as (
         select * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::text[], $11::bigint[], $12::timestamptz[], $13::uuid[], $14::uuid[], $15::jsonb[], $16::text[])
           with ordinality as g (id, licence_id, source, event_id, digest, agreement_id, vendor_id, buyer_id, meter, quantity, occurred_at, subject_id, receipt_id, dimensions, reported_by, position)),
       fresh as (
         insert into metering.usage_event_key (vendor_id, source, event_id, licence_id, digest, recorded_at)
         select vendor_id, source, event_id, licence_id, digest, $1 from given order by position on conflict do nothing returning vendor_id, source, event_id)
       insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, subject_id, receipt_id, dimensions, reported_by, position)
       select g.licence_id, $1, g.id, g.agreement_id, g.vendor_id, g.buyer_id, g.meter, g.quantity, g.source, g.event_id, g.occurred_at, g.subject_id, g.receipt_id, g.dimensions, g.reported_by, (select metering.own_position())
       from given g join fresh using (vendor_id, source, event_id) returning id`,
      [recordedAt, column('id'), column('licenceId'), column('source'), column('eventId'), digests, column('agreementId'), column('vendorId'), column('buyerId'),
        column('meter'), column('quantity').map(String), column('occurredAt'), column('subjectId'), column('receiptId'), events.map((e) => JSON.stringify(e.dimensions)), column('reportedBy')],
    )) as { id: string }[];
    const ids = new Set(fresh.map((r) => r.id));
    return events.filter((e) => ids.has(e.id));
  }

  /** Those of the given that are recorded with another digest. Read after `insert`, so that what it waited for is seen. */
  async conflicts(tx: Tx, { distinct, digests }: Batch): Promise<UsageEventInput[]> {
    const rows = (await tx.query(
      `select g.position::int as position from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality as g (vendor_id, source, event_id, digest, position)
       join metering.usage_event_key k using (vendor_id, source, event_id) where k.digest <> g.digest order by g.position`,
      [distinct.map((e) => e.vendorId), distinct.map((e) => e.source), distinct.map((e) => e.eventId), digests],
    )) as { position: number }[];
    return rows.map((r) => distinct[r.position - 1]!);
  }

  /** An event is recorded in the transaction that signs its receipt: it stands near the instant that this names, by whatever clock. */
  async ofReceipt(tx: Tx, licenceId: string, receiptId: string, at: Date): Promise<UsageEvent[]> {
    const rows = (await tx.query(
      `select * from metering.usage_event where licence_id = $1 and recorded_at between $3::timestamptz - interval '1 day' and $3::timestamptz + interval '1 day' and receipt_id = $2 order by recorded_at, id`, [licenceId, receiptId, at],
    )) as Row[];
    return rows.map(toEvent);
  }
  /** The event of a name, in whatever month it was recorded. */
  async named(tx: Tx, { vendorId, source, eventId }: Pick<UsageEventInput, 'vendorId' | 'source' | 'eventId'>): Promise<UsageEvent | null> {
    const [row] = (await tx.query(
      `select e.* from metering.usage_event_key k join metering.usage_event e on e.licence_id = k.licence_id and e.recorded_at = k.recorded_at and e.source = k.source and e.event_id = k.event_id
       where k.vendor_id = $1 and k.source = $2 and k.event_id = $3`, [vendorId, source, eventId],
    )) as Row[];
    return row ? toEvent(row) : null;
  }

  async page(licenceId: string, request: PageRequest): Promise<Page<UsageEvent>> {
    const [at, id] = request.after ?? [null, null];
    const rows = await this.database.query<Row & Record<string, unknown>>(PAGE, [licenceId, at, id, request.first + 1]);
    return toPage(rows.map(toEvent), request, (e) => [e.recordedAt.toISOString(), e.id]);
  }

  async ofLicences(licenceIds: readonly string[], perLicence: number): Promise<Map<string, UsageEvent[]>> {
    const rows = await this.database.query<Row & Record<string, unknown>>(OF_LICENCES, [[...new Set(licenceIds)], perLicence]);
    return byLicence(rows.map(toEvent));
  }

  /** What was used in each of these stretches, by meter and in their order. An event is recorded when it has happened, or as long before as clocks may differ. */
  async usedWithin(tx: Tx, licenceId: string, stretches: readonly Stretch[]): Promise<Map<Meter, bigint>[]> {
    const rows = (await tx.query(
      `select s.n::int as n, e.meter, sum(e.quantity)::text as quantity from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as s ("from", until, n)
       join metering.usage_event e on e.licence_id = $1 and e.recorded_at >= $4 and e.occurred_at >= s."from" and e.occurred_at < s.until group by s.n, e.meter`,
      [licenceId, stretches.map((s) => s.from), stretches.map((s) => s.until), stretches.length ? new Date(Math.min(...stretches.map((s) => s.from.getTime())) - EARLY_MS) : null],
    )) as { n: number; meter: Meter; quantity: string }[];
    const used = stretches.map(() => new Map<Meter, bigint>());
    for (const { n, meter, quantity } of rows) used[n - 1]!.set(meter, BigInt(quantity));
    return used;
  }

  /** Whether a meter of a licence was used in another transaction than this one. */
  async usedBefore(tx: Tx, licenceId: string, meter: Meter): Promise<boolean> {
    const rows = (await tx.query('select 1 from metering.usage_event where licence_id = $1 and meter = $2 and position <> (select metering.own_position()) limit 1', [licenceId, meter])) as unknown[];
    return rows.length > 0;
  }

  async recordedBefore(tx: Tx, licenceId: string, meter: Meter, before: Date, after: UsagePosition | null, limit: number): Promise<UsageEvent[]> {
    const rows = (await tx.query(
      `select * from metering.usage_event where licence_id = $1 and meter = $2 and recorded_at < $3
         and ($4::timestamptz is null or (recorded_at, id) > ($4::timestamptz, $5::uuid)) order by recorded_at, id limit $6`,
      [licenceId, meter, before, after?.recordedAt ?? null, after?.id ?? null, limit],
    )) as Row[];
    return rows.map(toEvent);
  }

}


const toEvent = (r: Row): UsageEvent => ({
  id: r.id, licenceId: r.licence_id, agreementId: r.agreement_id, vendorId: r.vendor_id, buyerId: r.buyer_id, meter: r.meter, quantity: BigInt(r.quantity),
  source: r.source, eventId: r.event_id, occurredAt: r.occurred_at, recordedAt: r.recorded_at, subjectId: r.subject_id, receiptId: r.receipt_id, dimensions: r.dimensions, reportedBy: r.reported_by,
});
