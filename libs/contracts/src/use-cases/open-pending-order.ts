import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, organisationOf } from '#identity';
import { Clock, newId, Outbox, type Tx } from '#shared';
import { PendingOrderChanged } from '../contracts.events.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';
import type { TakeableOffer } from './take-offer.js';

/** Signed by one, the order waits for another: nothing is agreed yet. */
export interface AwaitingSignature {
  readonly awaiting: PendingOrder;
}

const WAITS_DAYS = 14;

/** Notes what waits for a second signature. */
@Injectable()
export class OpenPendingOrder {
  constructor(private readonly orders: PendingOrderRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async open(tx: Tx, actor: Actor, { offer, input }: TakeableOffer, requestedBy: string): Promise<PendingOrder> {
    const createdAt = this.clock.now();
    const order: PendingOrder = {
      id: newId(), buyerId: organisationOf(actor), offerId: offer.id, purpose: input.purpose, destination: input.destination, currency: offer.currency, oneOffPriceMinor: offer.oneOffPriceMinor,
      perDownloadPrice: offer.perDownloadPrice, requestedBy, state: 'AWAITING_SIGNATURE', expiresAt: new Date(createdAt.getTime() + WAITS_DAYS * 86_400_000), closedBy: null, closedAt: null, agreementId: null, createdAt,
    };
    await this.orders.insert(tx, order);
    const { id, buyerId, offerId, state, expiresAt } = order;
    await this.audit.append(tx, actor, { act: 'pending-order.request', objectType: 'pending-order', objectId: id, details: { ...input, currency: order.currency, oneOffPriceMinor: order.oneOffPriceMinor } });
    await this.outbox.publish(tx, actor, PendingOrderChanged, id, { pendingOrderId: id, buyerId, offerId, state, expiresAt: expiresAt.toISOString() });
    return order;
  }
}
