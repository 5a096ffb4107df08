import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { type Caller, Clock, Commands, eachSafely, isRefused, notFound, type Result, type StateConflict, systemCaller, type Tx, UnitOfWork } from '#shared';
import { ApprovalChanged } from '../../counter.events.js';
import { dayAt } from '../../domain/days.js';
import { type Approval, type ApprovalEvent, approvalStates } from '../../domain/approvals/approval.js';
import { ApprovalRepository } from '../../storage/approval.repository.js';

const BATCH = 100;
const CALLER = systemCaller('approval-expiry');

export interface RevokeApprovalInput {
  readonly approvalId: string;
  readonly reason: string;
}

/** An approval ends: staff revokes it, or its last day is over. */
@Injectable()
export class EndApproval {
  constructor(private readonly commands: Commands, private readonly uow: UnitOfWork, private readonly approvals: ApprovalRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async revoke(actor: Actor, input: RevokeApprovalInput): Promise<Result<Approval>> {
    const refusal = authorise(actor, 'compliance:handle-cases');
    if (refusal) return refusal;
    return this.commands.run<Result<Approval>>(actor, 'compliance.revoke-approval', input, async (tx) => {
      const approval = await this.approvals.lock(tx, input.approvalId);
      return approval ? this.end(tx, actor, approval, 'revoke', input.reason) : notFound('approval');
    });
  }

  async expireLapsed(): Promise<void> {
    const today = dayAt(this.clock.now(), 'Asia/Shanghai');
    await eachSafely('approval expiry', await this.approvals.lapsed(today, BATCH), (id) => this.uow.run(async (tx) => {
      const approval = await this.approvals.lock(tx, id);
      if (approval?.state === 'ACTIVE' && approval.validUntil !== null && approval.validUntil < today) await this.end(tx, CALLER, approval, 'expire', null);
    }));
  }

  private async end(tx: Tx, caller: Caller, approval: Approval, event: ApprovalEvent, reason: string | null): Promise<Approval | StateConflict> {
    const { id, holderId, recipientId, type } = approval;
    const to = event === 'revoke' ? 'REVOKED' : 'EXPIRED';
    const state = await this.audit.transition(tx, caller, {
      table: approvalStates, state: approval.state, event, objectType: 'approval', objectId: id, tenantId: holderId, reason, details: { type, validUntil: approval.validUntil },
      announce: { type: ApprovalChanged, payload: { approvalId: id, holderId, recipientId, type, state: to } },
    });
    if (isRefused(state)) return state;
    const ended: Approval = { ...approval, state, endedAt: this.clock.now(), endReason: reason };
    await this.approvals.end(tx, ended);
    return ended;
  }
}
