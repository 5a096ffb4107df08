import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ContractsModule } from '#contracts';
import { Clock, Sweeps, UnitOfWork } from '#shared';
import { MeteringResolver } from './api/metering.resolver.js';
import { Metering } from './metering.facade.js';
import { UsageRepository } from './storage/usage.repository.js';
import { RecordUsage } from './use-cases/record-usage.js';

const DAY_MS = 86_400_000;

@Module({
  imports: [AuditModule, ContractsModule],
  providers: [Metering, MeteringResolver, UsageRepository, RecordUsage],
  exports: [Metering],
})
export class MeteringModule implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly repository: UsageRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  async onModuleInit(): Promise<void> {
    const ensurePartitions = (): Promise<void> => this.uow.run((tx) => this.repository.ensurePartitions(tx, this.clock.now()));
    await ensurePartitions();
    this.sweeps.add({ name: 'metering.partitions', everyMs: DAY_MS, run: ensurePartitions });
  }
}
