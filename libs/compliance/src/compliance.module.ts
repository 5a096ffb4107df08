import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { IdentityModule } from '#identity';
import { asSystem } from '#shared';
import { ComplianceResolver } from './api/compliance.resolver.js';
import { Compliance } from './compliance.facade.js';
import { RulebookShelf } from './domain/rulebook-shelf.js';
import { REGISTER_PROVIDERS } from './register.providers.js';
import { RULEBOOKS } from './rulebooks/index.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { registerEntities } from './storage/register.entities.js';
import { RulebookRepository } from './storage/rulebook.repository.js';
import { VolumeRepository } from './storage/volume.repository.js';
import { DecideTransfer } from './use-cases/decide-transfer.js';
import { KeepRulebooks } from './use-cases/keep-rulebooks.js';

@Module({
  imports: [TypeOrmModule.forFeature(registerEntities), AuditModule, IdentityModule],
  providers: [
    Compliance, ComplianceResolver, DecideTransfer, KeepRulebooks, DecisionRepository, VolumeRepository, RulebookRepository,
    { provide: RulebookShelf, useFactory: () => RulebookShelf.of(RULEBOOKS) },
    ...REGISTER_PROVIDERS,
  ],
  exports: [Compliance],
})
export class ComplianceModule implements OnModuleInit {
  constructor(private readonly keepRulebooks: KeepRulebooks) {}

  async onModuleInit(): Promise<void> {
    await asSystem(() => this.keepRulebooks.execute());
  }
}
