import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ContractsModule } from '#contracts';
import { MeteringResolver } from './api/metering.resolver.js';
import { UsageEventsController } from './api/usage-events.controller.js';
import { Metering } from './metering.facade.js';
import { UsageRepository } from './storage/usage.repository.js';
import { RecordUsage } from './use-cases/record-usage.js';
import { CountReports } from './use-cases/reporting/count-reports.js';
import { ReportUsage } from './use-cases/reporting/report-usage.js';

@Module({
  imports: [AuditModule, ContractsModule],
  controllers: [UsageEventsController],
  providers: [Metering, MeteringResolver, UsageRepository, RecordUsage, CountReports, ReportUsage],
  exports: [Metering],
})
export class MeteringModule {}
