import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { BillingModule } from '#billing';
import { CatalogModule } from '#catalog';
import { ComplianceModule } from '#compliance';
import { ContractsModule } from '#contracts';
import { DeliveryModule } from '#delivery';
import { IdentityModule } from '#identity';
import { MeteringModule } from '#metering';
import { SettlementModule } from '#settlement';
import { LineageDealResolver } from './api/lineage-deal.resolver.js';
import { LineageMoneyResolver } from './api/lineage-money.resolver.js';
import { OversightResolver } from './api/oversight.resolver.js';
import { Oversight } from './oversight.facade.js';

@Module({
  imports: [AuditModule, IdentityModule, ComplianceModule, CatalogModule, ContractsModule, MeteringModule, DeliveryModule, SettlementModule, BillingModule],
  providers: [Oversight, OversightResolver, LineageDealResolver, LineageMoneyResolver],
})
export class OversightModule {}
