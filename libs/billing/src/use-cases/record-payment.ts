import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, formatMoney, type Tx } from '#shared';
import { Settlement } from '#settlement';
import { PaymentMismatchError } from '../billing.errors.js';
import { nextCheck, type Payment, paymentStates } from '../domain/payment.js';
import type { PaymentAnswer } from '../domain/payment-port.js';
import { type PaymentPatch, PaymentRepository } from '../storage/payment.repository.js';
import { BeginLicence } from './periods/begin-licence.js';

/**
 * Writes down what the provider says of a payment. When the money is in, payment, escrow and licence move in one transaction.
 * Safe to repeat in any order: what has ended stays as it is.
 */
@Injectable()
export class RecordPayment {
  constructor(
    private readonly payments: PaymentRepository, private readonly settlement: Settlement, private readonly licences: BeginLicence,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, paymentId: string, answer: PaymentAnswer): Promise<Payment> {
    const payment = await this.payments.lock(tx, paymentId);
    if (!payment) throw new Error(`payment ${paymentId} is gone`);
    if (payment.providerReference && answer.reference && payment.providerReference !== answer.reference) {
      throw new PaymentMismatchError(`the provider speaks of ${answer.reference}, the payment is ${payment.providerReference}`);
    }
    if (payment.state === 'SUCCEEDED' || (payment.state === 'FAILED' && answer.state !== 'SUCCEEDED')) return payment;
    if (payment.state === 'FAILED') throw new PaymentMismatchError('money came in for a payment that has failed');
    const known = payment.state === 'INTENT' ? await this.move(tx, caller, payment, 'process', answer.reference ? { providerReference: answer.reference } : {}) : payment;
    switch (answer.state) {
      case 'PROCESSING': return this.wait(tx, known);
      case 'FAILED': return this.move(tx, caller, known, 'fail', { failure: answer.reason, endedAt: this.clock.now() });
      case 'SUCCEEDED': return this.succeed(tx, caller, known, answer);
      default: return answer satisfies never;
    }
  }

  private async succeed(tx: Tx, caller: Caller, payment: Payment, answer: Extract<PaymentAnswer, { state: 'SUCCEEDED' }>): Promise<Payment> {
    if (answer.amount.minor !== payment.amount.minor || answer.amount.currency !== payment.amount.currency) {
      throw new PaymentMismatchError(`${formatMoney(answer.amount)} came in, ${formatMoney(payment.amount)} was asked for`);
    }
    const succeeded = await this.move(tx, caller, payment, 'succeed', { providerReference: answer.reference, problem: null, endedAt: this.clock.now() });
    const trade = accepted(await this.settlement.fund(tx, caller, payment.tradeId, { provider: payment.provider, paymentId: payment.id, amount: answer.amount }));
    if (trade.kind === 'PURCHASE') await this.licences.bought(tx, caller, trade);
    if (trade.kind === 'SUBSCRIPTION') await this.licences.renewed(tx, caller, trade);
    return succeeded;
  }

  private async wait(tx: Tx, payment: Payment): Promise<Payment> {
    const attempts = payment.attempts + 1;
    await this.payments.save(tx, payment.id, { attempts, nextCheckAt: nextCheck(this.clock.now(), attempts) });
    return { ...payment, attempts };
  }

  private async move(tx: Tx, caller: Caller, payment: Payment, event: 'process' | 'succeed' | 'fail', patch: Omit<PaymentPatch, 'state' | 'nextCheckAt'>): Promise<Payment> {
    const state = accepted(await this.audit.transition(tx, caller, {
      table: paymentStates, state: payment.state, event, objectType: 'payment', objectId: payment.id, tenantId: payment.buyerId, tradeId: payment.tradeId, details: { ...patch },
    }));
    await this.payments.save(tx, payment.id, { ...patch, state });
    return { ...payment, ...patch, state };
  }
}
