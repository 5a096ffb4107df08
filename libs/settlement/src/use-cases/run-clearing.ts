import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isCurrency, isRefused, newId, type Result, zero } from '#shared';
import type { ClearingCycle } from '../domain/clearing.js';
import { SETTLEMENT_ERRORS } from '../settlement.errors.js';
import { ClearingRepository } from '../storage/clearing.repository.js';
import { WorkOffCycle } from './work-off-cycle.js';

/** As many batches as a request waits for; the sweep does the rest. */
const BATCHES = 5;

/** Staff starts a clearing cycle. The cycle is a row first, so that a run that dies, or is longer than a request, is finished by the sweep. */
@Injectable()
export class RunClearing {
  constructor(
    private readonly commands: Commands, private readonly clearing: ClearingRepository, private readonly work: WorkOffCycle,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, currency: string): Promise<Result<ClearingCycle>> {
    const refusal = authorise(actor, 'settlement:clear');
    if (refusal) return refusal;
    if (!isCurrency(currency)) return invalid(SETTLEMENT_ERRORS.CURRENCY_UNKNOWN, 'currency', 'an ISO 4217 code that is traded here');
    const opened = await this.commands.run<Result<ClearingCycle>>(actor, 'settlement.run-clearing', { currency }, async (tx) => {
      const cycle: ClearingCycle = {
        id: newId(), currency, state: 'OPEN', tradeCount: 0, payoutCount: 0, gross: zero(currency), paidOut: zero(currency), settlementDay: null, openedBy: actor.subject, openedAt: this.clock.now(), closedAt: null,
      };
      await this.clearing.insertCycle(tx, cycle);
      await this.audit.append(tx, actor, { act: 'clearing_cycle.open', objectType: 'clearing_cycle', objectId: cycle.id, details: { currency } });
      return cycle;
    });
    return isRefused(opened) ? opened : this.work.execute(opened.id, BATCHES);
  }
}
