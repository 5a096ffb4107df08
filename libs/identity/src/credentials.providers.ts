import { Injectable, type OnModuleInit, type Provider } from '@nestjs/common';
import { SecretBox, Sweeps } from '#shared';
import { CredentialsResolver } from './api/credentials.resolver.js';
import { CredentialKeys } from './credentials/credential-keys.js';
import { Oid4vp } from './credentials/oid4vp.js';
import { SdJwtVerifier } from './credentials/sd-jwt.js';
import { StatusLists } from './credentials/status-lists.js';
import { CredentialIssuerRepository } from './storage/credential-issuer.repository.js';
import { CredentialRepository } from './storage/credential.repository.js';
import { PresentationRepository } from './storage/presentation.repository.js';
import { AcceptCredential, CredentialTables } from './use-cases/accept-credential.js';
import { CheckCredentials } from './use-cases/check-credentials.js';
import { CredentialsStand } from './use-cases/credentials-stand.js';
import { ManageCredentialIssuers } from './use-cases/manage-credential-issuers.js';
import { MandateOfCredential } from './use-cases/mandate-of-credential.js';
import { MoveCredential } from './use-cases/move-credential.js';
import { ReadCredentials } from './use-cases/read-credentials.js';
import { CheckPresentation, ReceivePresentation } from './use-cases/receive-presentation.js';
import { RequestPresentation, WalletRequests } from './use-cases/request-presentation.js';
import { SweepCredentials } from './use-cases/sweep-credentials.js';

/** Once, while the module starts: the sweep, and the sealed column for the rotation of the envelope key. */
@Injectable()
class CredentialsStart implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly box: SecretBox, private readonly sweeping: SweepCredentials, private readonly presentations: PresentationRepository) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'identity.credentials', everyMs: 60_000, run: () => this.sweeping.execute() });
    this.box.register(this.presentations.sealedColumn());
  }
}

/** The part of the room that is about verifiable credentials. */
export const credentialProviders: Provider[] = [
  CredentialKeys, StatusLists, SdJwtVerifier, Oid4vp, CredentialIssuerRepository, PresentationRepository, CredentialRepository, CredentialTables, MandateOfCredential, MoveCredential, CheckCredentials, CredentialsStand,
  SweepCredentials, ManageCredentialIssuers, WalletRequests, RequestPresentation, CheckPresentation, ReceivePresentation, AcceptCredential, ReadCredentials, CredentialsResolver, CredentialsStart,
];
