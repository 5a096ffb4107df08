import { Injectable } from '@nestjs/common';
import { LicenceBilling } from '#contracts';
import { type Caller, Clock, eachSafely, LIMITS, systemCaller, UnitOfWork } from '#shared';
import { Settlement } from '#settlement';
import { ScheduleRepository } from '../../storage/schedule.repository.js';

const BATCH = 100;
const REASON = `a period was not paid within ${LIMITS.subscriptionGraceDays} days`;

/** A period that began and is not paid: after the days of grace the licence rests until the money is in. What is owed stays owed. */
@Injectable()
export class HoldUnpaid {
  private readonly caller: Caller = systemCaller('unpaid-periods');

  constructor(private readonly uow: UnitOfWork, private readonly schedule: ScheduleRepository, private readonly settlement: Settlement, private readonly licences: LicenceBilling, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    await eachSafely('unpaid-periods', await this.schedule.overdue(this.clock.now(), BATCH), (tradeId) => this.uow.run(async (tx) => {
      // Held as `payTrade` and the answer of the provider hold it: it is paid before, or after.
      const trade = await this.settlement.lockTrade(tx, tradeId);
      const period = await this.schedule.ofTrade(tx, tradeId);
      if (trade?.state !== 'AWAITING_PAYMENT' || !period) return;
      await this.schedule.held(tx, tradeId, this.clock.now());
      await this.licences.holdUnpaid(tx, this.caller, period.licenceId, REASON);
    }));
  }
}
