import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, notFound, type Result, stateConflict } from '#shared';
import { type Refund, refundStates } from '../../domain/refund.js';
import { RefundRepository } from '../../storage/refund.repository.js';
import { RecordRefund } from './record-refund.js';

/** Staff orders a failed refund anew, once its cause is gone: another order for the provider. */
@Injectable()
export class RetryRefund {
  constructor(private readonly commands: Commands, private readonly refunds: RefundRepository, private readonly record: RecordRefund, private readonly clock: Clock) {}

  async execute(actor: Actor, refundId: string): Promise<Result<Refund>> {
    const refusal = authorise(actor, 'settlement:clear');
    if (refusal) return refusal;
    return this.commands.run<Result<Refund>>(actor, 'billing.retry-refund', { refundId }, async (tx) => {
      const refund = await this.refunds.lock(tx, refundId);
      if (!refund) return notFound('refund');
      if (refundStates.next(refund.state, 'retry') === undefined) return stateConflict(`${refundStates.name}.not_possible`, `retry is not possible in state ${refund.state}`, refund.state);
      return this.record.move(tx, actor, refund, 'retry', { attempt: refund.attempt + 1, providerReference: null, failure: null, problem: null, attempts: 0, endedAt: null, nextCheckAt: this.clock.now() });
    });
  }
}
