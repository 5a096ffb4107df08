import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

/** Events of one turn: some hundred milliseconds of work, so that nobody waits long for the position. */
const AT_ONCE = 50_000;

/** What was used under a licence in one turn, but for downloads, of which each is told by itself. */
export interface CountedReports {
  readonly licenceId: string;
  readonly firstOccurredAt: Date;
  readonly lastOccurredAt: Date;
}
interface Turn {
  readonly behind: boolean;
  readonly reports: readonly CountedReports[];
}

/** Keeps the sums of usage up to a position. */
@Injectable()
export class UsageRollupRepository {
  /** Adds the next events to the sums. Null: another process is at it. `behind`: there is more to do at once. */
  async advance(tx: Tx): Promise<Turn | null> {
    const [state] = (await tx.query('select rolled_until::text as "from" from metering.usage_rollup for update skip locked')) as { from: string }[];
    if (!state) return null;
    // Read after the lock was taken: what is below the horizon then is committed or never will be.
    const [next] = (await tx.query(
      `with bounds as (select shift + pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon from metering.usage_rollup)
       select horizon::text as horizon, (select e.position::text from metering.usage_event e where e.position >= $1::bigint and e.position < horizon order by e.position offset $2 limit 1) as later from bounds`,
      [state.from, AT_ONCE],
    )) as { horizon: string; later: string | null }[];
    const horizon = BigInt(next!.horizon);
    const from = BigInt(state.from);
    if (horizon <= from) return { behind: false, reports: [] };
    // One transaction is never split; it may be larger than a turn.
    const later = next!.later === null ? null : BigInt(next!.later);
    const until = later === null ? horizon : later > from ? later : from + 1n;
    await tx.query('select metering.roll_up($1::bigint, $2::bigint)', [from.toString(), until.toString()]);
    await tx.query('update metering.usage_rollup set rolled_until = $1::bigint', [until.toString()]);
    const reports = (await tx.query(
      `select licence_id as "licenceId", min(occurred_at) as "firstOccurredAt", max(occurred_at) as "lastOccurredAt" from metering.usage_event
       where position >= $1::bigint and position < $2::bigint and (reported_by is not null or meter = 'calls') group by licence_id order by licence_id`, [from.toString(), until.toString()],
    )) as CountedReports[];
    return { behind: later !== null, reports };
  }

  /** After a database was loaded into another server its transactions are numbered anew: from here on their positions lie behind all that there are. */
  async keepPositions(tx: Tx): Promise<boolean> {
    const rows = (await tx.query(
      `update metering.usage_rollup set shift = greatest(rolled_until, (select max(position) + 1 from metering.usage_event)) - pg_current_xact_id()::text::bigint
       where greatest(rolled_until, (select max(position) from metering.usage_event)) > shift + pg_snapshot_xmax(pg_current_snapshot())::text::bigint returning shift`,
    )) as unknown as [unknown[], number];
    return rows[1] > 0;
  }
}
