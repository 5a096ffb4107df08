import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '#audit';
import { asSystem, Subscriptions, Sweeps, systemCaller } from '#shared';
import { ComplianceResolver } from './api/compliance.resolver.js';
import { Compliance } from './compliance.facade.js';
import { LawChanged } from './law.events.js';
import { LAW_PROVIDERS } from './law.providers.js';
import { Screenings } from './screening.facade.js';
import { SCREENING_PROVIDERS } from './screening.providers.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { VolumeRepository } from './storage/volume.repository.js';
import { DecideTransfer } from './use-cases/decide-transfer.js';
import { LoadLaw } from './use-cases/law/load-law.js';
import { RequestScreening, StaffScreening } from './use-cases/screening/request-screening.js';

@Module({
  imports: [AuditModule],
  providers: [
    Compliance, ComplianceResolver, DecideTransfer, DecisionRepository, VolumeRepository,
    ...LAW_PROVIDERS, ...SCREENING_PROVIDERS,
  ],
  exports: [Compliance, Screenings],
})
export class ComplianceModule implements OnModuleInit {
  constructor(
    private readonly loading: LoadLaw, private readonly subscriptions: Subscriptions, private readonly sweeps: Sweeps,
    private readonly screenings: RequestScreening, private readonly days: StaffScreening,
  ) {}

  async onModuleInit(): Promise<void> {
    this.subscriptions.on(LawChanged, 'compliance.screening', (tx, { payload, requestId }) => this.screenings.afterLaw(tx, systemCaller('compliance', requestId), payload.setSeq));
    this.sweeps.add({ name: 'compliance.screen-new-day', everyMs: 60_000, run: () => this.days.newDay() });
    await asSystem(() => this.loading.execute());
  }
}
