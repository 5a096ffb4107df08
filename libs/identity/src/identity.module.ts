import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { AccessGuard } from './api/access.js';
import { IdentityResolver } from './api/identity.resolver.js';
import { IssuerResolver } from './api/issuer.resolver.js';
import { OAuthController } from './api/oauth.controller.js';
import { SignInController } from './api/sign-in.controller.js';
import { DevIssuer } from './dev-issuer/dev-issuer.js';
import { DevIssuerController } from './dev-issuer/dev-issuer.controller.js';
import { Identity, People } from './identity.facade.js';
import { Issuers } from './issuers.facade.js';
import { Authenticator } from './oidc/authenticator.js';
import { ClientAuthentication } from './oidc/client-authentication.js';
import { DpopProofs } from './oidc/dpop-proofs.js';
import { ExchangeTokens } from './oidc/exchange-tokens.js';
import { IssuerKeys } from './oidc/issuer-keys.js';
import { IssuerRegistry } from './oidc/issuer-registry.js';
import { KeyAdmission } from './oidc/key-admission.js';
import { TokenVerifier } from './oidc/token-verifier.js';
import { ClientKeyRing } from './sign-in/client-key-ring.js';
import { RelyingParty } from './sign-in/relying-party.js';
import { identityEntities } from './storage/identity.entities.js';
import { RecognisedIssuerRow } from './storage/issuer.entity.js';
import { IssuerRepository } from './storage/issuer.repository.js';
import { MemberRepository } from './storage/member.repository.js';
import { OrganisationRepository } from './storage/organisation.repository.js';
import { ProofRepository } from './storage/proof.repository.js';
import { SignInRepository } from './storage/sign-in.repository.js';
import { EnsureExchange } from './use-cases/ensure-exchange.js';
import { IssueMachineToken } from './use-cases/issue-machine-token.js';
import { ManageApiKeys } from './use-cases/manage-api-keys.js';
import { ManageIssuers } from './use-cases/manage-issuers.js';
import { ManageMembers } from './use-cases/manage-members.js';
import { RegisterKeyJwks } from './use-cases/register-key-jwks.js';
import { RegisterOrganisation } from './use-cases/register-organisation.js';
import { SettleRegistration } from './use-cases/settle-registration.js';
import { SignIn, SignInParties } from './use-cases/sign-in.js';
import { SuspendOrganisation } from './use-cases/suspend-organisation.js';
import { VerifyOrganisation } from './use-cases/verify-organisation.js';

/** Recognised issuers, sign-in, and tokens for machines. */
const issuerProviders = [
  Issuers, IssuerResolver, IssuerRepository, IssuerRegistry, IssuerKeys, ExchangeTokens, DpopProofs, ProofRepository, KeyAdmission, ClientAuthentication, ManageIssuers, SettleRegistration,
  SignIn, SignInParties, SignInRepository, RelyingParty, ClientKeyRing, IssueMachineToken, RegisterKeyJwks,
];

@Module({
  imports: [TypeOrmModule.forFeature([...identityEntities, RecognisedIssuerRow]), AuditModule],
  controllers: [DevIssuerController, SignInController, OAuthController],
  providers: [
    Identity, People, Authenticator, TokenVerifier, DevIssuer, IdentityResolver, OrganisationRepository, MemberRepository,
    RegisterOrganisation, VerifyOrganisation, SuspendOrganisation, ManageMembers, ManageApiKeys, EnsureExchange, ...issuerProviders,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Identity, Authenticator, DevIssuer],
})
export class IdentityModule implements OnApplicationBootstrap {
  constructor(private readonly exchange: EnsureExchange) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.exchange.execute();
  }
}
