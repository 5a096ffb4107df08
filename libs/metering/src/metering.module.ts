import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ContractsModule } from '#contracts';
import { MeteringResolver } from './api/metering.resolver.js';
import { UsageExportsController } from './api/exports/usage-exports.controller.js';
import { UsageEventsController } from './api/usage-events.controller.js';
import { Metering } from './metering.facade.js';
import { UsageRepository } from './storage/usage.repository.js';
import { UsageRollupRepository } from './storage/usage-rollup.repository.js';
import { UsageSumRepository } from './storage/usage-sum.repository.js';
import { ExportUsage } from './use-cases/queries/export-usage.js';
import { ReadUsage } from './use-cases/queries/read-usage.js';
import { RollUpUsage } from './use-cases/rollup/roll-up-usage.js';
import { RecordUsage } from './use-cases/record-usage.js';
import { CountReports } from './use-cases/reporting/count-reports.js';
import { ReportUsage } from './use-cases/reporting/report-usage.js';

@Module({
  imports: [AuditModule, ContractsModule],
  controllers: [UsageEventsController, UsageExportsController],
  providers: [Metering, MeteringResolver, UsageRepository, UsageRollupRepository, UsageSumRepository, ReadUsage, RollUpUsage, ExportUsage, RecordUsage, CountReports, ReportUsage],
  exports: [Metering],
})
export class MeteringModule {}
