import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, secondPersonDiffers } from '#identity';
import { Clock, newId, Outbox, type Refusal, stateConflict, type Tx } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import { ApprovalChanged } from '../../counter.events.js';
import type { Approval, Scope } from '../../domain/approvals/approval.js';
import type { Day } from '../../domain/calendar/days.js';
import type { CaseStep } from '../../domain/counter/case-kind.js';
import { CASE_RULES } from '../../domain/counter/case-kinds.js';
import { checkers, checkTerm, type MoveDetails } from '../../domain/counter/check-move.js';
import { checkScope } from '../../domain/counter/check-scope.js';
import { type CaseDocument, type CounterCase, newest } from '../../domain/counter/counter-case.js';
import { ApprovalRepository } from '../../storage/approval.repository.js';

export interface Grant {
  readonly step: CaseStep;
  readonly details: MoveDetails;
  /** As the result words it; that of the case when left out. */
  readonly scope: Scope | null;
  readonly documents: readonly CaseDocument[];
  readonly today: Day;
}

/** Makes the approval that a case leads to, in the transaction that closes it. Whoever checked what it rests on does not grant it. */
@Injectable()
export class GrantApproval {
  constructor(private readonly approvals: ApprovalRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async execute(tx: Tx, actor: Actor, c: CounterCase, { step, details, scope, documents, today }: Grant): Promise<Approval | Refusal> {
    for (const first of checkers(step, documents, c.checkedBy)) {
      if (!secondPersonDiffers('compliance:handle-cases', 'compliance:handle-cases', { first, second: actor.subject })) return stateConflict(COUNTER_ERRORS.FOUR_EYES, 'whoever checked what it rests on does not grant it', c.state);
    }
    const validFrom = details.validFrom ?? details.occurredOn ?? today;
    const validUntil = details.validUntil ?? null;
    const granted = scope ?? c.scope;
    const wrong = checkTerm(CASE_RULES[c.kind].approval!, validFrom, validUntil, today) ?? checkScope(granted);
    if (wrong) return wrong;
    const approval: Approval = {
      ...granted, id: newId(), type: c.mechanism, holderId: c.applicantId, validFrom, validUntil, state: 'ACTIVE', caseId: c.id, reference: details.reference!, documentSha256: newest(documents, step.accepted?.[0] ?? 'OTHER')?.sha256 ?? null,
      grantedBy: actor.subject, grantedAt: this.clock.now(), renewalNotedAt: null, endedAt: null, endReason: null,
    };
    await this.approvals.insert(tx, approval);
    const { id, type, holderId, recipientId, state, reference } = approval;
    await this.audit.append(tx, actor, { act: 'approval.grant', objectType: 'approval', objectId: id, tenantId: holderId, reason: details.reason ?? null, details: { type, caseId: c.id, recipientId, reference, validFrom, validUntil, documentSha256: approval.documentSha256 } });
    await this.outbox.publish(tx, actor, ApprovalChanged, id, { approvalId: id, holderId, recipientId, type, state });
    return approval;
  }
}

