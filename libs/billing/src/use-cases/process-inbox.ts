import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, money, systemCaller, type Tx, UnitOfWork } from '#shared';
import { PaymentMismatchError } from '../billing.errors.js';
import { INBOX_ATTEMPTS, type InboxEvent, inboxStates, nextAttempt } from '../domain/inbox.js';
import { type PaymentNews, PaymentPort } from '../domain/payment-port.js';
import { InboxRepository } from '../storage/inbox.repository.js';
import { PaymentRepository } from '../storage/payment.repository.js';
import { RefundRepository } from '../storage/refund.repository.js';
import { RecordPayment } from './record-payment.js';
import { RecordChargeback } from './chargebacks/record-chargeback.js';
import { RecordRefund } from './refunds/record-refund.js';

const BATCH = 50;

/** Groups what an event leads to, so that the use case keeps its constructor short. */
@Injectable()
export class InboxDesk {
  constructor(
    readonly inbox: InboxRepository, readonly payments: PaymentRepository, readonly port: PaymentPort, readonly record: RecordPayment,
    readonly refunds: RefundRepository, readonly recordRefund: RecordRefund, readonly recordChargeback: RecordChargeback, readonly clock: Clock,
  ) {}
}

/** Works off what providers told us: each event once, in whatever order they came. */
@Injectable()
export class ProcessInbox {
  private readonly log = new Logger('inbox');
  private readonly caller: Caller = systemCaller('inbox');

  constructor(private readonly uow: UnitOfWork, private readonly desk: InboxDesk, private readonly audit: Audit) {}

  async execute(): Promise<void> {
    for (const id of await this.desk.inbox.due(this.desk.clock.now(), BATCH)) {
      const event = await this.desk.inbox.byId(id);
      if (event?.state === 'RECEIVED') await this.workOff(event);
    }
  }

  private async workOff(event: InboxEvent): Promise<void> {
    try {
      const news = event.provider === this.desk.port.provider ? this.desk.port.newsOf(event.type, event.payload) : null;
      const record = news && (await this.outcome(news));
      await this.uow.run(async (tx) => {
        const locked = await this.desk.inbox.lock(tx, event.id);
        if (locked?.state !== 'RECEIVED') return;
        await record?.(tx);
        await this.move(tx, locked, record ? 'process' : 'ignore', null);
      });
    } catch (error) {
      await this.failed(event, error as Error);
    }
  }

  /** What is to be written down. A success is final at the provider. After a failure the payment is given up there first, so that no money can come of it later. */
  private async outcome(news: PaymentNews): Promise<(tx: Tx) => Promise<unknown>> {
    const { payments, port, record } = this.desk;
    if (news.news === 'refund') return this.refund(news.reference);
    if (news.news === 'chargeback') return this.chargeback(news.reference);
    const payment = (news.paymentId ? await payments.byId(news.paymentId) : null) ?? (await payments.byReference(port.provider, news.reference));
    if (!payment) throw new Error(`no payment for ${news.reference}`);
    switch (news.news) {
      case 'succeeded': return (tx) => record.execute(tx, this.caller, payment.id, { state: 'SUCCEEDED', reference: news.reference, amount: money(news.minor, news.currency) });
      case 'failed': {
        const answer = await port.abandon(news.reference);
        return (tx) => record.execute(tx, this.caller, payment.id, answer);
      }
      default: return news satisfies never;
    }
  }

  private async refund(reference: string): Promise<(tx: Tx) => Promise<unknown>> {
    const { refunds, recordRefund, port } = this.desk;
    const refund = await refunds.byReference(port.provider, reference);
    // It may have been ordered a moment ago, and be written down yet; one that the exchange did not order is for whoever reconciles.
    if (!refund) throw new Error(`no refund for ${reference}`);
    const answer = await port.refundStatus(reference);
    return (tx) => recordRefund.execute(tx, this.caller, refund.id, refund.attempt, answer);
  }

  private async chargeback(reference: string): Promise<(tx: Tx) => Promise<unknown>> {
    const { payments, recordChargeback, port } = this.desk;
    const answer = await port.chargeback(reference);
    if (!answer) return () => Promise.resolve();
    const payment = await payments.byReference(port.provider, answer.paymentReference);
    if (!payment) throw new Error(`no payment for chargeback ${reference}`);
    return (tx) => recordChargeback.execute(tx, this.caller, payment, answer);
  }

  private async failed(event: InboxEvent, error: Error): Promise<void> {
    this.log.error(`event ${event.eventId}: ${error.stack ?? error.message}`);
    const attempts = event.attempts + 1;
    const hopeless = error instanceof PaymentMismatchError || attempts >= INBOX_ATTEMPTS;
    await this.uow.run(async (tx) => {
      const locked = await this.desk.inbox.lock(tx, event.id);
      if (locked?.state !== 'RECEIVED') return;
      await this.desk.inbox.postpone(tx, event.id, attempts, nextAttempt(this.desk.clock.now(), attempts), error.message.slice(0, 1_000));
      if (hopeless) await this.move(tx, locked, 'give_up', error.message.slice(0, 1_000));
    });
  }

  private async move(tx: Tx, event: InboxEvent, step: 'process' | 'ignore' | 'give_up', reason: string | null): Promise<void> {
    const state = accepted(await this.audit.transition(tx, this.caller, { table: inboxStates, state: event.state, event: step, objectType: 'inbox', objectId: event.id, reason, details: { eventId: event.eventId, type: event.type } }));
    await this.desk.inbox.setState(tx, event.id, state);
  }
}
