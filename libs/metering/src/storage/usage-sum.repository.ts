import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import { Database, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { MeterTotal } from '../domain/usage-event.js';
import { type UsageQuestion, type UsageSum, windowEnd } from '../domain/usage-query.js';

interface SumRow {
  from: Date; licence_id: string; meter: Meter; value: string; events: string; quantity: string; place: string;
}
interface TotalRow {
  meter: Meter; events: number; quantity: string; first: Date; last: Date;
}

/** A stretch of time; `until` is not in it any more. */
export interface Stretch {
  readonly from: Date;
  readonly until: Date;
}

/**
 * The sums per hour, and beside them each event that is not in them yet: from the position up to which they reach, read in the same statement and so of the same
 * moment. Behind each of the two stands whose.
 */
const HOURS = `select licence_id, meter, hour, value, events, quantity from metering.usage_hour
  where dimension = $2 and hour >= $3 and hour < $4 and ($5::text is null or meter = $5) and ($6::text is null or value = $6)`;
const TAIL = `select licence_id, meter, occurred_at, coalesce(dimensions->>$2, ''), 1, quantity from metering.usage_event
  where position >= metering.rolled_until() and occurred_at >= $3 and occurred_at < $4
    and ($5::text is null or meter = $5) and ($2 = '' or dimensions ? $2) and ($6::text is null or dimensions->>$2 = $6)`;
const WHAT = `select date_trunc($7, hour, 'UTC') as "from", licence_id, meter, value, sum(events)::text as events, sum(quantity)::text as quantity, md5(value) as place`;
const PAGED = `group by 1, 2, 3, 4 having $8::timestamptz is null or (date_trunc($7, hour, 'UTC'), licence_id, meter, md5(value)) > ($8::timestamptz, $9::uuid, $10::text, $11::text)
  order by 1, 2, 3, place limit $12`;
const OF_LICENCE: Statement = {
  name: 'metering.sums-of-licence', plannedEachTime: true,
  text: `${WHAT} from (${HOURS} and licence_id = $1 union all ${TAIL} and licence_id = $1) c ${PAGED}`,
};
const OF_PARTY: Statement = {
  name: 'metering.sums-of-party', plannedEachTime: true,
  text: `${WHAT} from (${HOURS} and (vendor_id = $1 or buyer_id = $1) union all ${TAIL} and (vendor_id = $1 or buyer_id = $1)) c ${PAGED}`,
};
const TOTALS: Statement = {
  name: 'metering.totals',
  text: `select meter, sum(events)::int as events, sum(quantity)::text as quantity, min(first) as first, max(last) as last from (
           select meter, events, quantity, first_at as first, last_at as last from metering.usage_hour where licence_id = $1 and dimension = ''
           union all
           select meter, 1, quantity, occurred_at, occurred_at from metering.usage_event where position >= metering.rolled_until() and licence_id = $1) c
         group by meter order by meter desc`,
};
/**
 * The same of stretches that cut hours: a sum whose first and last event are in the stretch counts whole. Where a bound falls between them its events are read themselves,
 * among what was recorded from the first to the last of them (`+ 0`: found by that, and not by their positions, which nearly all events have).
 */
const WITHIN = `with s as (select s."from", s.until, s.n from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as s ("from", until, n)),
  h as (
    select s.n, s."from", s.until, h.meter, h.hour, h.quantity, h.first_recorded_at, h.last_recorded_at, h.first_at >= s."from" and h.last_at < s.until as whole
    from s join metering.usage_hour h on h.licence_id = $1 and h.dimension = '' and h.hour > s."from" - interval '1 hour' and h.hour < s.until and h.last_at >= s."from" and h.first_at < s.until)
  select n::int as n, meter, sum(quantity)::text as quantity from (
    select n, meter, quantity from h where whole
    union all
    select h.n, h.meter, e.quantity from h cross join lateral (
        select quantity from metering.usage_event where licence_id = $1 and meter = h.meter and position + 0 < (select rolled_until from metering.usage_rollup)
          and recorded_at >= h.first_recorded_at and recorded_at <= h.last_recorded_at
          and occurred_at >= greatest(h."from", h.hour) and occurred_at < least(h.until, h.hour + interval '1 hour') offset 0) e
      where not h.whole
    union all
    select s.n, e.meter, e.quantity from s join metering.usage_event e on e.position >= metering.rolled_until() and e.licence_id = $1 and e.occurred_at >= s."from" and e.occurred_at < s.until) c
  group by n, meter`;

/** Reads sums of usage that are exact at the moment of the statement, whatever is recorded beside it. */
@Injectable()
export class UsageSumRepository {
  constructor(private readonly database: Database) {}

  /** By window, licence, meter and, as a value may be longer than a cursor, the digest of the value. `partyId`: whose licences, where none is named. */
  async page(question: UsageQuestion, partyId: string, request: PageRequest): Promise<Page<UsageSum>> {
    const [after = null, licenceId = null, meter = null, place = null] = request.after ?? [];
    const { window, dimension } = question;
    // What lies before the window where the page begins was shown before.
    const from = after !== null && new Date(after) > question.from ? after : question.from;
    const rows = await this.database.query<SumRow & Record<string, unknown>>(
      question.licenceId === null ? OF_PARTY : OF_LICENCE,
      [question.licenceId ?? partyId, dimension ?? '', from, question.until, question.meter, question.value, window, after, licenceId, meter, place, request.first + 1],
    );
    const found = rows.map((r): UsageSum & { readonly place: string } => ({ from: r.from, until: windowEnd(window, r.from), licenceId: r.licence_id, meter: r.meter, value: dimension === null ? null : r.value, events: BigInt(r.events), quantity: BigInt(r.quantity), place: r.place }));
    return toPage(found, request, (s) => [s.from.toISOString(), s.licenceId, s.meter, s.place]);
  }

  async totals(licenceId: string): Promise<MeterTotal[]> {
    const rows = await this.database.query<TotalRow & Record<string, unknown>>(TOTALS, [licenceId]);
    return rows.map((r) => ({ meter: r.meter, events: r.events, quantity: BigInt(r.quantity), firstOccurredAt: r.first, lastOccurredAt: r.last }));
  }

  /** What was used in each of these stretches, by meter and in their order, as the transaction sees it. */
  async within(tx: Tx, licenceId: string, stretches: readonly Stretch[]): Promise<Map<Meter, bigint>[]> {
    const rows = (await tx.query(WITHIN, [licenceId, stretches.map((s) => s.from), stretches.map((s) => s.until)])) as { n: number; meter: Meter; quantity: string }[];
    const used = stretches.map(() => new Map<Meter, bigint>());
    for (const { n, meter, quantity } of rows) used[n - 1]!.set(meter, BigInt(quantity));
    return used;
  }
}
