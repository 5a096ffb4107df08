import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, isRefused, newId, notFound, type Result, stateConflict, type Tx } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { BILLING_ERRORS } from '../billing.errors.js';
import { nextCheck, type Payment } from '../domain/payment.js';
import { PaymentPort } from '../domain/payment-port.js';
import { PaymentRepository } from '../storage/payment.repository.js';
import { DrivePayment, type DrivenPayment } from './drive-payment.js';

/** Groups where a payment goes, so that the use case keeps its constructor short. */
@Injectable()
export class PaymentWay {
  constructor(readonly payments: PaymentRepository, readonly port: PaymentPort, readonly drive: DrivePayment) {}
}

/** The buyer pays a trade: intent row, provider, answer. Asked again while a payment is under way it answers that payment. */
@Injectable()
export class PayTrade {
  constructor(
    private readonly commands: Commands, private readonly settlement: Settlement, private readonly way: PaymentWay,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, tradeId: string): Promise<Result<DrivenPayment>> {
    const refusal = authorise(actor, 'billing:pay');
    if (refusal) return refusal;
    const intent = await this.commands.run<Result<Payment>>(actor, 'billing.pay-trade', { tradeId }, async (tx) => {
      // Held, so that the trade is not called off between this and the intent.
      const trade = await this.settlement.lockTrade(tx, tradeId);
      if (!trade || trade.buyerId !== organisationOf(actor)) return notFound('trade');
      if (trade.state !== 'AWAITING_PAYMENT') return stateConflict(BILLING_ERRORS.TRADE_NOT_PAYABLE, `a trade in state ${trade.state} is not to be paid`, trade.state);
      return this.intent(tx, actor, trade);
    });
    if (isRefused(intent)) return intent;
    return this.way.drive.execute(actor, (await this.way.payments.byId(intent.id)) ?? intent);
  }

  private async intent(tx: Tx, actor: Actor, trade: Trade): Promise<Result<Payment>> {
    const { payments, port } = this.way;
    const now = this.clock.now();
    const payment: Payment = {
      id: newId(), tradeId: trade.id, buyerId: trade.buyerId, provider: port.provider, amount: trade.gross, state: 'INTENT', providerReference: null,
      failure: null, problem: null, attempts: 0, createdAt: now, endedAt: null,
    };
    if (!(await payments.insert(tx, payment, nextCheck(now, 0)))) {
      const open = await payments.openOfTrade(tx, trade.id);
      if (!open) return stateConflict(BILLING_ERRORS.TRADE_NOT_PAYABLE, 'a payment for this trade has just ended; look at it and try again', trade.state);
      return open.state === 'SUCCEEDED' ? stateConflict(BILLING_ERRORS.TRADE_NOT_PAYABLE, 'the trade is paid', 'FUNDED') : open;
    }
    await this.audit.append(tx, actor, { act: 'payment.intend', objectType: 'payment', objectId: payment.id, tradeId: trade.id, details: { amount: trade.gross, provider: port.provider } });
    return payment;
  }
}
