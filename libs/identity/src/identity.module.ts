import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { AccessGuard } from './api/access.js';
import { BreakGlassResolver } from './api/break-glass.resolver.js';
import { IdentityResolver } from './api/identity.resolver.js';
import { MandatesResolver } from './api/mandates.resolver.js';
import { MembersResolver } from './api/members.resolver.js';
import { DevIssuer } from './dev-issuer/dev-issuer.js';
import { DevIssuerController } from './dev-issuer/dev-issuer.controller.js';
import { Identity, People } from './identity.facade.js';
import { Authenticator } from './oidc/authenticator.js';
import { TokenVerifier } from './oidc/token-verifier.js';
import { identityEntities } from './storage/identity.entities.js';
import { ElevationRepository } from './storage/elevation.repository.js';
import { InvitationRepository } from './storage/invitation.repository.js';
import { MandateRepository } from './storage/mandate.repository.js';
import { MemberRepository } from './storage/member.repository.js';
import { membershipEntities } from './storage/membership.entities.js';
import { OrganisationRepository } from './storage/organisation.repository.js';
import { AlarmBreakGlass } from './use-cases/alarm-break-glass.js';
import { AnswerInvitation } from './use-cases/answer-invitation.js';
import { BreakGlass } from './use-cases/break-glass.js';
import { ChangeMemberRoles } from './use-cases/change-member-roles.js';
import { DepartMember } from './use-cases/depart-member.js';
import { EnsureExchange } from './use-cases/ensure-exchange.js';
import { ManageApiKeys } from './use-cases/manage-api-keys.js';
import { ManageInvitations } from './use-cases/manage-invitations.js';
import { ManageMandates } from './use-cases/manage-mandates.js';
import { RegisterOrganisation } from './use-cases/register-organisation.js';
import { SigningAuthority } from './use-cases/signing-authority.js';
import { SuspendOrganisation } from './use-cases/suspend-organisation.js';
import { VerifyOrganisation } from './use-cases/verify-organisation.js';

@Module({
  imports: [TypeOrmModule.forFeature([...identityEntities, ...membershipEntities]), AuditModule],
  controllers: [DevIssuerController],
  providers: [
    Identity, People, Authenticator, TokenVerifier, DevIssuer, IdentityResolver, OrganisationRepository, MemberRepository,
    RegisterOrganisation, VerifyOrganisation, SuspendOrganisation, ManageApiKeys, EnsureExchange,
    InvitationRepository, MandateRepository, ElevationRepository, ManageInvitations, AnswerInvitation, ChangeMemberRoles, DepartMember, ManageMandates, SigningAuthority, BreakGlass, AlarmBreakGlass,
    MembersResolver, MandatesResolver, BreakGlassResolver,
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
