import { Injectable } from '@nestjs/common';
import { Database } from '#shared';
import type { CaseKind } from '../domain/counter/case-kind.js';
import type { Todays } from './case.repository.js';

/** How the counter works off cases of one kind. */
export interface CounterStatistics {
  readonly kind: CaseKind;
  readonly open: number;
  readonly overdue: number;
  readonly unassigned: number;
  readonly calendarMissing: number;
  /** Closed in the period; the rest is of those. */
  readonly closed: number;
  /** Working days from the opening to the end; null where none was closed whose calendar is there. */
  readonly medianWorkingDays: number | null;
  readonly ninetiethPercentileWorkingDays: number | null;
  /** With a statutory time, and of them without one that ran out. */
  readonly timed: number;
  readonly inTime: number;
}

const STATISTICS = {
  name: 'compliance.counter-statistics',
  text: `select kind, count(*) filter (where closed_at is null)::int as open, count(*) filter (where closed_at is null and due_on < ($3::jsonb ->> calendar)::date)::int as overdue,
           count(*) filter (where closed_at is null and assignee_id is null)::int as unassigned, count(*) filter (where closed_at is null and due_problem is not null)::int as "calendarMissing",
           count(closed_at)::int as closed, percentile_disc(0.5) within group (order by working_days) filter (where closed_at is not null) as "medianWorkingDays",
           percentile_disc(0.9) within group (order by working_days) filter (where closed_at is not null) as "ninetiethPercentileWorkingDays",
           count(*) filter (where closed_at is not null and timed)::int as timed, count(*) filter (where closed_at is not null and timed and not late)::int as "inTime"
         from compliance.counter_case where closed_at is null or (closed_at >= $1 and closed_at < $2) group by kind order by kind`,
};

@Injectable()
export class CounterStatisticsRepository {
  constructor(private readonly database: Database) {}

  of(from: Date, until: Date, todays: Todays): Promise<CounterStatistics[]> {
    return this.database.query<CounterStatistics & Record<string, unknown>>(STATISTICS, [from, until, JSON.stringify(todays)]);
  }
}
