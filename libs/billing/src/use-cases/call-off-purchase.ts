import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Notices, organisationOf } from '#identity';
import { asSystem, Commands, notFound, type Result, stateConflict } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BILLING_ERRORS } from '../billing.errors.js';
import { CallOffUnpaid } from './call-off-unpaid.js';

export interface CallOffPurchaseInput {
  readonly tradeId: string;
  /** Both sides read it. */
  readonly reason: string;
}

/** The buyer withdraws from a purchase that he has not paid, of his own accord or because the vendor asked him to: its payment request is closed and its licence lapses. Against a payment at the same time one of both counts. */
@Injectable()
export class CallOffPurchase {
  constructor(private readonly commands: Commands, private readonly settlement: Settlement, private readonly calling: CallOffUnpaid, private readonly notices: Notices) {}

  async execute(actor: Actor, input: CallOffPurchaseInput): Promise<Result<Trade>> {
    const refusal = authorise(actor, 'billing:call-off');
    if (refusal) return refusal;
    const found = await this.settlement.tradeById(input.tradeId);
    if (found?.buyerId !== organisationOf(actor) || found.kind !== 'PURCHASE') return notFound('purchase');
    // Both sides' rows, and the exchange's own with the provider.
    if (found.state === 'AWAITING_PAYMENT') await asSystem(() => this.calling.giveUpPayment(found.id));
    return this.commands.runAcross<Result<Trade>>(actor, 'billing.call-off-purchase', input, async (tx) => {
      const before = await this.settlement.lockTrade(tx, found.id);
      const trade = before?.state === 'AWAITING_PAYMENT' ? await this.calling.execute(tx, actor, found.id, `called off by its buyer: ${input.reason}`) : null;
      if (trade?.state !== 'CANCELLED') return stateConflict(BILLING_ERRORS.TRADE_NOT_PAYABLE, before?.state === 'AWAITING_PAYMENT' ? 'a payment is under way and could not be given up: try again' : 'only a purchase that awaits its payment is called off', before?.state ?? 'NONE');
      await this.notices.tell(tx, [trade.vendorId, trade.buyerId], { objectType: 'AGREEMENT', objectId: trade.agreementId, kind: 'TERMINATED', text: `Called off before it was paid: ${input.reason}`, details: { tradeId: trade.id } });
      return trade;
    });
  }
}
