import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Catalog } from '#catalog';
import { Subscriptions } from '#shared';
import { AgreementConcluded, PendingOrderChanged } from '../contracts.events.js';
import { LicenseesRepository } from '../storage/licensees.repository.js';

/** What the catalogue shows vendors of their products, orders and agreements come from here: how many, never whose. */
@Injectable()
export class CountOrders implements OnModuleInit {
  constructor(private readonly subscriptions: Subscriptions, private readonly orders: LicenseesRepository, private readonly catalog: Catalog) {}

  onModuleInit(): void {
    this.subscriptions.on(PendingOrderChanged, 'contracts.count-order', async (tx, { payload: { pendingOrderId } }) => {
      const productId = await this.orders.productOfOrder(tx, pendingOrderId);
      if (productId) await this.catalog.interest.order(tx, pendingOrderId, productId);
    });
    this.subscriptions.on(AgreementConcluded, 'contracts.count-trade', async (tx, { payload: { agreementId, productId } }) => {
      await this.catalog.interest.trade(tx, productId, !(await this.orders.waited(tx, agreementId)));
    });
  }
}
