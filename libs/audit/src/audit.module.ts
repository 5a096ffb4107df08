import { Module, type OnModuleInit } from '@nestjs/common';
import { Sweeps } from '#shared';
import { Audit } from './audit.facade.js';
import { AuditRepository } from './storage/audit.repository.js';
import { SealEntries } from './use-cases/seal-entries.js';
import { VerifyLog } from './use-cases/verify-log.js';

@Module({ providers: [Audit, AuditRepository, SealEntries, VerifyLog], exports: [Audit] })
export class AuditModule implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly sealEntries: SealEntries) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'audit.seal', everyMs: 1_000, run: async () => void (await this.sealEntries.execute()) });
  }
}
