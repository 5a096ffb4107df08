import { Injectable, Logger } from '@nestjs/common';
import { Clock, systemCaller, UnitOfWork } from '#shared';
import { Settlement } from '#settlement';
import { nextCheck } from '../../domain/payment.js';
import { PaymentPort } from '../../domain/payment-port.js';
import { type Refund, refundKey } from '../../domain/refund.js';
import { RefundRepository } from '../../storage/refund.repository.js';
import { RecordRefund } from './record-refund.js';

const BATCH = 50;
/** Whoever waits for his vendor is looked at again after this long. */
const UNCOVERED_MS = 60_000;
const UNCOVERED = 'waits until its vendor has covered it';

/** Takes refunds to the provider and writes down the answers. The call stands outside of any transaction; refund and attempt are its key. */
@Injectable()
export class DriveRefund {
  private readonly log = new Logger('refunds');
  private readonly caller = systemCaller('refunds');

  constructor(
    private readonly uow: UnitOfWork, private readonly refunds: RefundRepository, private readonly port: PaymentPort, private readonly record: RecordRefund,
    private readonly settlement: Settlement, private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    for (const refund of await this.refunds.due(this.port.provider, this.clock.now(), BATCH)) await this.execute(refund);
  }

  private async execute(refund: Refund): Promise<void> {
    try {
      if (refund.state === 'INTENT' && !(await this.covered(refund))) return;
      const answer = refund.providerReference
        ? await this.port.refundStatus(refund.providerReference)
        : await this.port.refund({ refundKey: refundKey(refund), refundId: refund.id, paymentReference: refund.paymentReference, amount: refund.amount });
      await this.uow.run((tx) => this.record.execute(tx, this.caller, refund.id, refund.attempt, answer));
    } catch (error) {
      this.log.error(`refund ${refund.id}: ${(error as Error).stack ?? String(error)}`);
      await this.postpone(refund.id, (error as Error).message.slice(0, 1_000), (now, attempts) => nextCheck(now, attempts));
    }
  }

  /** The exchange does not advance what a vendor gives back after he was paid: two who are one would have it twice. */
  private async covered(refund: Refund): Promise<boolean> {
    const reversal = await this.settlement.reversalById(refund.id);
    if (!reversal) throw new Error(`reversal ${refund.id} is gone`);
    if (reversal.cause !== 'REFUND' || (await this.uow.run((tx) => this.settlement.isCovered(tx, reversal)))) return true;
    await this.postpone(refund.id, UNCOVERED, (now) => new Date(now.getTime() + UNCOVERED_MS));
    return false;
  }

  private postpone(id: string, problem: string, next: (now: Date, attempts: number) => Date): Promise<void> {
    return this.uow.run(async (tx) => {
      const refund = await this.refunds.lock(tx, id);
      if (!refund || (refund.state !== 'INTENT' && refund.state !== 'PROCESSING')) return;
      const attempts = refund.attempts + 1;
      await this.refunds.save(tx, id, { attempts, problem, nextCheckAt: next(this.clock.now(), attempts) });
    });
  }
}
