import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Sweeps } from '#shared';
import { ApprovalsResolver } from './api/approvals.resolver.js';
import { CaseKindsResolver } from './api/case-kinds.resolver.js';
import { CasesResolver } from './api/cases.resolver.js';
import { CaseDocumentsController } from './api/case-documents.controller.js';
import { CounterStaffResolver } from './api/counter-staff.resolver.js';
import { Approvals, ServiceCounter } from './counter.facade.js';
import { Calendars } from './domain/calendar/calendar.js';
import { ApprovalRepository } from './storage/approval.repository.js';
import { CaseDocumentRepository } from './storage/case-document.repository.js';
import { CaseRepository } from './storage/case.repository.js';
import { CounterStatisticsRepository } from './storage/counter-statistics.repository.js';
import { EndApproval } from './use-cases/approvals/end-approval.js';
import { GrantApproval } from './use-cases/approvals/grant-approval.js';
import { NoteRenewals } from './use-cases/approvals/note-renewals.js';
import { ReadApprovals } from './use-cases/approvals/read-approvals.js';
import { AddDocument } from './use-cases/counter/add-document.js';
import { AssignCase } from './use-cases/counter/assign-case.js';
import { CaseEffects } from './use-cases/counter/case-effects.js';
import { CaseSubjects } from './use-cases/counter/case-subjects.js';
import { CaseTimes } from './use-cases/counter/case-times.js';
import { CheckDocument } from './use-cases/counter/check-document.js';
import { MoveCase } from './use-cases/counter/move-case.js';
import { ReportExport } from './use-cases/counter/report-export.js';
import { OpenCase } from './use-cases/counter/open-case.js';
import { ReadCases } from './use-cases/counter/read-cases.js';
import { RecordCase } from './use-cases/counter/record-case.js';
import { RunClocks } from './use-cases/counter/run-clocks.js';

const MINUTE = 60_000;

/** What the counter does by itself. */
@Injectable()
class CounterSweeps implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly clocks: RunClocks, private readonly ending: EndApproval, private readonly renewals: NoteRenewals) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'compliance.find-due-days', everyMs: MINUTE, run: () => this.clocks.findDueDays() });
    this.sweeps.add({ name: 'compliance.case-reminders', everyMs: MINUTE, run: () => this.clocks.remind() });
    this.sweeps.add({ name: 'compliance.expire-approvals', everyMs: MINUTE, run: () => this.ending.expireLapsed() });
    this.sweeps.add({ name: 'compliance.note-renewals', everyMs: MINUTE, run: () => this.renewals.execute() });
  }
}

export const COUNTER_PROVIDERS = [
  { provide: Calendars, useFactory: (): Calendars => new Calendars() },
  ServiceCounter, Approvals, CounterSweeps, CaseSubjects, CaseTimes, RecordCase, OpenCase, ReportExport, MoveCase, CaseEffects, AssignCase, CheckDocument, AddDocument, ReadCases, RunClocks, GrantApproval, EndApproval, NoteRenewals, ReadApprovals,
  CaseRepository, CaseDocumentRepository, ApprovalRepository, CounterStatisticsRepository, CasesResolver, CaseKindsResolver, CounterStaffResolver, ApprovalsResolver,
];
export const COUNTER_CONTROLLERS = [CaseDocumentsController];
