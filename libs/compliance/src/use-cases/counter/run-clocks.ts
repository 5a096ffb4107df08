import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { eachSafely, Outbox, systemCaller, UnitOfWork } from '#shared';
import { CaseReminder } from '../../counter.events.js';
import { dueReminder, REMINDERS } from '../../domain/counter/reminders.js';
import { CaseRepository } from '../../storage/case.repository.js';
import { CaseTimes } from './case-times.js';

const BATCH = 100;
const CALLER = systemCaller('case-clocks');

/** What the times of open cases make due: reminders, each once, and the end of a time whose calendar has come since. */
@Injectable()
export class RunClocks {
  constructor(private readonly uow: UnitOfWork, private readonly cases: CaseRepository, private readonly times: CaseTimes, private readonly audit: Audit, private readonly outbox: Outbox) {}

  async remind(): Promise<void> {
    await eachSafely('case reminders', await this.cases.toRemind(this.times.todays(), BATCH), (id) => this.remindOf(id));
  }

  async findDueDays(): Promise<void> {
    for (let ids = await this.cases.withoutDueDay(null, BATCH); ids.length; ids = await this.cases.withoutDueDay(ids.at(-1)!, BATCH)) {
      // Mostly the calendar is missing still, and nothing is locked for that.
      const [cases, events] = await Promise.all([this.cases.byIds(ids), this.cases.eventsOf(ids)]);
      const found = ids.filter((id) => cases.get(id) && this.times.found(events.get(id)!, cases.get(id)!));
      await eachSafely('case due days', found, (id) => this.setDueDay(id));
    }
  }

  private async remindOf(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const found = await this.cases.lock(tx, id);
      const level = found && !found.closedAt && dueReminder(found, this.times.today(found.calendar));
      if (!found || !level) return;
      await this.cases.update(tx, { ...found, reminded: REMINDERS.indexOf(level) + 1, remindedAt: this.times.now() });
      const { kind, applicantId, assigneeId, state, dueOn } = found;
      await this.audit.append(tx, CALLER, { act: 'case.remind', objectType: 'case', objectId: id, tenantId: applicantId, details: { kind, state, dueOn, level } });
      await this.outbox.publish(tx, CALLER, CaseReminder, id, { caseId: id, kind, applicantId, assigneeId, state, dueOn: dueOn!, level });
    });
  }

  private async setDueDay(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const found = await this.cases.lock(tx, id);
      if (!found || found.closedAt || found.dueProblem === null) return;
      const due = this.times.found((await this.cases.eventsOf([id])).get(id)!, found);
      if (!due) return;
      await this.cases.update(tx, { ...found, ...due });
      await this.audit.append(tx, CALLER, { act: 'case.set-due-day', objectType: 'case', objectId: id, tenantId: found.applicantId, details: { kind: found.kind, state: found.state, clockFrom: found.clockFrom, dueOn: due.dueOn } });
    });
  }
}
