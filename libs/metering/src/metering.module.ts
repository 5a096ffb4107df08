import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ContractsModule } from '#contracts';
import { MeteringResolver } from './api/metering.resolver.js';
import { Metering } from './metering.facade.js';
import { UsageRepository } from './storage/usage.repository.js';
import { RecordUsage } from './use-cases/record-usage.js';

@Module({
  imports: [AuditModule, ContractsModule],
  providers: [Metering, MeteringResolver, UsageRepository, RecordUsage],
  exports: [Metering],
})
export class MeteringModule {}
