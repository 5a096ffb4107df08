import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import type { Decision } from '#compliance';
import { type Actor, organisationOf, type Signatory } from '#identity';
import { Clock, Outbox, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { OrderAwaitsClearance, PendingOrderChanged } from '../contracts.events.js';
import { SIGNING_DAYS } from '../domain/licence-state.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import { awaits, changed, firstWait, signed } from './clear-order.js';
import { amountOf, type AwaitingClearance, type TakeableOffer } from './take-offer.js';

/** Signed by one, the order waits for another: nothing is agreed yet. */
export interface AwaitingSignature {
  readonly awaiting: PendingOrder;
}

/** Notes what waits: for a second signature, or for what the law asks for. */
@Injectable()
export class OpenPendingOrder {
  constructor(private readonly orders: PendingOrderRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async open(tx: Tx, actor: Actor, takeable: TakeableOffer, signatory: Signatory): Promise<PendingOrder> {
    return this.insert(tx, actor, this.draft(actor, takeable, signatory));
  }

  /** One at a time of the same terms: whoever orders twice would come to have two agreements on the day of the clearance. */
  async clearance(tx: Tx, actor: Actor, takeable: TakeableOffer, signatory: Signatory, decision: Decision): Promise<Result<AwaitingClearance>> {
    const draft: PendingOrder = { ...this.draft(actor, takeable, signatory), ...firstWait(decision, [signatory], this.clock.now()) };
    if (await this.orders.waitsAlready(tx, draft)) return stateConflict(CONTRACTS_ERRORS.ORDER_WAITS, 'an order of yours on the same terms waits for its clearance already', 'AWAITING_CLEARANCE');
    const clearing = await this.insert(tx, actor, draft);
    await this.outbox.publish(tx, actor, OrderAwaitsClearance, clearing.id, awaits(clearing, takeable.offer.productId));
    return { clearing, decision };
  }

  private draft(actor: Actor, { orderId, offer, plan, input }: TakeableOffer, signatory: Signatory): PendingOrder {
    const createdAt = this.clock.now();
    return {
      id: orderId, buyerId: organisationOf(actor), vendorId: offer.vendorId, offerId: offer.id, purpose: input.purpose, destination: input.destination, plan,
      requestedBy: signatory.memberId, state: 'AWAITING_SIGNATURE', expiresAt: new Date(createdAt.getTime() + SIGNING_DAYS * 86_400_000), closedBy: null, closedAt: null, agreementId: null, createdAt,
      decisionId: null, needs: [], blockedBy: null, ...signed([signatory]), nextTryAt: null, renewsAgreementId: input.renewsAgreementId ?? null,
    };
  }

  private async insert(tx: Tx, actor: Actor, order: PendingOrder): Promise<PendingOrder> {
    await this.orders.insert(tx, order);
    const { purpose, destination, offerId, plan, decisionId, needs } = order;
    await this.audit.append(tx, actor, { act: 'pending-order.request', objectType: 'pending-order', objectId: order.id, details: { purpose, destination, offerId, planId: plan.id, ...amountOf(plan), ...(decisionId ? { decisionId, needs } : {}) } });
    await this.outbox.publish(tx, actor, PendingOrderChanged, order.id, changed(order));
    return order;
  }
}
