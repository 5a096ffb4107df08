import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, secondPersonDiffers } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict } from '#shared';
import { type Payout, payoutStates } from '../domain/payout.js';
import { SETTLEMENT_ERRORS } from '../settlement.errors.js';
import { ClearingRepository, type PayoutPatch } from '../storage/clearing.repository.js';

/** The second officer on a payout above the limit: whoever ran its cycle, or brought it up again, does not let it go. */
@Injectable()
export class ApprovePayout {
  constructor(private readonly commands: Commands, private readonly clearing: ClearingRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  approve(actor: Actor, payoutId: string): Promise<Result<Payout>> {
    const now = this.clock.now();
    return this.act(actor, 'approve', payoutId, null, { approvedBy: actor.subject, approvedAt: now, nextCallAt: now });
  }
  /** It is FAILED then, with the reason; `retryPayout` brings it up again. */
  reject(actor: Actor, payoutId: string, reason: string): Promise<Result<Payout>> {
    return this.act(actor, 'reject', payoutId, reason, { failure: `rejected: ${reason}` });
  }

  private async act(actor: Actor, event: 'approve' | 'reject', payoutId: string, reason: string | null, change: Omit<PayoutPatch, 'state'>): Promise<Result<Payout>> {
    const refusal = authorise(actor, 'settlement:clear');
    if (refusal) return refusal;
    return this.commands.run<Result<Payout>>(actor, `settlement.${event}-payout`, { payoutId, reason }, async (tx) => {
      const payout = await this.clearing.lockPayout(tx, payoutId);
      if (!payout) return notFound('payout');
      if (!secondPersonDiffers('settlement:clear', 'settlement:clear', { first: payout.proposedBy, second: actor.subject })) return stateConflict(SETTLEMENT_ERRORS.SECOND_OFFICER, 'somebody else lets go what you brought up', payout.state);
      const state = await this.audit.transition(tx, actor, { table: payoutStates, state: payout.state, event, objectType: 'payout', objectId: payout.id, tenantId: payout.vendorId, reason });
      if (isRefused(state)) return state;
      await this.clearing.savePayout(tx, payout.id, { ...change, state });
      const { nextCallAt: _next, ...shown } = change;
      return { ...payout, ...shown, state };
    });
  }
}
