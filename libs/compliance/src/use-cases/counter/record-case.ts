import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, isRefused, newId, Outbox, type StateConflict, type Tx } from '#shared';
import { CaseMoved } from '../../counter.events.js';
import type { CaseSide } from '../../domain/counter/case-kind.js';
import { CASE_RULES } from '../../domain/counter/case-kinds.js';
import type { CounterCase } from '../../domain/counter/counter-case.js';
import { CaseRepository } from '../../storage/case.repository.js';
import { CaseTimes } from './case-times.js';

export interface CaseMove {
  readonly event: string;
  readonly side: CaseSide;
  readonly reason: string | null;
  readonly reference: string | null;
  /** The day on which it happened; today when it is left out. */
  readonly occurredOn: string | null;
  readonly checks: boolean;
}

/** Writes what happens to a case: the row, its history, the audit line and the event for other rooms, in one transaction. */
@Injectable()
export class RecordCase {
  constructor(private readonly cases: CaseRepository, private readonly times: CaseTimes, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  /** False where a case for the same matter is open. */
  async open(tx: Tx, caller: Caller, opened: CounterCase, side: CaseSide | 'EXCHANGE'): Promise<boolean> {
    if (!(await this.cases.insert(tx, opened))) return false;
    const { id, kind, state, subjectType, subjectId, mechanism, applicantId } = opened;
    await this.cases.record(tx, { id: newId(), caseId: id, event: 'open', from: null, to: state, side, actor: caller.subject, reason: null, reference: null, occurredOn: null, at: opened.openedAt });
    await this.audit.append(tx, caller, { act: 'case.open', objectType: 'case', objectId: id, tenantId: applicantId, details: { kind, subjectType, subjectId, mechanism, dueOn: opened.dueOn } });
    await this.outbox.publish(tx, caller, CaseMoved, id, told(opened));
    return true;
  }

  /** Moves a held case on by its table; a transition that is not in it is refused with nothing written. */
  async move(tx: Tx, caller: Caller, before: CounterCase, { event, side, reason, reference, occurredOn, checks }: CaseMove): Promise<CounterCase | StateConflict> {
    const { table, isClosed } = CASE_RULES[before.kind];
    const now = this.clock.now();
    const day = occurredOn ?? this.times.today(before.calendar);
    const to = table.next(before.state, event) ?? before.state;
    const closed = isClosed(to);
    const times = this.times.entering(before, to, day);
    const timed = before.dueOn !== null && times.clockFrom !== before.clockFrom;
    const after: CounterCase = {
      ...before, ...times, state: to, timed: before.timed || timed, late: before.late || (timed && day > before.dueOn!), checkedBy: checks ? caller.subject : before.checkedBy,
      closedAt: closed ? now : null, workingDays: closed ? this.times.workingDays(before, this.times.today(before.calendar)) : null,
    };
    const state = await this.audit.transition(tx, caller, {
      table, state: before.state, event, objectType: 'case', objectId: before.id, tenantId: before.applicantId, reason, details: { kind: before.kind, reference, occurredOn, dueOn: after.dueOn },
      announce: { type: CaseMoved, payload: told(after) },
    });
    if (isRefused(state)) return state;
    await this.cases.update(tx, after);
    await this.cases.record(tx, { id: newId(), caseId: before.id, event, from: before.state, to, side, actor: caller.subject, reason, reference, occurredOn, at: now });
    return after;
  }
}

const told = ({ id, kind, applicantId, counterpartyId, subjectType, subjectId, mechanism, state, closedAt }: CounterCase) =>
  ({ caseId: id, kind, applicantId, counterpartyId, subjectType, subjectId, mechanism, state, closed: closedAt !== null });
