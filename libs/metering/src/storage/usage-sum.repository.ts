import { Injectable } from '@nestjs/common';
import type { Meter } from '#contracts';
import { Database, type Page, type PageRequest, type Statement, toPage } from '#shared';
import type { MeterTotal } from '../domain/usage-event.js';
import { type UsageQuestion, type UsageSum, windowEnd } from '../domain/usage-query.js';

interface SumRow {
  from: Date; licence_id: string; meter: Meter; value: string; events: string; quantity: string; place: string;
}
interface TotalRow {
  meter: Meter; events: number; quantity: string; first: Date; last: Date;
}

/**
 * The sums per hour, and beside them each event that is not in them yet: from the position up to which they reach, read in the same statement and so of the same
 * moment. Behind each of the two stands whose.
 */
const HOURS = `select licence_id, meter, hour, value, events, quantity from metering.usage_hour
  where dimension = $2 and hour >= $3 and hour < $4 and ($5::text is null or meter = $5) and ($6::text is null or value = $6)`;
const TAIL = `select licence_id, meter, occurred_at, coalesce(dimensions->>$2, ''), 1, quantity from metering.usage_event
  where position >= (select rolled_until from metering.usage_rollup) and occurred_at >= $3 and occurred_at < $4
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
           select meter, 1, quantity, occurred_at, occurred_at from metering.usage_event where position >= (select rolled_until from metering.usage_rollup) and licence_id = $1) c
         group by meter order by meter desc`,
};

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
}
