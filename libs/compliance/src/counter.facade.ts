import { Injectable } from '@nestjs/common';
import { accepted, type Caller, type Result, type Tx } from '#shared';
import type { Approval } from './domain/approvals/approval.js';
import { kindFor } from './domain/counter/case-kinds.js';
import type { CounterCase } from './domain/counter/counter-case.js';
import { ApprovalRepository } from './storage/approval.repository.js';
import { CaseRepository } from './storage/case.repository.js';
import { CaseSubjects, type SubjectCheck } from './use-cases/counter/case-subjects.js';
import { ReportExport } from './use-cases/counter/report-export.js';
import { OpenCase, type OpenCaseRequest } from './use-cases/counter/open-case.js';

/** The most cases about one thing that are looked through. */
const MOST = 100;

/** The service counter for other rooms. */
@Injectable()
export class ServiceCounter {
  constructor(private readonly opening: OpenCase, private readonly cases: CaseRepository, private readonly subjects: CaseSubjects, private readonly reports: ReportExport) {}

  /** The first byte of a delivery leaves: where its decision rests on the list of a zone, the report that follows is opened, once for each order. */
  exported(tx: Tx, caller: Caller, decisionId: string): Promise<void> {
    return this.reports.execute(tx, caller, decisionId);
  }

  /**
   * Opens a case in the caller's transaction, or answers the one that is open for the same kind, applicant, subject and mechanism. Whose case it is and
   * what it is about, the caller answers for; it needs a reach over rows of the applicant. `case-moved`, `approval-changed` tell what becomes of it.
   */
  open(tx: Tx, caller: Caller, request: OpenCaseRequest): Promise<Result<CounterCase>> {
    return this.opening.open(tx, caller, request);
  }
  /**
   * Opens a case for each group of mechanisms that a decision asks for, after the first of the group; the applicant may take up another of it himself.
   * Answers the open ones. Called again it opens nothing twice.
   */
  async openForNeeds(tx: Tx, caller: Caller, needs: readonly (readonly string[])[], request: Omit<OpenCaseRequest, 'kind' | 'mechanism'>): Promise<CounterCase[]> {
    const opened: CounterCase[] = [];
    for (const [mechanism] of needs) opened.push(accepted(await this.opening.open(tx, caller, { ...request, kind: kindFor(mechanism!), mechanism: mechanism! })));
    return opened;
  }
  /** A case as the reach of whoever asks lets it be seen. */
  async byId(id: string): Promise<CounterCase | null> {
    return (await this.cases.byIds([id])).get(id) ?? null;
  }
  /** The open cases about something, newest first; at most a hundred. */
  openFor(tx: Tx, subjectType: string, subjectId: string): Promise<CounterCase[]> {
    return this.cases.openAbout(tx, subjectType, subjectId, MOST);
  }
  /** Once at start: who may bring things of this type to the counter himself. Types that no room speaks for are opened by `open` alone. */
  registerSubject(subjectType: string, check: SubjectCheck): void {
    this.subjects.register(subjectType, check);
  }
}

/** The register of approvals for other rooms. */
@Injectable()
export class Approvals {
  constructor(private readonly approvals: ApprovalRepository) {}

  /** What an exporter holds and is neither revoked nor noted as expired; whether it carries a transfer on a day, `covers` says. */
  heldBy(tx: Tx, holderId: string): Promise<Approval[]> {
    return this.approvals.heldBy(tx, holderId);
  }
  /** The same, held until the transaction ends, so that none is revoked or used up by another in the meantime. */
  lockHeldBy(tx: Tx, holderId: string): Promise<Approval[]> {
    return this.approvals.lockHeldBy(tx, holderId);
  }
}
