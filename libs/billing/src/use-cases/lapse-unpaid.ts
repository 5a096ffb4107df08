import { Injectable } from '@nestjs/common';
import { type Caller, Clock, eachSafely, LIMITS, systemCaller, UnitOfWork } from '#shared';
import { Settlement } from '#settlement';
import { CallOffUnpaid } from './call-off-unpaid.js';
import { SetOff } from './credits/set-off.js';

const BATCH = 50;
const REASON = `not paid within ${LIMITS.unpaidDays} days`;
const SET_OFF = `not paid within ${LIMITS.setOffDays} days: a part of its price was set off, and that changes with the days`;

/** Purchases that nobody pays are called off; what was paid in the meantime stays, and a payment that could not be given up is looked at again. */
@Injectable()
export class LapseUnpaid {
  private readonly caller: Caller = systemCaller('unpaid-purchases');

  constructor(private readonly uow: UnitOfWork, private readonly settlement: Settlement, private readonly calling: CallOffUnpaid, private readonly setOff: SetOff, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - LIMITS.unpaidDays * 86_400_000);
    await this.callOff(await this.settlement.unpaidPurchases(before, BATCH), REASON);
    await this.callOff(await this.setOff.credits.lapsing(this.clock.now(), BATCH), SET_OFF);
  }

  private callOff(ids: readonly string[], reason: string): Promise<void> {
    return eachSafely('unpaid-purchases', ids, async (id) => {
      await this.calling.giveUpPayment(id);
      await this.uow.run((tx) => this.calling.execute(tx, this.caller, id, reason));
    });
  }
}
