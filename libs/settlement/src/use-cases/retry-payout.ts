import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, Config, type Currency, isRefused, notFound, type Result } from '#shared';
import { type Payout, payoutStates } from '../domain/payout.js';
import { needsApproval, readLimits } from '../domain/payout-limits.js';
import { ClearingRepository } from '../storage/clearing.repository.js';

/** Staff orders a failed payout anew, once its cause is gone. */
@Injectable()
export class RetryPayout {
  private readonly limits: ReadonlyMap<Currency, string>;

  constructor(private readonly commands: Commands, private readonly clearing: ClearingRepository, private readonly audit: Audit, private readonly clock: Clock, config: Config) {
    this.limits = readLimits(config.PAYOUT_APPROVAL_ABOVE);
  }

  async execute(actor: Actor, payoutId: string): Promise<Result<Payout>> {
    const refusal = authorise(actor, 'settlement:clear');
    if (refusal) return refusal;
    return this.commands.run<Result<Payout>>(actor, 'settlement.retry-payout', { payoutId }, async (tx) => {
      const payout = await this.clearing.lockPayout(tx, payoutId);
      if (!payout) return notFound('payout');
      // What nobody has approved waits for a second officer once more.
      const again = payout.approvedBy === null && needsApproval(payout.amount, this.limits) ? 'resubmit' : 'retry';
      const state = await this.audit.transition(tx, actor, { table: payoutStates, state: payout.state, event: again, objectType: 'payout', objectId: payout.id, tenantId: payout.vendorId });
      if (isRefused(state)) return state;
      const change = { state, attempt: payout.attempt + 1, failure: null, ...(again === 'resubmit' ? { proposedBy: actor.subject } : {}) };
      await this.clearing.savePayout(tx, payout.id, { ...change, nextCallAt: this.clock.now() });
      return { ...payout, ...change };
    });
  }
}
