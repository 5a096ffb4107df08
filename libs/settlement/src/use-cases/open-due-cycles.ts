import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, eachSafely, newId, systemCaller, UnitOfWork, zero } from '#shared';
import type { ClearingCycle } from '../domain/clearing.js';
import { calendarOf, dueDay } from '../domain/settlement-day.js';
import { ClearingRepository } from '../storage/clearing.repository.js';

/** Opens the cycle of the day for each currency with accepted trades, once its settlement day has come to the cut-off. Whoever is first opens it; the sweep of cycles works it off. */
@Injectable()
export class OpenDueCycles {
  private readonly caller = systemCaller('settlement-calendar');

  constructor(private readonly uow: UnitOfWork, private readonly clearing: ClearingRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    await eachSafely('settlement calendar', await this.clearing.currenciesToClear(), (currency) => this.uow.run(async (tx) => {
      const settlementDay = dueDay(calendarOf(currency), now);
      if (!settlementDay) return;
      const cycle: ClearingCycle = {
        id: newId(), currency, state: 'OPEN', tradeCount: 0, payoutCount: 0, gross: zero(currency), paidOut: zero(currency), settlementDay, openedBy: this.caller.subject, openedAt: now, closedAt: null,
      };
      if (!(await this.clearing.insertCycle(tx, cycle))) return;
      await this.audit.append(tx, this.caller, { act: 'clearing_cycle.open', objectType: 'clearing_cycle', objectId: cycle.id, tenantId: null, details: { currency, settlementDay } });
    }));
  }
}
