import { Injectable, type OnModuleInit, type Provider } from '@nestjs/common';
import { OrganisationChanged, OwnershipChanged } from '#identity';
import { Subscriptions, Sweeps, systemCaller } from '#shared';
import { CertificatesResolver } from './api/certificates.resolver.js';
import { EndUseResolver } from './api/end-use.resolver.js';
import { FindingsResolver } from './api/findings.resolver.js';
import { RestrictedPartiesResolver } from './api/restricted-parties.resolver.js';
import { Certificates, Declarations, Findings, Registers, Restricted } from './register.facade.js';
import { RestrictedListChanged } from './register.events.js';
import { CertificateRepository } from './storage/certificate.repository.js';
import { EndUseRepository } from './storage/end-use.repository.js';
import { FindingRepository } from './storage/finding.repository.js';
import { RestrictedPartyRepository } from './storage/restricted-party.repository.js';
import { KeepCertificates } from './use-cases/certificates/keep-certificates.js';
import { MoveCertificate } from './use-cases/certificates/move-certificate.js';
import { RecognitionBook } from './use-cases/certificates/recognition-book.js';
import { CertificateRecords, SubmitCertificate } from './use-cases/certificates/submit-certificate.js';
import { DeclarationRecords, DeclareEndUse } from './use-cases/declarations/declare-end-use.js';
import { Find } from './use-cases/findings/find.js';
import { FindStale } from './use-cases/findings/find-stale.js';
import { JudgeFinding } from './use-cases/findings/judge-finding.js';
import { RaiseFinding } from './use-cases/findings/raise-finding.js';
import { ManageRestrictedParties } from './use-cases/restricted/manage-restricted-parties.js';
import { ScreenParty } from './use-cases/restricted/screen-party.js';

const HOUR = 3_600_000;

/** Once, while the module starts: schedules, and what the registers answer. */
@Injectable()
class RegisterStart implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly subscriptions: Subscriptions, private readonly keeping: KeepCertificates, private readonly stale: FindStale, private readonly screening: ScreenParty, private readonly finding: Find,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'compliance.expire-certificates', everyMs: 60_000, run: () => this.keeping.expireLapsed() });
    this.sweeps.add({ name: 'compliance.stale-declarations', everyMs: 5_000, run: () => this.stale.declarationsRunOut() });
    this.sweeps.add({ name: 'compliance.stale-ownership', everyMs: HOUR, run: () => this.stale.ownersNotDeclared() });
    this.subscriptions.on(OrganisationChanged, 'compliance.screen-organisation', (tx, { payload }) => this.screening.organisation(tx, payload.organisationId));
    this.subscriptions.on(OwnershipChanged, 'compliance.cure-stale-ownership', (tx, { payload: { organisationId } }) =>
      this.finding.cure(tx, systemCaller('stale-declarations'), { kind: 'STALE_OWNERSHIP', organisationId }, 'owners were declared anew'));
    this.subscriptions.on(RestrictedListChanged, 'compliance.screen-everybody', (tx, { payload: { partyId, state } }) =>
      state === 'LISTED' ? this.screening.everybody(tx, partyId) : this.finding.cure(tx, systemCaller('restricted-parties'), { kind: 'POSSIBLE_RESTRICTED_PARTY', cause: `restricted:${partyId}:` }, 'the party is off its list'));
  }
}

/** The part of the room that keeps certificates, lists of restricted parties, buyers' declarations and findings. */
export const REGISTER_PROVIDERS: Provider[] = [
  CertificateRepository, RestrictedPartyRepository, EndUseRepository, FindingRepository, CertificateRecords, SubmitCertificate, MoveCertificate, KeepCertificates, RecognitionBook, ManageRestrictedParties, ScreenParty,
  DeclarationRecords, DeclareEndUse, Find, FindStale, RaiseFinding, JudgeFinding, Certificates, Restricted, Declarations, Findings, Registers, CertificatesResolver, RestrictedPartiesResolver, EndUseResolver, FindingsResolver, RegisterStart,
];
