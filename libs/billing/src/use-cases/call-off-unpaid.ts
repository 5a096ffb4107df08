import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { accepted, type Caller, systemCaller, type Tx, UnitOfWork } from '#shared';
import { Settlement, type Trade } from '#settlement';
import type { Payment } from '../domain/payment.js';
import { SetOff } from './credits/set-off.js';
import { DrivePayment } from './drive-payment.js';
import { InboxDesk } from './process-inbox.js';

/**
 * Calls off a purchase that is not paid: the trade is cancelled and the licence lapses together. A payment under way is given up at the provider
 * first, so that no money can come for a licence that is over; where it has succeeded by then, the purchase is paid and stays.
 */
@Injectable()
export class CallOffUnpaid {
  constructor(private readonly uow: UnitOfWork, private readonly settlement: Settlement, private readonly contracts: Contracts, private readonly desk: InboxDesk, private readonly drive: DrivePayment, private readonly setOff: SetOff) {}

  /** Outside of any transaction: the provider is asked. */
  async giveUpPayment(tradeId: string): Promise<void> {
    const open = (await this.desk.payments.ofTrade(tradeId)).find((p) => p.state === 'INTENT' || p.state === 'PROCESSING');
    if (open) await this.giveUp(systemCaller('unpaid-purchases'), open);
  }

  /** The trade as it is then; still awaiting payment where a payment of it could not be given up. */
  async execute(tx: Tx, caller: Caller, tradeId: string, reason: string): Promise<Trade | null> {
    const trade = await this.settlement.lockTrade(tx, tradeId);
    if (trade?.state !== 'AWAITING_PAYMENT' || (await this.desk.payments.openOfTrade(tx, tradeId))) return trade;
    const cancelled = accepted(await this.settlement.cancel(tx, caller, tradeId, reason));
    accepted(await this.contracts.lapseLicence(tx, caller, trade.agreementId, reason));
    await this.setOff.calledOff(tx, trade.licenceId);
    return cancelled;
  }

  /** An intent of which the provider may not know is taken there first, under the same key. */
  private async giveUp(caller: Caller, payment: Payment): Promise<void> {
    const { port, record } = this.desk;
    if (payment.provider !== port.provider) throw new Error(`payment ${payment.id} is open at ${payment.provider}, which is not connected`);
    const known = payment.providerReference ? payment : (await this.drive.execute(caller, payment)).payment;
    if (!known.providerReference || known.state !== 'PROCESSING') return;
    const answer = await port.abandon(known.providerReference);
    await this.uow.run((tx) => record.execute(tx, caller, known.id, answer));
  }
}
