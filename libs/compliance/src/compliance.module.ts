import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '#audit';
import { asSystem } from '#shared';
import { ComplianceResolver } from './api/compliance.resolver.js';
import { Compliance } from './compliance.facade.js';
import { LAW_PROVIDERS } from './law.providers.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { DecideTransfer } from './use-cases/decide-transfer.js';
import { LoadLaw } from './use-cases/law/load-law.js';
import { VOLUME_PROVIDERS } from './volume.providers.js';

@Module({
  imports: [AuditModule],
  providers: [
    Compliance, ComplianceResolver, DecideTransfer, DecisionRepository,
    ...LAW_PROVIDERS, ...VOLUME_PROVIDERS,
  ],
  exports: [Compliance],
})
export class ComplianceModule implements OnModuleInit {
  constructor(private readonly loading: LoadLaw) {}

  async onModuleInit(): Promise<void> {
    await asSystem(() => this.loading.execute());
  }
}
