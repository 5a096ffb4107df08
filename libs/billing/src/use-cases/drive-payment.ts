import { Injectable, Logger } from '@nestjs/common';
import { type Caller, Clock, systemCaller, UnitOfWork } from '#shared';
import { nextCheck, type Payment } from '../domain/payment.js';
import { PaymentPort } from '../domain/payment-port.js';
import { PaymentRepository } from '../storage/payment.repository.js';
import { RecordPayment } from './record-payment.js';

const BATCH = 50;

export interface DrivenPayment {
  readonly payment: Payment;
  /** With it the buyer pays at the provider. Never stored. */
  readonly clientSecret: string | null;
}

/** Takes a payment to the provider and writes down the answer. The call stands outside of any transaction; the payment's id is its key. */
@Injectable()
export class DrivePayment {
  private readonly log = new Logger('payments');

  constructor(
    private readonly uow: UnitOfWork, private readonly payments: PaymentRepository, private readonly port: PaymentPort,
    private readonly record: RecordPayment, private readonly clock: Clock,
  ) {}

  /** A provider that does not answer leaves the payment as it is; the sweep asks again. */
  async execute(caller: Caller, payment: Payment): Promise<DrivenPayment> {
    if (payment.state === 'SUCCEEDED' || payment.state === 'FAILED' || payment.provider !== this.port.provider) return { payment, clientSecret: null };
    try {
      const answer = payment.providerReference
        ? await this.port.status(payment.providerReference)
        : await this.port.start({ paymentId: payment.id, tradeId: payment.tradeId, amount: payment.amount });
      // Money that arrives moves the trade and the accounts of both sides.
      const recorded = await this.uow.runAcross((tx) => this.record.execute(tx, caller, payment.id, answer));
      return { payment: recorded, clientSecret: answer.state === 'PROCESSING' ? answer.clientSecret : null };
    } catch (error) {
      this.log.error(`payment ${payment.id}: ${(error as Error).stack ?? String(error)}`);
      return { payment: await this.postpone(payment.id, (error as Error).message), clientSecret: null };
    }
  }

  /** Payments whose answer is not known: a process died in between, or the payer has not acted yet. */
  async sweep(): Promise<void> {
    for (const payment of await this.payments.due(this.port.provider, this.clock.now(), BATCH)) await this.execute(systemCaller('payments'), payment);
  }

  private postpone(id: string, message: string): Promise<Payment> {
    return this.uow.run(async (tx) => {
      const payment = await this.payments.lock(tx, id);
      if (!payment) throw new Error(`payment ${id} is gone`);
      if (payment.state === 'SUCCEEDED' || payment.state === 'FAILED') return payment;
      const change = { attempts: payment.attempts + 1, problem: message.slice(0, 1_000) };
      await this.payments.save(tx, id, { ...change, nextCheckAt: nextCheck(this.clock.now(), change.attempts) });
      return { ...payment, ...change };
    });
  }
}
