import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '#audit';
import { asSystem } from '#shared';
import { ComplianceResolver } from './api/compliance.resolver.js';
import { CLASSIFICATION_PROPOSALS_PROVIDERS } from './classification-proposals.providers.js';
import { Compliance } from './compliance.facade.js';
import { RulebookShelf } from './domain/rulebook-shelf.js';
import { RULEBOOKS } from './rulebooks/index.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { RulebookRepository } from './storage/rulebook.repository.js';
import { VolumeRepository } from './storage/volume.repository.js';
import { DecideTransfer } from './use-cases/decide-transfer.js';
import { KeepRulebooks } from './use-cases/keep-rulebooks.js';

@Module({
  imports: [AuditModule],
  providers: [
    Compliance, ComplianceResolver, DecideTransfer, KeepRulebooks, DecisionRepository, VolumeRepository, RulebookRepository,
    ...CLASSIFICATION_PROPOSALS_PROVIDERS,
    { provide: RulebookShelf, useFactory: () => RulebookShelf.of(RULEBOOKS) },
  ],
  exports: [Compliance],
})
export class ComplianceModule implements OnModuleInit {
  constructor(private readonly keepRulebooks: KeepRulebooks) {}

  async onModuleInit(): Promise<void> {
    await asSystem(() => this.keepRulebooks.execute());
  }
}
