import { Injectable } from '@nestjs/common';
import { Compliance } from '#compliance';
import { notFound, type Refusal, systemCaller, type Tx } from '#shared';
import { PendingOrderRepository } from '../storage/pending-order.repository.js';

/** An order that waits for what the law asks for comes to the service counter: the vendor files, the buyer is told of it. */
@Injectable()
export class BringToCounter {
  constructor(private readonly orders: PendingOrderRepository, private readonly compliance: Compliance) {}

  /** Opens the cases of an order that still waits. */
  async execute(tx: Tx, requestId: string, pendingOrderId: string, productId: string): Promise<void> {
    const order = await this.orders.lock(tx, pendingOrderId);
    if (order?.state !== 'AWAITING_CLEARANCE') return;
    const { vendorId, buyerId, decisionId, needs, purpose, destination } = order;
    // An approval has to cover every place that the data goes to.
    const endUse = (await this.compliance.declarations.of(tx, order.id))?.facts;
    const destinations = [...new Set([destination, ...(endUse ? [...endUse.endUsers.map((u) => u.country), ...endUse.onward.countries] : [])])];
    await this.compliance.counter.openForNeeds(tx, { ...systemCaller('waiting-orders'), requestId }, needs, {
      applicantId: vendorId, counterpartyId: buyerId, subjectType: 'order', subjectId: order.id, decisionId,
      scope: { recipientId: buyerId, purposes: [purpose], destinations, productIds: [productId] },
    });
  }

  /** Once at start: the vendor of an order that waits may bring it to the counter himself, after another mechanism of the group. */
  speakForOrders(): void {
    this.compliance.counter.registerSubject('order', async (tx, { subjectId, applicantId }): Promise<Refusal | undefined> => {
      const order = await this.orders.read(tx, subjectId);
      return order?.vendorId === applicantId && order.state === 'AWAITING_CLEARANCE' ? undefined : notFound('order');
    });
  }

  /** An order that ended without agreement: what was declared for it has not to be renewed. */
  async ended(tx: Tx, requestId: string, pendingOrderId: string): Promise<void> {
    await this.compliance.declarations.end(tx, { ...systemCaller('waiting-orders'), requestId }, pendingOrderId);
  }
}
