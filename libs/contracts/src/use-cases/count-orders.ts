import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Catalog, ExchangeTrades } from '#catalog';
import { Subscriptions } from '#shared';
import { AgreementConcluded, LicenceBegun, PendingOrderChanged } from '../contracts.events.js';
import { NO_USAGE, periodsOf, quote } from '../domain/pricing/quote.js';
import { ContractsRepository } from '../storage/contracts.repository.js';
import { LicenseesRepository } from '../storage/licensees.repository.js';

/** What the catalogue shows vendors of their products, orders and agreements come from here: how many, never whose; and so does what the exchange publishes of its trades. */
@Injectable()
export class CountOrders implements OnModuleInit {
  constructor(private readonly subscriptions: Subscriptions, private readonly orders: LicenseesRepository, private readonly contracts: ContractsRepository, private readonly catalog: Catalog, private readonly trades: ExchangeTrades) {}

  onModuleInit(): void {
    this.subscriptions.on(PendingOrderChanged, 'contracts.count-order', async (tx, { payload: { pendingOrderId } }) => {
      const productId = await this.orders.productOfOrder(tx, pendingOrderId);
      if (productId) await this.catalog.interest.order(tx, pendingOrderId, productId);
    });
    this.subscriptions.on(AgreementConcluded, 'contracts.count-trade', async (tx, { payload: { agreementId, productId } }) => {
      await this.catalog.interest.trade(tx, productId, !(await this.orders.waited(tx, agreementId)));
    });
    this.subscriptions.on(LicenceBegun, 'contracts.count-value', async (tx, { payload: { agreementId, begunAt } }) => {
      const { productId, vendorId, buyerId, plan } = await this.contracts.agreed(tx, agreementId);
      const { currency, totalMinor } = quote(plan, NO_USAGE, periodsOf(plan));
      await this.trades.begun(tx, { agreementId, productId, vendorId, buyerId, begunAt: new Date(begunAt), currency, valueMinor: totalMinor });
    });
  }
}
