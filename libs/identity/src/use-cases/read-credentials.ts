import { Injectable } from '@nestjs/common';
import { isId, type Page, type PageRequest } from '#shared';
import { type Actor, organisationOf, permits } from '../domain/actor.js';
import { type Credential, CredentialRepository } from '../storage/credential.repository.js';
import { type Presentation, PresentationRepository } from '../storage/presentation.repository.js';

/** What a member sees of requests to wallets and of what came of them. */
@Injectable()
export class ReadCredentials {
  constructor(private readonly presentations: PresentationRepository, private readonly credentials: CredentialRepository) {}

  /** A member's own request, or null. */
  async presentation(actor: Actor, id: string): Promise<(Presentation & { readonly credential: Credential | null }) | null> {
    const found = isId(id) && actor.memberId ? await this.presentations.byId(id) : null;
    if (!found || found.memberId !== actor.memberId || found.organisationId !== actor.tenantId) return null;
    return { ...found, credential: found.credentialId ? ((await this.credentials.byIds([found.credentialId])).get(found.credentialId) ?? null) : null };
  }

  /** The credentials of the actor's own organisation, for its administrators. */
  async page(actor: Actor, request: PageRequest): Promise<Page<Credential> | null> {
    return permits(actor, 'identity:present-organisation') ? this.credentials.page(organisationOf(actor), request) : null;
  }
}
