import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity } from '#identity';
import { Commands, invalid, notFound, type Result, stateConflict } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import type { CounterCase } from '../../domain/counter/counter-case.js';
import { CaseRepository } from '../../storage/case.repository.js';

export interface AssignCaseInput {
  readonly caseId: string;
  /** A compliance officer of the exchange; null: nobody. */
  readonly memberId: string | null;
}

/** Says who of the staff looks after a case. */
@Injectable()
export class AssignCase {
  constructor(private readonly commands: Commands, private readonly cases: CaseRepository, private readonly identity: Identity, private readonly audit: Audit) {}

  async execute(actor: Actor, input: AssignCaseInput): Promise<Result<CounterCase>> {
    const refusal = authorise(actor, 'compliance:handle-cases');
    if (refusal) return refusal;
    return this.commands.run<Result<CounterCase>>(actor, 'compliance.assign-case', input, async (tx) => {
      const found = await this.cases.lock(tx, input.caseId);
      if (!found) return notFound('case');
      if (found.closedAt) return stateConflict(COUNTER_ERRORS.CLOSED, 'the case is closed', found.state);
      const member = input.memberId === null ? null : await this.identity.activeMember(input.memberId);
      if (input.memberId !== null && (member?.organisationId !== actor.tenantId || !member?.roles.includes('COMPLIANCE_OFFICER'))) return invalid(COUNTER_ERRORS.ASSIGNEE, 'memberId', 'a compliance officer of the exchange');
      if (found.assigneeId === input.memberId) return found;
      const assigned = { ...found, assigneeId: input.memberId };
      await this.cases.update(tx, assigned);
      await this.audit.append(tx, actor, { act: 'case.assign', objectType: 'case', objectId: found.id, tenantId: found.applicantId, details: { from: found.assigneeId, to: input.memberId } });
      return assigned;
    });
  }
}
