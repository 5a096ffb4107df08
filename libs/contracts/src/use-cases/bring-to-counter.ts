import { Injectable } from '@nestjs/common';
import { Compliance } from '#compliance';
import { notFound, systemCaller, type Tx } from '#shared';
import { OfferRepository } from '../storage/offer.repository.js';
import { type PendingOrder, PendingOrderRepository } from '../storage/pending-order.repository.js';

/** An order that waits for what the law asks for comes to the service counter: the vendor files, the buyer is told of it. */
@Injectable()
export class BringToCounter {
  constructor(private readonly orders: PendingOrderRepository, private readonly offers: OfferRepository, private readonly compliance: Compliance) {}

  /** Opens the cases of an order that still waits. */
  async execute(tx: Tx, requestId: string, pendingOrderId: string, productId: string): Promise<void> {
    const order = await this.orders.lock(tx, pendingOrderId);
    if (order?.state !== 'AWAITING_CLEARANCE') return;
    const { vendorId, buyerId, decisionId, needs } = order;
    // An approval has to cover every place that the data goes to.
    const endUse = (await this.compliance.declarations.of(tx, order.id))?.facts;
    const onward = endUse ? [...endUse.endUsers.map((u) => u.country), ...endUse.onward.countries] : [];
    await this.compliance.counter.openForNeeds(tx, { ...systemCaller('waiting-orders'), requestId }, needs, {
      applicantId: vendorId, counterpartyId: buyerId, subjectType: 'order', subjectId: order.id, decisionId,
      scope: scopeOf(order, productId, onward),
    });
  }

  /** Once at start: the vendor of an order that waits may bring it to the counter himself, after another mechanism of the group. */
  speakForOrders(): void {
    this.compliance.counter.registerSubject('order', async (tx, { subjectId, applicantId }) => {
      const order = await this.orders.read(tx, subjectId);
      const offer = order?.vendorId === applicantId && order.state === 'AWAITING_CLEARANCE' && (await this.offers.share(tx, order.offerId));
      if (!offer) return notFound('order');
      // The declaration is the buyer's; where the data goes, the vendor reads in the decision.
      const decision = order.decisionId ? (await this.compliance.byIds([order.decisionId])).get(order.decisionId) : undefined;
      return { scope: scopeOf(order, offer.productId, decision?.facts.onward ?? []) };
    });
  }

  /** An order that ended without agreement: what was declared for it has not to be renewed. */
  async ended(tx: Tx, requestId: string, pendingOrderId: string): Promise<void> {
    await this.compliance.declarations.end(tx, { ...systemCaller('waiting-orders'), requestId }, pendingOrderId);
  }
}

/** What the order needs and no more: every place that the data goes to. */
const scopeOf = ({ buyerId, purpose, destination }: PendingOrder, productId: string, onward: readonly string[]) =>
  ({ recipientId: buyerId, purposes: [purpose], destinations: [...new Set([destination, ...onward])], productIds: [productId] });
