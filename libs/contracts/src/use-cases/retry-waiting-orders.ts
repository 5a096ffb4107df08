import { Injectable } from '@nestjs/common';
import { Identity, type Signatory } from '#identity';
import { type Caller, Clock, eachSafely, isRefused, type Refusal, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import { ClearOrder } from './clear-order.js';
import { amountOf, isComplete, TakeOffer } from './take-offer.js';

const BATCH = 50;

/**
 * Decides waiting orders again when something has changed that may clear them: what the exporter holds, the law, the year. Each in a transaction of
 * its own, from its row: whatever dies in between, the order is still due.
 */
@Injectable()
export class RetryWaitingOrders {
  private readonly caller: Caller = systemCaller('waiting-orders');

  constructor(
    private readonly uow: UnitOfWork, private readonly orders: PendingOrderRepository, private readonly taking: TakeOffer, private readonly clearing: ClearOrder, private readonly identity: Identity, private readonly clock: Clock,
  ) {}

  /** In the transaction of whoever tells it: every waiting order of which this organisation is a side, or where it is null everybody's, is decided again soon. */
  soon(tx: Tx, organisationId: string | null): Promise<void> {
    return this.orders.makeDue(tx, organisationId, this.clock.now());
  }

  /** Works off what is due. */
  async execute(): Promise<void> {
    await eachSafely('waiting-orders', await this.orders.due(this.clock.now(), BATCH), (id) => this.retry(id));
  }

  private async retry(id: string): Promise<void> {
    // Asks issuers' status lists, so before the transaction.
    const lapsed = await this.credentials(id);
    await this.uow.run(async (tx) => {
      const order = await this.orders.lock(tx, id);
      const now = this.clock.now();
      if (order?.state !== 'AWAITING_CLEARANCE' || !order.nextTryAt || order.nextTryAt > now || order.expiresAt <= now) return;
      const takeable = await this.taking.checkAgain(tx, order);
      const problem = lapsed ?? (isRefused(takeable) ? takeable : undefined);
      if (problem || isRefused(takeable)) return void (await this.clearing.block(tx, this.caller, order, problem!.message));
      const signatories = await this.standing(tx, order, amountOf(takeable.plan));
      if (!isComplete(signatories)) return void (await this.clearing.block(tx, this.caller, order, 'whoever signed has no authority for it any more: sign it again'));
      await this.clearing.decide(tx, this.caller, order, takeable, signatories, null);
    });
  }

  /** Of those who signed, those who may still. */
  private async standing(tx: Tx, order: PendingOrder, amount: { currency: string; minor: bigint }): Promise<Signatory[]> {
    const found: Signatory[] = [];
    for (const memberId of order.signedBy) {
      const signatory = await this.identity.signatoryAgain(tx, order.buyerId, { memberId, keyId: order.signedWithKey }, amount);
      if (signatory) found.push(signatory);
    }
    return found;
  }

  private async credentials(id: string): Promise<Refusal | undefined> {
    const order = await this.orders.find(id);
    for (const memberId of order?.signedBy ?? []) {
      const refusal = await this.identity.credentialsStand({ kind: 'member', subject: `member:${memberId}`, tenantId: order!.buyerId, memberId, requestId: this.caller.requestId });
      if (refusal) return refusal;
    }
    return undefined;
  }
}
