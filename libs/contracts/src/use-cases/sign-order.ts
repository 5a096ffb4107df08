import { Injectable } from '@nestjs/common';
import { type Actor, authorise, secondPersonDiffers, type Signatory } from '#identity';
import { Clock, Commands, isRefused, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { pendingOrderStates } from '../domain/licence-state.js';
import type { Agreement } from '../storage/contracts.repository.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import { ClearOrder } from './clear-order.js';
import { SecondSignature } from './second-signature.js';
import { amountOf, type AwaitingClearance, isComplete, showTaken, type Taken, type TakeableOffer, TakeOffer, type TransferRefused } from './take-offer.js';

/**
 * The second signature, of somebody else; and a new one under an order that waits for its clearance, where one it carried has no authority any more.
 * Everything is looked at again as it stands now: the offer, its price, the authority of both, and the law. Where the law does not permit the transfer
 * today the order goes on waiting.
 */
@Injectable()
export class SignOrder {
  constructor(
    private readonly commands: Commands, private readonly orders: PendingOrderRepository, private readonly taking: TakeOffer, private readonly clearing: ClearOrder, private readonly signing: SecondSignature,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: { readonly pendingOrderId: string }): Promise<Result<Agreement, TransferRefused | AwaitingClearance>> {
    const refusal = authorise(actor, 'contracts:sign');
    if (refusal) return refusal;
    const lapsed = await this.credentials(actor, input.pendingOrderId);
    const outcome = await this.commands.runAcross<Result<Taken | AwaitingClearance>>(actor, 'contracts.sign-order', input, async (tx) => {
      if (lapsed) return lapsed;
      const order = await this.orders.lock(tx, input.pendingOrderId);
      if (!order || order.buyerId !== actor.tenantId) return notFound('pending order');
      const problem = this.problem(actor, order);
      if (problem) return problem;
      const takeable = await this.taking.checkAgain(tx, order);
      if (isRefused(takeable)) return takeable;
      const signatories = order.state === 'AWAITING_SIGNATURE' ? await this.signing.together(tx, actor, 'contracts:order', order, [amountOf(takeable.plan)]) : await this.anew(tx, actor, order, takeable);
      if (isRefused(signatories)) return signatories;
      return this.clearing.decide(tx, actor, order, takeable, signatories, actor.memberId);
    });
    return isRefused(outcome) || 'clearing' in outcome ? outcome : showTaken(outcome);
  }

  /** The new signature, with another that still stands where it is needed. */
  private async anew(tx: Tx, actor: Actor, order: PendingOrder, { plan }: TakeableOffer): Promise<Result<readonly Signatory[]>> {
    const own = await this.signing.own(tx, actor, 'contracts:order', [amountOf(plan)]);
    if (isRefused(own)) return own;
    const before: Signatory[] = [];
    for (const memberId of order.signedBy.filter((m) => m !== own.memberId)) {
      const other = await this.signing.identity.signatoryAgain(tx, order.buyerId, { memberId, keyId: order.signedWithKey }, amountOf(plan));
      if (other) before.push(other);
    }
    const together = own.mode === 'ALONE' ? [own] : [...before.slice(0, 1), own];
    return isComplete(together) ? together : stateConflict(CONTRACTS_ERRORS.FIRST_SIGNATURE_VOID, 'whoever signed before has no authority for it any more, and yours needs a second', order.state);
  }

  /** Asks issuers' status lists about all signatories, before the transaction. */
  private async credentials(actor: Actor, pendingOrderId: string): Promise<Refusal | undefined> {
    const order = await this.orders.find(pendingOrderId);
    if (!order || order.buyerId !== actor.tenantId) return undefined;
    return this.signing.credentials(actor, order.state === 'AWAITING_SIGNATURE' ? order.requestedBy : null);
  }

  private problem(actor: Actor, order: PendingOrder) {
    if (pendingOrderStates.next(order.state, 'sign') === undefined) return stateConflict(CONTRACTS_ERRORS.ORDER_CLOSED, 'the order waits no more', order.state);
    if (order.expiresAt <= this.clock.now()) return stateConflict(CONTRACTS_ERRORS.ORDER_CLOSED, 'the order has lapsed', 'EXPIRED');
    if (order.state === 'AWAITING_CLEARANCE') return undefined;
    if (!secondPersonDiffers('contracts:order', 'contracts:sign', { first: order.requestedBy, second: actor.memberId })) return stateConflict(CONTRACTS_ERRORS.SECOND_SIGNATORY, 'the second signature is that of somebody else', order.state);
    return undefined;
  }
}
