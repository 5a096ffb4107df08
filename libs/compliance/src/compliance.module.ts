import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { IdentityModule, OwnershipChanged } from '#identity';
import { asSystem, Subscriptions, Sweeps, systemCaller, type Tx } from '#shared';
import { ComplianceResolver } from './api/compliance.resolver.js';
import { CLASSIFICATION_PROPOSALS_PROVIDERS } from './classification-proposals.providers.js';
import { Compliance, Desks } from './compliance.facade.js';
import { ApprovalChanged } from './counter.events.js';
import { COUNTER_CONTROLLERS, COUNTER_PROVIDERS } from './counter.providers.js';
import { LawChanged } from './law.events.js';
import { LAW_PROVIDERS } from './law.providers.js';
import { CertificateChanged, EndUseChanged, FindingChanged, RestrictedListChanged } from './register.events.js';
import { REGISTER_PROVIDERS } from './register.providers.js';
import { Screenings } from './screening.facade.js';
import { SCREENING_PROVIDERS } from './screening.providers.js';
import { DecisionRepository } from './storage/decision.repository.js';
import { Epoch } from './storage/epoch.repository.js';
import { registerEntities } from './storage/register.entities.js';
import { CompleteFacts } from './use-cases/complete-facts.js';
import { RecordDecision } from './use-cases/record-decision.js';
import { DecideTransfer } from './use-cases/decide-transfer.js';
import { CurrentLaw } from './use-cases/law/current-law.js';
import { LoadLaw } from './use-cases/law/load-law.js';
import { RequestScreening, type ScreeningRequest, StaffScreening } from './use-cases/screening/request-screening.js';
import { VOLUME_PROVIDERS } from './volume.providers.js';

@Module({
  imports: [TypeOrmModule.forFeature(registerEntities), AuditModule, IdentityModule],
  controllers: [...COUNTER_CONTROLLERS],
  providers: [
    Compliance, Desks, ComplianceResolver, DecideTransfer, CompleteFacts, RecordDecision, DecisionRepository,
    ...LAW_PROVIDERS, ...VOLUME_PROVIDERS, ...SCREENING_PROVIDERS, ...COUNTER_PROVIDERS, ...REGISTER_PROVIDERS, ...CLASSIFICATION_PROPOSALS_PROVIDERS,
  ],
  exports: [Compliance, Screenings],
})
export class ComplianceModule implements OnModuleInit {
  constructor(
    private readonly loading: LoadLaw, private readonly subscriptions: Subscriptions, private readonly sweeps: Sweeps,
    private readonly screenings: RequestScreening, private readonly days: StaffScreening, private readonly epoch: Epoch, private readonly laws: CurrentLaw,
  ) {}

  async onModuleInit(): Promise<void> {
    this.subscriptions.on(LawChanged, 'compliance.screening', (tx, { payload, requestId }) => this.screenings.afterLaw(tx, systemCaller('compliance', requestId), payload.setSeq));
    this.screenAfterEvents();
    this.sweeps.add({ name: 'compliance.screen-new-day', everyMs: 60_000, run: () => this.days.newDay() });
    await asSystem(() => this.loading.execute());
    // Clocks run by the calendars in force: they have to be at hand in a process that decides nothing, too.
    await this.laws.now();
    this.sweeps.add({ name: 'compliance.calendars', everyMs: 30_000, run: async () => void (await this.laws.now()) });
  }

  /** What one organisation holds, or is found to be, touches its own trades. */
  private screenAfterEvents(): void {
    const again = (cause: ScreeningRequest['cause'], requestId: string, tx: Tx, reference: string, organisationId: string | null) => this.screenings.request(tx, systemCaller('compliance', requestId), { cause, reference, organisationId });
    const name = 'compliance.screen-again';
    this.subscriptions.on(ApprovalChanged, name, async (tx, { requestId, payload }) => void (await again('APPROVAL', requestId, tx, payload.approvalId, payload.holderId)));
    this.subscriptions.on(CertificateChanged, name, async (tx, { requestId, payload }) => void (payload.holderId && (await again('CERTIFICATE', requestId, tx, payload.certificateId, payload.holderId))));
    this.subscriptions.on(RestrictedListChanged, name, async (tx, { requestId, payload }) => void (await again('PARTY', requestId, tx, 'restricted list', payload.organisationId)));
    this.subscriptions.on(FindingChanged, name, async (tx, { requestId, payload }) => void (await again('PARTY', requestId, tx, payload.findingId, payload.organisationId)));
    this.subscriptions.on(EndUseChanged, name, async (tx, { requestId, payload }) => void (await again('PARTY', requestId, tx, payload.objectId, payload.organisationId)));
    this.subscriptions.on(OwnershipChanged, name, async (tx, { requestId, payload }) => {
      await this.epoch.bump(tx);
      await again('PARTY', requestId, tx, 'ownership', payload.organisationId);
    });
  }
}
