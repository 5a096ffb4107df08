import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, permits, secondPersonDiffers } from '#identity';
import { accepted, Clock, Commands, isRefused, notFound, type Refusal, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { PendingOrderChanged } from '../contracts.events.js';
import { pendingOrderStates } from '../domain/licence-state.js';
import type { Agreement } from '../storage/contracts.repository.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import { amountOf, noAuthority, showTaken, type Taken, TakeOffer, type TransferRefused } from './take-offer.js';

/**
 * The second signature, of somebody else. Everything is looked at again as it stands now: the offer, its price, the authority of both, and
 * the law. Where the law does not permit the transfer today the order goes on waiting.
 */
@Injectable()
export class SignOrder {
  constructor(
    private readonly commands: Commands, private readonly orders: PendingOrderRepository, private readonly taking: TakeOffer, private readonly identity: Identity,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: { readonly pendingOrderId: string }): Promise<Result<Agreement, TransferRefused>> {
    const refusal = authorise(actor, 'contracts:sign');
    if (refusal) return refusal;
    const lapsed = await this.credentials(actor, input.pendingOrderId);
    const outcome = await this.commands.runAcross<Result<Taken>>(actor, 'contracts.sign-order', input, async (tx) => {
      if (lapsed) return lapsed;
      const order = await this.orders.lock(tx, input.pendingOrderId);
      if (!order || order.buyerId !== actor.tenantId) return notFound('pending order');
      const problem = this.problem(actor, order);
      if (problem) return problem;
      const takeable = await this.taking.check(tx, actor, order);
      if (isRefused(takeable)) return takeable;
      const { offer } = takeable;
      if (offer.currency !== order.currency || offer.oneOffPriceMinor !== order.oneOffPriceMinor || offer.perDownloadPrice !== order.perDownloadPrice) return stateConflict(CONTRACTS_ERRORS.PRICE_CHANGED, 'the price is another now', order.state);
      const first = await this.identity.signatoryByMandate(tx, order.buyerId, order.requestedBy, amountOf(offer));
      if (!first) return stateConflict(CONTRACTS_ERRORS.FIRST_SIGNATURE_VOID, 'whoever signed first has no authority for it any more', order.state);
      const second = await this.identity.signatory(tx, actor, amountOf(offer));
      // Without a mandate of his own the second needs the role that orders.
      if (!second || (second.mandateId === null && !permits(actor, 'contracts:order'))) return noAuthority(offer);
      const taken = await this.taking.take(tx, actor, takeable, [first, second]);
      if ('refusedBy' in taken) return taken;
      const state = accepted(await this.audit.transition(tx, actor, {
        table: pendingOrderStates, state: order.state, event: 'sign', objectType: 'pending-order', objectId: order.id, details: { agreementId: taken.agreement.id },
        announce: { type: PendingOrderChanged, payload: { pendingOrderId: order.id, buyerId: order.buyerId, offerId: order.offerId, state: 'CONCLUDED', expiresAt: order.expiresAt.toISOString() } },
      }));
      await this.orders.close(tx, { ...order, state, closedBy: second.memberId, closedAt: this.clock.now(), agreementId: taken.agreement.id });
      return taken;
    });
    return isRefused(outcome) ? outcome : showTaken(outcome);
  }

  /** Asks issuers' status lists about both signatories, before the transaction. */
  private async credentials(actor: Actor, pendingOrderId: string): Promise<Refusal | undefined> {
    const order = await this.orders.find(pendingOrderId);
    if (!order || order.buyerId !== actor.tenantId) return undefined;
    return (await this.identity.credentialsStand(actor)) ?? (await this.identity.credentialsStand({ ...actor, memberId: order.requestedBy }));
  }

  private problem(actor: Actor, order: PendingOrder) {
    if (pendingOrderStates.next(order.state, 'sign') === undefined) return stateConflict(CONTRACTS_ERRORS.ORDER_CLOSED, 'the order waits no more', order.state);
    if (order.expiresAt <= this.clock.now()) return stateConflict(CONTRACTS_ERRORS.ORDER_CLOSED, 'the order has lapsed', 'EXPIRED');
    if (!secondPersonDiffers('contracts:order', 'contracts:sign', { first: order.requestedBy, second: actor.memberId })) return stateConflict(CONTRACTS_ERRORS.SECOND_SIGNATORY, 'the second signature is that of somebody else', order.state);
    return undefined;
  }
}
