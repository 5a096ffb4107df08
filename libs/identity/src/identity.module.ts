import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { AccessGuard } from './api/access.js';
import { Oid4vpController } from './api/oid4vp.controller.js';
import { IdentityResolver } from './api/identity.resolver.js';
import { credentialProviders } from './credentials.providers.js';
import { DevIssuer } from './dev-issuer/dev-issuer.js';
import { DevIssuerController } from './dev-issuer/dev-issuer.controller.js';
import { Identity, People } from './identity.facade.js';
import { Authenticator } from './oidc/authenticator.js';
import { TokenVerifier } from './oidc/token-verifier.js';
import { identityEntities } from './storage/identity.entities.js';
import { MemberRepository } from './storage/member.repository.js';
import { OrganisationRepository } from './storage/organisation.repository.js';
import { EnsureExchange } from './use-cases/ensure-exchange.js';
import { ManageApiKeys } from './use-cases/manage-api-keys.js';
import { ManageMembers } from './use-cases/manage-members.js';
import { RegisterOrganisation } from './use-cases/register-organisation.js';
import { SuspendOrganisation } from './use-cases/suspend-organisation.js';
import { VerifyOrganisation } from './use-cases/verify-organisation.js';

@Module({
  imports: [TypeOrmModule.forFeature(identityEntities), AuditModule],
  controllers: [DevIssuerController, Oid4vpController],
  providers: [
    Identity, People, Authenticator, TokenVerifier, DevIssuer, IdentityResolver, OrganisationRepository, MemberRepository,
    RegisterOrganisation, VerifyOrganisation, SuspendOrganisation, ManageMembers, ManageApiKeys, EnsureExchange,
    ...credentialProviders,
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
