import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { CaseKind } from '../domain/counter/case-kind.js';
import type { CaseEvent, CounterCase } from '../domain/counter/counter-case.js';
import { CASE_COLUMNS, type CaseRecord, scopeValues, toCase } from './case-columns.js';

/** The calendar day at the place of each calendar, by its id: whether a time has run out is a question of place. */
export type Todays = Readonly<Record<string, string>>;

/** Each narrows down where it is not null. */
export interface CaseFilter {
  readonly kind: CaseKind | null;
  readonly state: string | null;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly applicantId: string | null;
  /** Of the opening: from the first moment on, before the second. */
  readonly from: Date | null;
  readonly until: Date | null;
}
export interface OwnCaseFilter extends CaseFilter {
  readonly open: boolean | null;
}
export interface QueueFilter extends CaseFilter {
  readonly assigneeId: string | null;
  readonly unassigned: boolean;
  readonly overdue: boolean;
  readonly calendarMissing: boolean;
}

const EVENTS = `id, case_id as "caseId", event, from_state as "from", to_state as "to", side, actor, reason, reference, occurred_on::text as "occurredOn", at`;
const BY_IDS = { name: 'compliance.cases-by-ids', text: `select ${CASE_COLUMNS} from compliance.counter_case where id = any($1::uuid[])` };
/** What is asked for decides which index serves: both lists are planned for the values each time. */
const NARROW = `($1::text is null or kind = $1) and ($2::text is null or state = $2) and ($3::text is null or subject_type = $3) and ($4::text is null or subject_id = $4) and ($5::uuid is null or applicant_id = $5)
  and ($6::timestamptz is null or opened_at >= $6) and ($7::timestamptz is null or opened_at < $7)`;
const narrowed = (f: CaseFilter): unknown[] => [f.kind, f.state, f.subjectType, f.subjectId, f.applicantId, f.from, f.until];
const OF_PARTY = {
  name: 'compliance.cases-of-party', plannedEachTime: true as const,
  text: `select ${CASE_COLUMNS} from compliance.counter_case where (applicant_id = $8 or counterparty_id = $8 or assessor_id = $8) and ${NARROW}
         and ($9::boolean is null or $9 = (closed_at is null)) and ($10::uuid is null or id < $10) order by id desc limit $11`,
};
const QUEUE = {
  name: 'compliance.case-queue', plannedEachTime: true as const,
  text: `select ${CASE_COLUMNS} from compliance.counter_case where closed_at is null
         and ${NARROW} and ($8::uuid is null or assignee_id = $8) and (not $9 or assignee_id is null)
         and (not $10 or due_on < ($11::jsonb ->> calendar)::date) and (not $12 or due_problem is not null)
         and ($13::date is null or (coalesce(due_on, '9999-12-31'), id) > ($13::date, $14::uuid)) order by coalesce(due_on, '9999-12-31'), id limit $15`,
};
const EVENTS_OF = { name: 'compliance.case-events', text: `select ${EVENTS} from compliance.case_event where case_id = any($1::uuid[]) order by case_id, id` };
const TO_REMIND = {
  name: 'compliance.cases-to-remind',
  text: `select id from compliance.counter_case where closed_at is null and due_on is not null and reminded < 3
         and case reminded when 0 then soon_on when 1 then next_on else due_on + 1 end <= ($1::jsonb ->> calendar)::date order by due_on, id limit $2`,
};
const WITHOUT_DUE = { name: 'compliance.cases-without-due-day', text: `select id from compliance.counter_case where closed_at is null and due_problem is not null and ($1::uuid is null or id > $1) order by id limit $2` };

@Injectable()
export class CaseRepository {
  constructor(private readonly database: Database) {}

  /** Adds a case; false where one is open for the same matter. */
  async insert(tx: Tx, c: CounterCase): Promise<boolean> {
    const rows = (await tx.query(
      `insert into compliance.counter_case (id, kind, state, applicant_id, counterparty_id, assessor_id, subject_type, subject_id, mechanism, decision_id, purposes, destinations, product_ids, persons, sensitive_persons, recipient_id,
         calendar, opened_at, clock_from, due_on, due_problem, soon_on, next_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
       on conflict (kind, applicant_id, subject_type, subject_id, mechanism) where closed_at is null do nothing returning id`,
      [c.id, c.kind, c.state, c.applicantId, c.counterpartyId, c.assessorId, c.subjectType, c.subjectId, c.mechanism, c.decisionId, ...scopeValues(c.scope),
        c.calendar, c.openedAt, c.clockFrom, c.dueOn, c.dueProblem, c.soonOn, c.nextOn],
    )) as unknown[];
    return rows.length === 1;
  }

