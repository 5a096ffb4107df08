import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { CatalogModule } from '#catalog';
import { ComplianceModule, Screenings } from '#compliance';
import { IdentityModule } from '#identity';
import { Sweeps } from '#shared';
import { ContractsResolver } from './api/contracts.resolver.js';
import { PendingOrdersResolver } from './api/pending-orders.resolver.js';
import { ProductOffersResolver } from './api/product-offers.resolver.js';
import { Contracts } from './contracts.facade.js';
import { contractsEntities } from './storage/contracts.entities.js';
import { ContractsRepository } from './storage/contracts.repository.js';
import { PendingOrderRepository } from './storage/pending-order.repository.js';
import { ScreenedLicenceRepository } from './storage/screened-licence.repository.js';
import { ClosePendingOrder } from './use-cases/close-pending-order.js';
import { ConcludeAgreement } from './use-cases/conclude-agreement.js';
import { CreateOffer } from './use-cases/create-offer.js';
import { MoveLicence } from './use-cases/move-licence.js';
import { OpenPendingOrder } from './use-cases/open-pending-order.js';
import { PlaceOrder } from './use-cases/place-order.js';
import { ScreenLicences } from './use-cases/screen-licences.js';
import { SignOrder } from './use-cases/sign-order.js';
import { TakeOffer } from './use-cases/take-offer.js';
import { TransferFactsOf } from './use-cases/transfer-facts.js';
import { WithdrawOffer } from './use-cases/withdraw-offer.js';

@Module({
  imports: [TypeOrmModule.forFeature(contractsEntities), AuditModule, IdentityModule, ComplianceModule, CatalogModule],
  providers: [Contracts, ContractsRepository, TransferFactsOf, CreateOffer, WithdrawOffer, PlaceOrder, ConcludeAgreement, MoveLicence, ContractsResolver, ProductOffersResolver,
    PendingOrderRepository, TakeOffer, OpenPendingOrder, SignOrder, ClosePendingOrder, PendingOrdersResolver, ScreenedLicenceRepository, ScreenLicences],
  exports: [Contracts],
})
export class ContractsModule implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly licences: MoveLicence, private readonly pending: ClosePendingOrder,
    private readonly screenings: Screenings, private readonly screening: ScreenLicences,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'contracts.screen-licences', everyMs: 500, run: () => this.screenings.work('LICENCES', this.screening) });
    this.sweeps.add({ name: 'contracts.expire-licences', everyMs: 5_000, run: () => this.licences.expireLapsed() });
    this.sweeps.add({ name: 'contracts.expire-pending-orders', everyMs: 60_000, run: () => this.pending.expireLapsed() });
  }
}
