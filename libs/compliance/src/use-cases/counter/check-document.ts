import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, notFound, type Result, stateConflict } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import type { CaseDocument } from '../../domain/counter/counter-case.js';
import { CaseDocumentRepository } from '../../storage/case-document.repository.js';
import { CaseRepository } from '../../storage/case.repository.js';

export interface CheckCaseDocumentInput {
  readonly documentId: string;
  readonly accept: boolean;
  readonly reason: string;
}

/** Staff says, once, whether a document shows what it should. What it takes back it takes back by a newer document. */
@Injectable()
export class CheckDocument {
  constructor(private readonly commands: Commands, private readonly cases: CaseRepository, private readonly documents: CaseDocumentRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: CheckCaseDocumentInput): Promise<Result<CaseDocument>> {
    const refusal = authorise(actor, 'compliance:handle-cases');
    if (refusal) return refusal;
    return this.commands.run<Result<CaseDocument>>(actor, 'compliance.check-document', input, async (tx) => {
      const caseId = await this.documents.caseOf(tx, input.documentId);
      const found = caseId && (await this.cases.lock(tx, caseId));
      if (!found) return notFound('document');
      if (found.closedAt) return stateConflict(COUNTER_ERRORS.CLOSED, 'the case is closed', found.state);
      const document = (await this.documents.ofCase(tx, found.id)).find((d) => d.id === input.documentId)!;
      if (document.state !== 'PENDING') return stateConflict(COUNTER_ERRORS.DOCUMENT_CHECKED, 'the document was checked already', document.state);
      const checked: CaseDocument = { ...document, state: input.accept ? 'ACCEPTED' : 'REJECTED', checkedBy: actor.subject, checkedAt: this.clock.now(), checkReason: input.reason };
      await this.documents.check(tx, checked);
      await this.audit.append(tx, actor, {
        act: input.accept ? 'case.accept-document' : 'case.reject-document', objectType: 'case', objectId: found.id, tenantId: found.applicantId, reason: input.reason, details: { documentId: document.id, kind: document.kind, sha256: document.sha256 },
      });
      return checked;
    });
  }
}
