import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { asSystem } from '#shared';
import { AccessGuard } from './api/access.js';
import { Oid4vpController } from './api/oid4vp.controller.js';
import { BreakGlassResolver } from './api/break-glass.resolver.js';
import { IdentityResolver } from './api/identity.resolver.js';
import { IssuerResolver } from './api/issuer.resolver.js';
import { OAuthController } from './api/oauth.controller.js';
import { SignInController } from './api/sign-in.controller.js';
import { KeysResolver } from './api/keys.resolver.js';
import { OrganisationsResolver } from './api/organisations.resolver.js';
import { OwnershipResolver } from './api/ownership.resolver.js';
import { MandatesResolver } from './api/mandates.resolver.js';
import { NoticesResolver } from './api/notices.resolver.js';
import { MembersResolver } from './api/members.resolver.js';
import { credentialProviders } from './credentials.providers.js';
import { DevIssuer } from './dev-issuer/dev-issuer.js';
import { DevIssuerController } from './dev-issuer/dev-issuer.controller.js';
import { Identity, People } from './identity.facade.js';
import { IdentityWork } from './identity.work.js';
import { Issuers } from './issuers.facade.js';
import { Notices } from './notices.facade.js';
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
import { ElevationRepository } from './storage/elevation.repository.js';
import { InvitationRepository } from './storage/invitation.repository.js';
import { KeyRepository } from './storage/key.repository.js';
import { MandateRepository } from './storage/mandate.repository.js';
import { RecognisedIssuerRow } from './storage/issuer.entity.js';
import { IssuerRepository } from './storage/issuer.repository.js';
import { MemberRepository } from './storage/member.repository.js';
import { membershipEntities } from './storage/membership.entities.js';
import { NoticeRepository } from './storage/notice.repository.js';
import { OrganisationRepository } from './storage/organisation.repository.js';
import { OwnershipRepository } from './storage/ownership.repository.js';
import { AlarmBreakGlass } from './use-cases/alarm-break-glass.js';
import { AnnounceExpiringKeys } from './use-cases/announce-expiring-keys.js';
import { AnswerInvitation } from './use-cases/answer-invitation.js';
import { BreakGlass } from './use-cases/break-glass.js';
import { ChangeMemberRoles } from './use-cases/change-member-roles.js';
import { CreateApiKey } from './use-cases/create-api-key.js';
import { DeclareOwnership, OwnershipBooks } from './use-cases/declare-ownership.js';
import { DepartMember } from './use-cases/depart-member.js';
import { EnsureExchange } from './use-cases/ensure-exchange.js';
import { LapseVerification } from './use-cases/lapse-verification.js';
import { KeepVerification } from './use-cases/keep-verification.js';
import { ManageInvitations } from './use-cases/manage-invitations.js';
import { ManageMandates } from './use-cases/manage-mandates.js';
import { NoteKeyUse } from './use-cases/note-key-use.js';
import { ProveOwnership } from './use-cases/prove-ownership.js';
import { ReadOwnership } from './use-cases/read-ownership.js';
import { RegisterOrganisation } from './use-cases/register-organisation.js';
import { RevokeApiKey } from './use-cases/revoke-api-key.js';
import { RotateApiKey } from './use-cases/rotate-api-key.js';
import { SigningAuthority } from './use-cases/signing-authority.js';
import { ProofRepository } from './storage/proof.repository.js';
import { SignInRepository } from './storage/sign-in.repository.js';
import { IssueMachineToken } from './use-cases/issue-machine-token.js';
import { ManageIssuers } from './use-cases/manage-issuers.js';
import { RegisteredKeys } from './use-cases/registered-keys.js';
import { RegisterKeyJwks } from './use-cases/register-key-jwks.js';
import { webhookProviders } from './webhooks.providers.js';
import { SettleRegistration } from './use-cases/settle-registration.js';
import { SignIn, SignInParties } from './use-cases/sign-in.js';
import { SubjectStands } from './use-cases/subject-stands.js';
import { SuspendOrganisation } from './use-cases/suspend-organisation.js';
import { VerifyOrganisation } from './use-cases/verify-organisation.js';

/** Recognised issuers, sign-in, and tokens for machines. */
const issuerProviders = [
  Issuers, IssuerResolver, IssuerRepository, IssuerRegistry, IssuerKeys, ExchangeTokens, DpopProofs, ProofRepository, KeyAdmission, ClientAuthentication, ManageIssuers, SettleRegistration,
  SignIn, SignInParties, SignInRepository, RelyingParty, ClientKeyRing, IssueMachineToken, RegisterKeyJwks,
];

@Module({
  imports: [TypeOrmModule.forFeature([...identityEntities, ...membershipEntities, RecognisedIssuerRow]), AuditModule],
  controllers: [DevIssuerController, Oid4vpController, OAuthController, SignInController],
  providers: [
    Identity, People, SubjectStands, Authenticator, TokenVerifier, DevIssuer, IdentityResolver, OrganisationRepository, MemberRepository,
    RegisterOrganisation, VerifyOrganisation, SuspendOrganisation, EnsureExchange,
    OrganisationsResolver, OwnershipResolver, OwnershipRepository, OwnershipBooks, DeclareOwnership, ProveOwnership, ReadOwnership, KeepVerification, LapseVerification, IdentityWork,
    KeysResolver, KeyRepository, CreateApiKey, RotateApiKey, RevokeApiKey, NoteKeyUse, AnnounceExpiringKeys,
    InvitationRepository, MandateRepository, ElevationRepository, ManageInvitations, AnswerInvitation, ChangeMemberRoles, DepartMember, ManageMandates, SigningAuthority, BreakGlass, AlarmBreakGlass,
    MembersResolver, MandatesResolver, BreakGlassResolver, Notices, NoticeRepository, NoticesResolver, RegisteredKeys,
    ...credentialProviders,
    ...issuerProviders,
    ...webhookProviders,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Identity, Notices, Authenticator, DevIssuer],
})
export class IdentityModule implements OnApplicationBootstrap {
  constructor(private readonly exchange: EnsureExchange) {}

  async onApplicationBootstrap(): Promise<void> {
    await asSystem(() => this.exchange.execute());
  }
}
