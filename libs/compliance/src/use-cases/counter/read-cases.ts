import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf } from '#identity';
import { isId, type NotPermitted, type Page, type PageRequest } from '#shared';
import { eventsFor } from '../../domain/counter/case-kind.js';
import { CASE_RULES } from '../../domain/counter/case-kinds.js';
import type { CaseDocument, CaseEvent, CounterCase } from '../../domain/counter/counter-case.js';
import { ApprovalRepository } from '../../storage/approval.repository.js';
import { CaseDocumentRepository, type DocumentContent } from '../../storage/case-document.repository.js';
import { CaseRepository, type OwnCaseFilter, type QueueFilter } from '../../storage/case.repository.js';
import { type CounterStatistics, CounterStatisticsRepository } from '../../storage/counter-statistics.repository.js';
import { authoriseAtCounter, isPartyReader, isStaffReader, maySee, sideOf } from './case-side.js';
import { CaseTimes } from './case-times.js';

const BETWEEN_PARTIES: ReadonlySet<string> = new Set(['STANDARD_CONTRACT', 'LEGAL_DOCUMENT', 'MECHANISM_EVIDENCE', 'RESULT', 'FILING_RECEIPT']);

/** What of the counter an actor may see: its parties their cases, staff all of them. Null is what he may not. */
@Injectable()
export class ReadCases {
  constructor(
    private readonly cases: CaseRepository, private readonly documents: CaseDocumentRepository, private readonly approvals: ApprovalRepository, private readonly statistics: CounterStatisticsRepository, private readonly times: CaseTimes,
  ) {}

  async byId(actor: Actor, id: string): Promise<CounterCase | null> {
    const found = isId(id) ? (await this.cases.byIds([id])).get(id) : undefined;
    return found && maySee(actor, found) ? found : null;
  }
  /** Those that the actor's organisation is a party of, newest first. */
  async mine(actor: Actor, filter: OwnCaseFilter, request: PageRequest): Promise<Page<CounterCase> | null> {
    return isPartyReader(actor) ? this.cases.ofParty(organisationOf(actor), filter, request) : null;
  }
  async queue(actor: Actor, filter: QueueFilter, request: PageRequest): Promise<Page<CounterCase> | null> {
    return isStaffReader(actor) ? this.cases.queue(filter, this.times.todays(), request) : null;
  }
  async statisticsOf(actor: Actor, from: Date, until: Date): Promise<CounterStatistics[] | null> {
    return isStaffReader(actor) ? this.statistics.of(from, until, this.times.todays()) : null;
  }
  async content(actor: Actor, caseId: string, documentId: string): Promise<DocumentContent | null> {
    const found = isId(documentId) ? await this.byId(actor, caseId) : null;
    const content = found && (await this.documents.content(caseId, documentId));
    // The other party reads what is between the two of them; what the applicant assessed of himself is for the authority.
    const shared = isStaffReader(actor) || actor.tenantId === found?.applicantId || actor.tenantId === found?.assessorId || BETWEEN_PARTIES.has(content?.document.kind ?? '');
    return shared ? content : null;
  }

  /** The refusal for whoever may see nothing of the counter. */
  refusedAtCounter(actor: Actor): NotPermitted | undefined {
    return isStaffReader(actor) || isPartyReader(actor) ? undefined : authoriseAtCounter(actor);
  }

  /** For loaders: what belongs to cases that the actor sees already. */
  eventsOf(caseIds: readonly string[]): Promise<Map<string, CaseEvent[]>> {
    return this.cases.eventsOf(caseIds);
  }
  documentsOf(caseIds: readonly string[]): Promise<Map<string, CaseDocument[]>> {
    return this.documents.ofCases(caseIds);
  }
  approvalsOf(caseIds: readonly string[]): Promise<Map<string, string>> {
    return this.approvals.idsOfCases(caseIds);
  }

  isOverdue(c: CounterCase): boolean {
    return c.dueOn !== null && this.times.today(c.calendar) > c.dueOn;
  }
  /** The events that this actor may bring in now. */
  possible(actor: Actor, c: CounterCase): string[] {
    const side = sideOf(actor, c);
    return side ? eventsFor(CASE_RULES[c.kind], c.state, side) : [];
  }
  clockOf(c: CounterCase, events: readonly CaseEvent[]) {
    return c.clockFrom === null ? undefined : events.map((e) => this.times.clockOf(c.kind, e.to)).findLast((clock) => clock !== undefined);
  }
}
