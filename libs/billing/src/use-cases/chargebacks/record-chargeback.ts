import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, newId, systemCaller, type Tx } from '#shared';
import { Settlement, type Trade } from '#settlement';
import { PaymentMismatchError } from '../../billing.errors.js';
import { type ChargebackRecord, chargebackStates } from '../../domain/chargeback.js';
import type { Payment } from '../../domain/payment.js';
import type { ChargebackAnswer } from '../../domain/payment-port.js';
import { ChargebackRepository } from '../../storage/chargeback.repository.js';

/** Writes down what the provider says of a payment that is taken back, and books it. Safe to repeat in any order: its first and its last word count once. */
@Injectable()
export class RecordChargeback {
  /** Whoever froze the trade does not lift it: the verdict is the provider's. */
  private readonly verdict = systemCaller('chargeback-verdicts');

  constructor(private readonly chargebacks: ChargebackRepository, private readonly settlement: Settlement, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, payment: Payment, answer: ChargebackAnswer): Promise<void> {
    if (answer.amount.currency !== payment.amount.currency || answer.amount.minor > payment.amount.minor || payment.state !== 'SUCCEEDED') {
      throw new PaymentMismatchError(`the provider speaks of ${answer.amount.minor} minor units of ${answer.amount.currency}, the payment is ${payment.state} with ${payment.amount.minor} of ${payment.amount.currency}`);
    }
    const trade = await this.held(tx, payment.tradeId);
    const { chargeback, isNew } = await this.chargebacks.open(tx, {
      id: newId(), provider: payment.provider, providerReference: answer.reference, paymentId: payment.id, tradeId: trade.id, buyerId: trade.buyerId, vendorId: trade.vendorId, amount: answer.amount, reason: answer.reason.slice(0, 200),
      state: 'OPEN', openedAt: this.clock.now(), endedAt: null,
    });
    if (isNew) {
      await this.audit.append(tx, caller, { act: 'chargeback.open', objectType: 'chargeback', objectId: chargeback.id, tradeId: trade.id, tenantId: trade.buyerId, details: { reference: answer.reference, amount: answer.amount, reason: answer.reason } });
      await this.settlement.chargebackTaken(tx, caller, trade, chargeback);
    }
    if (answer.state !== 'OPEN' && chargeback.state === 'OPEN') await this.end(tx, await this.held(tx, trade.id), chargeback, answer.state);
  }

  private async end(tx: Tx, trade: Trade, chargeback: ChargebackRecord, state: 'WON' | 'LOST'): Promise<void> {
    accepted(await this.audit.transition(tx, this.verdict, {
      table: chargebackStates, state: chargeback.state, event: state === 'WON' ? 'win' : 'lose', objectType: 'chargeback', objectId: chargeback.id, tradeId: trade.id, tenantId: trade.buyerId,
    }));
    await this.chargebacks.end(tx, chargeback.id, state, this.clock.now());
    await (state === 'WON' ? this.settlement.chargebackWon(tx, this.verdict, trade, chargeback) : this.settlement.chargebackLost(tx, this.verdict, trade, chargeback));
  }

  private async held(tx: Tx, tradeId: string): Promise<Trade> {
    const trade = await this.settlement.lockTrade(tx, tradeId);
    if (!trade) throw new Error(`trade ${tradeId} is gone`);
    return trade;
  }
}
