import { Injectable } from '@nestjs/common';
import { accepted, type Caller, type Tx } from '#shared';
import { CaseRepository } from '../../storage/case.repository.js';
import { DecisionRepository } from '../../storage/decision.repository.js';
import { OpenCase } from './open-case.js';
import { RecordCase } from './record-case.js';

/** The filing that an export under a zone's list is followed by. */
const REPORT = 'negative_list_report';

/** Data has left under the list of a zone: its report is due so many working days after. One for each order. */
@Injectable()
export class ReportExport {
  constructor(private readonly decisions: DecisionRepository, private readonly cases: CaseRepository, private readonly opening: OpenCase, private readonly recorder: RecordCase) {}

  async execute(tx: Tx, caller: Caller, decisionId: string): Promise<void> {
    const decision = await this.decisions.within(tx, decisionId);
    if (!decision?.filings.some((f) => f.type === REPORT)) return;
    const orderDecisionId = decision.priorDecisionId ?? decision.id;
    if (await this.cases.exists(tx, 'NEGATIVE_LIST_REPORT', 'decision', orderDecisionId)) return;
    const opened = accepted(await this.opening.open(tx, caller, { kind: 'NEGATIVE_LIST_REPORT', applicantId: decision.exporterId, counterpartyId: decision.recipientId, subjectType: 'decision', subjectId: orderDecisionId, decisionId }));
    // The exporter exports by having his data delivered: the clock of the report runs from this day.
    accepted(await this.recorder.move(tx, caller, opened, { event: 'export', side: 'APPLICANT', reason: null, reference: null, occurredOn: null, checks: false }));
  }
}
