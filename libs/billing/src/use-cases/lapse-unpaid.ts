import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { accepted, type Caller, Clock, eachSafely, LIMITS, systemCaller, UnitOfWork } from '#shared';
import { Settlement } from '#settlement';
import type { Payment } from '../domain/payment.js';
import { DrivePayment } from './drive-payment.js';
import { InboxDesk } from './process-inbox.js';

const BATCH = 50;
const REASON = `not paid within ${LIMITS.unpaidDays} days`;

/**
 * Calls off purchases that nobody pays: the trade is cancelled and the licence lapses together. A payment under way is given up at the provider
 * first, so that no money can come for a licence that is over; where it has succeeded by then, the purchase is paid and stays.
 */
@Injectable()
export class LapseUnpaid {
  private readonly caller: Caller = systemCaller('unpaid-purchases');

  constructor(
    private readonly uow: UnitOfWork, private readonly settlement: Settlement, private readonly contracts: Contracts, private readonly desk: InboxDesk, private readonly drive: DrivePayment, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - LIMITS.unpaidDays * 86_400_000);
    await eachSafely('unpaid-purchases', await this.settlement.unpaidPurchases(before, BATCH), (id) => this.lapse(id));
  }

  private async lapse(tradeId: string): Promise<void> {
    const open = (await this.desk.payments.ofTrade(tradeId)).find((p) => p.state === 'INTENT' || p.state === 'PROCESSING');
    if (open) await this.giveUp(open);
    await this.uow.run(async (tx) => {
      const trade = await this.settlement.lockTrade(tx, tradeId);
      // Paid in the meantime, or a payment that could not be given up: it is looked at again.
      if (trade?.state !== 'AWAITING_PAYMENT' || (await this.desk.payments.openOfTrade(tx, tradeId))) return;
      accepted(await this.settlement.cancel(tx, this.caller, tradeId, REASON));
      accepted(await this.contracts.lapseLicence(tx, this.caller, trade.agreementId, REASON));
    });
  }

  /** Outside of any transaction. An intent of which the provider may not know is taken there first, under the same key. */
  private async giveUp(payment: Payment): Promise<void> {
    const { port, record } = this.desk;
    if (payment.provider !== port.provider) throw new Error(`payment ${payment.id} is open at ${payment.provider}, which is not connected`);
    const known = payment.providerReference ? payment : (await this.drive.execute(this.caller, payment)).payment;
    if (!known.providerReference || known.state !== 'PROCESSING') return;
    const answer = await port.abandon(known.providerReference);
    await this.uow.run((tx) => record.execute(tx, this.caller, known.id, answer));
  }
}
