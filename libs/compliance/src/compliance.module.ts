import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { IdentityModule } from '#identity';
import { asSystem } from '#shared';
import { ComplianceResolver } from './api/compliance.resolver.js';
import { CLASSIFICATION_PROPOSALS_PROVIDERS } from './classification-proposals.providers.js';
import { Compliance } from './compliance.facade.js';
import { COUNTER_CONTROLLERS, COUNTER_PROVIDERS } from './counter.providers.js';
import { LAW_PROVIDERS } from './law.providers.js';
import { REGISTER_PROVIDERS } from './register.providers.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { registerEntities } from './storage/register.entities.js';
import { CompleteFacts } from './use-cases/complete-facts.js';
import { DecideTransfer } from './use-cases/decide-transfer.js';
import { LoadLaw } from './use-cases/law/load-law.js';
import { VOLUME_PROVIDERS } from './volume.providers.js';

@Module({
  imports: [TypeOrmModule.forFeature(registerEntities), AuditModule, IdentityModule],
  controllers: [...COUNTER_CONTROLLERS],
  providers: [
    Compliance, ComplianceResolver, DecideTransfer, CompleteFacts, DecisionRepository,
    ...LAW_PROVIDERS, ...COUNTER_PROVIDERS, ...REGISTER_PROVIDERS, ...CLASSIFICATION_PROPOSALS_PROVIDERS, ...VOLUME_PROVIDERS,
  ],
  exports: [Compliance],
})
export class ComplianceModule implements OnModuleInit {
  constructor(private readonly loading: LoadLaw) {}

  async onModuleInit(): Promise<void> {
    await asSystem(() => this.loading.execute());
  }
}
