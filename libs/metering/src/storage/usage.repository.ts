import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import { Database, type Page, type PageRequest, prepared, toPage, type Tx } from '#shared';
import { byLicence, nameOf, type NamedUse, type UsageEvent, type UsageEventInput } from '../domain/usage-event.js';

interface Row {
  id: string; licence_id: string; agreement_id: string; vendor_id: string; buyer_id: string; meter: Meter; quantity: string;
  source: string; event_id: string; occurred_at: Date; recorded_at: Date; subject_id: string | null; receipt_id: string | null; dimensions: Record<string, string>; reported_by: string | null;
}
/** Where a reading of a licence's events goes on. */
export interface UsagePosition {
  readonly recordedAt: Date;
  readonly id: string;
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

/** What many events have in common is told once: whose they are, of which meter, from where. Their own are name, id, quantity and instant. */
const INSERT = {
  name: 'metering.insert',
  text: `with head as (
    select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::jsonb[], $11::text[])
      with ordinality as h (licence_id, agreement_id, vendor_id, buyer_id, meter, source, subject_id, receipt_id, dimensions, reported_by, n)),
  given as (select * from unnest($12::uuid[], $13::text[], $14::int[], $15::text[], $16::bigint[], $17::timestamptz[]) with ordinality as g (name, digest, head, event_id, quantity, occurred_at, position)),
  fresh as (
    insert into metering.usage_event_key (name, licence_id, recorded_at, digest)
    select g.name, h.licence_id, $1, decode(g.digest, 'hex') from given g join head h on h.n = g.head order by g.position on conflict do nothing returning name),
  written as (
    insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, subject_id, receipt_id, dimensions, reported_by, position)
    select h.licence_id, $1, g.name, h.agreement_id, h.vendor_id, h.buyer_id, h.meter, g.quantity, h.source, g.event_id, g.occurred_at, h.subject_id, h.receipt_id, h.dimensions, h.reported_by, (select metering.own_position())
    from given g join fresh using (name) join head h on h.n = g.head)
  select position::int as position from given where name not in (select name from fresh) order by position`,
};

class Heads {
  private readonly known = new Map<string, number>();
  private readonly all: { readonly event: UsageEventInput; readonly dimensions: string }[] = [];

  /** Its place, from 1. */
  of(event: UsageEventInput): number {
    const dimensions = JSON.stringify(event.dimensions);
    const key = JSON.stringify([event.licenceId, event.agreementId, event.vendorId, event.buyerId, event.meter, event.source, event.subjectId, event.receiptId, event.reportedBy, dimensions]);
    let head = this.known.get(key);
    if (head === undefined) {
      head = this.all.push({ event, dimensions });
      this.known.set(key, head);
    }
    return head;
  }

  columns(): unknown[] {
    const of = <K extends keyof UsageEventInput>(name: K): UsageEventInput[K][] => this.all.map(({ event }) => event[name]);
    return [of('licenceId'), of('agreementId'), of('vendorId'), of('buyerId'), of('meter'), of('source'), of('subjectId'), of('receiptId'), this.all.map((h) => h.dimensions), of('reportedBy')];
  }
}

/** An array of PostgreSQL whose elements hold nothing that would have to be quoted: ids, numbers, instants. The driver looks at every character of every text. */
const unquoted = (values: readonly (string | number | bigint)[]): string => `{${values.join(',')}}`;

@Injectable()
export class UsageRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the names that are new and writes the events under them, in one statement. Of two transactions that bring the same
   * name the second waits for the first. Answers those that were known before.
   */
  async insert(tx: Tx, batch: readonly NamedUse[], recordedAt: Date): Promise<NamedUse[]> {
    const heads = new Heads();
    const rows = batch.map(({ event, name, digest }) => ({ event, name, digest, head: heads.of(event) }));
    const known = await prepared<{ position: number }>(tx, INSERT, [recordedAt, ...heads.columns(), unquoted(rows.map((r) => r.name)), unquoted(rows.map((r) => r.digest)), unquoted(rows.map((r) => r.head)),
      rows.map((r) => r.event.eventId), unquoted(rows.map((r) => r.event.quantity)), unquoted(rows.map((r) => r.event.occurredAt.toISOString()))]);
    return known.map(({ position }) => batch[position - 1]!);
  }

  /** The names of those among the known ones that are recorded with another digest. Read after `insert`, so that what it waited for is seen. */
  async contradicted(tx: Tx, known: readonly NamedUse[]): Promise<Set<string>> {
    if (known.length === 0) return new Set();
    const rows = (await tx.query(
      `select k.name from unnest($1::uuid[], $2::text[]) as g (name, digest) join metering.usage_event_key k using (name) where k.digest <> decode(g.digest, 'hex')`,
      [known.map((u) => u.name), known.map((u) => u.digest)],
    )) as { name: string }[];
    return new Set(rows.map((r) => r.name));
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
      `select e.* from metering.usage_event_key k join metering.usage_event e on e.licence_id = k.licence_id and e.recorded_at = k.recorded_at and e.source = $2 and e.event_id = $3
       where k.name = $1`, [nameOf({ vendorId, source, eventId }), source, eventId],
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