  /** The open case for this matter. */
  async openOne(tx: Tx, { kind, applicantId, subjectType, subjectId, mechanism }: CounterCase): Promise<CounterCase | null> {
    const rows = (await tx.query(`select ${CASE_COLUMNS} from compliance.counter_case where kind = $1 and applicant_id = $2 and subject_type = $3 and subject_id = $4 and mechanism = $5 and closed_at is null`,
      [kind, applicantId, subjectType, subjectId, mechanism])) as CaseRecord[];
    return rows[0] ? toCase(rows[0]) : null;
  }

  /** The open cases about something, newest first. */
  async openAbout(tx: Tx, subjectType: string, subjectId: string, limit: number): Promise<CounterCase[]> {
    return ((await tx.query(`select ${CASE_COLUMNS} from compliance.counter_case where subject_type = $1 and subject_id = $2 and closed_at is null order by id desc limit $3`, [subjectType, subjectId, limit])) as CaseRecord[]).map(toCase);
  }

  /** Whether there is, or was, a case of this kind about something. */
  async exists(tx: Tx, kind: CounterCase['kind'], subjectType: string, subjectId: string): Promise<boolean> {
    return ((await tx.query('select 1 from compliance.counter_case where kind = $1 and subject_type = $2 and subject_id = $3 limit 1', [kind, subjectType, subjectId])) as unknown[]).length > 0;
  }

  async countOpen(tx: Tx, applicantId: string): Promise<number> {
    const [row] = (await tx.query('select count(*)::int as n from compliance.counter_case where applicant_id = $1 and closed_at is null', [applicantId])) as [{ n: number }];
    return row.n;
  }

  /** Reads a case and holds it: of two who move it at once, the second finds it moved. */
  async lock(tx: Tx, id: string): Promise<CounterCase | null> {
    const rows = (await tx.query(`select ${CASE_COLUMNS} from compliance.counter_case where id = $1 for no key update`, [id])) as CaseRecord[];
    return rows[0] ? toCase(rows[0]) : null;
  }

  async update(tx: Tx, c: CounterCase): Promise<void> {
    await tx.query(
      `update compliance.counter_case set state = $2, assignee_id = $3, clock_from = $4, due_on = $5, due_problem = $6, soon_on = $7, next_on = $8, reminded = $9, reminded_at = $10, timed = $11, late = $12, checked_by = $13,
         closed_at = $14, working_days = $15 where id = $1`,
      [c.id, c.state, c.assigneeId, c.clockFrom, c.dueOn, c.dueProblem, c.soonOn, c.nextOn, c.reminded, c.remindedAt, c.timed, c.late, c.checkedBy, c.closedAt, c.workingDays],
    );
  }

  async record(tx: Tx, e: CaseEvent): Promise<void> {
    await tx.query('insert into compliance.case_event (id, case_id, event, from_state, to_state, side, actor, reason, reference, occurred_on, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [e.id, e.caseId, e.event, e.from, e.to, e.side, e.actor, e.reason, e.reference, e.occurredOn, e.at]);
  }

  async byIds(ids: readonly string[]): Promise<Map<string, CounterCase>> {
    const rows = await this.database.query<CaseRecord & Record<string, unknown>>(BY_IDS, [ids]);
    return new Map(rows.map((r) => [r.id, toCase(r)]));
  }
  async ofParty(organisationId: string, filter: OwnCaseFilter, request: PageRequest): Promise<Page<CounterCase>> {
    const rows = await this.database.query<CaseRecord & Record<string, unknown>>(OF_PARTY, [...narrowed(filter), organisationId, filter.open, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map(toCase), request, (c) => [c.id]);
  }
  /** Open cases, those whose time ends first at the head, those without one at the end. */
  async queue(filter: QueueFilter, todays: Todays, request: PageRequest): Promise<Page<CounterCase>> {
    const [day, id] = request.after ?? [null, null];
    const rows = await this.database.query<CaseRecord & Record<string, unknown>>(QUEUE, [...narrowed(filter), filter.assigneeId, filter.unassigned, filter.overdue, JSON.stringify(todays), filter.calendarMissing, day, id, request.first + 1]);
    return toPage(rows.map(toCase), request, (c) => [c.dueOn ?? '9999-12-31', c.id]);
  }
  async eventsOf(caseIds: readonly string[]): Promise<Map<string, CaseEvent[]>> {
    const events = (await this.database.query<CaseEvent & Record<string, unknown>>(EVENTS_OF, [caseIds])) as CaseEvent[];
    return new Map(caseIds.map((id) => [id, events.filter((e) => e.caseId === id)]));
  }
  async toRemind(todays: Todays, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(TO_REMIND, [JSON.stringify(todays), limit])).map((r) => r.id);
  }
  /** Open cases whose calendar was missing, by id. */
  async withoutDueDay(after: string | null, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(WITHOUT_DUE, [after, limit])).map((r) => r.id);
  }
}
