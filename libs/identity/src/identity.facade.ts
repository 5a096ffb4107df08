import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, Refusal, Result } from '#shared';
import { type Actor, type OrganisationState, organisationOf, permits } from './domain/actor.js';
import { type ApiKey, type Member, MemberRepository } from './storage/member.repository.js';
import { type Organisation, OrganisationRepository } from './storage/organisation.repository.js';
import { CredentialsStand } from './use-cases/credentials-stand.js';
import { type CreateApiKeyInput, type CreatedApiKey, ManageApiKeys } from './use-cases/manage-api-keys.js';
import { type AddMemberInput, ManageMembers } from './use-cases/manage-members.js';
import { RegisterOrganisation, type RegisterOrganisationInput } from './use-cases/register-organisation.js';
import { SuspendOrganisation, type SuspendOrganisationInput } from './use-cases/suspend-organisation.js';
import { VerifyOrganisation, type VerifyOrganisationInput } from './use-cases/verify-organisation.js';

/** Groups the smaller use cases, so that the facade keeps its constructor short. */
@Injectable()
export class People {
  constructor(readonly suspension: SuspendOrganisation, readonly membership: ManageMembers, readonly keys: ManageApiKeys) {}
}

/** Who trades here and who acts for them. */
@Injectable()
export class Identity {
  constructor(
    private readonly organisations: OrganisationRepository, private readonly members: MemberRepository,
    private readonly registration: RegisterOrganisation, private readonly verification: VerifyOrganisation,
    private readonly people: People, private readonly credentials: CredentialsStand,
  ) {}

  /** Registers the organisation of a proven identity; it may not trade before it is verified. */
  registerOrganisation(actor: Actor, input: RegisterOrganisationInput): Promise<Result<Organisation>> {
    return this.registration.execute(actor, input);
  }
  /** Records the proof of identity (DSL Art. 33); staff only. */
  verifyOrganisation(actor: Actor, input: VerifyOrganisationInput): Promise<Result<Organisation>> {
    return this.verification.execute(actor, input);
  }
  suspendOrganisation(actor: Actor, input: SuspendOrganisationInput): Promise<Result<Organisation>> {
    return this.people.suspension.execute(actor, 'suspend', input);
  }
  reinstateOrganisation(actor: Actor, input: SuspendOrganisationInput): Promise<Result<Organisation>> {
    return this.people.suspension.execute(actor, 'reinstate', input);
  }
  addMember(actor: Actor, input: AddMemberInput): Promise<Result<Member>> {
    return this.people.membership.add(actor, input);
  }
  removeMember(actor: Actor, memberId: string): Promise<Result<Member>> {
    return this.people.membership.remove(actor, memberId);
  }
  createApiKey(actor: Actor, input: CreateApiKeyInput): Promise<Result<CreatedApiKey>> {
    return this.people.keys.create(actor, input);
  }
  revokeApiKey(actor: Actor, id: string): Promise<Result<ApiKey>> {
    return this.people.keys.revoke(actor, id);
  }

  /**
   * Before an order, outside its transaction: why a credential that the actor's organisation, or his mandate, rests on does not stand (any more);
   * undefined where all do. May call issuers' status lists, for `LIMITS.outgoingMs` at the most; a revocation that it finds is recorded at once.
   */
  credentialsStand(actor: Actor, at?: Date): Promise<Refusal | undefined> {
    return this.credentials.execute(actor, at);
  }

  /** Organisations by id, for other rooms and loaders. Ids that do not exist are missing from the map. */
  byIds(ids: readonly string[]): Promise<Map<string, Organisation>> {
    return this.organisations.byIds(ids);
  }
  async byId(id: string): Promise<Organisation | null> {
    return (await this.organisations.byIds([id])).get(id) ?? null;
  }
  /** Every organisation, for staff; nothing for others. */
  async page(actor: Actor, state: OrganisationState | null, request: PageRequest): Promise<Page<Organisation> | null> {
    return permits(actor, 'identity:read-all') ? this.organisations.page(state, request) : null;
  }
  /** The members of the actor's own organisation. */
  async membersOf(actor: Actor, request: PageRequest): Promise<Page<Member> | null> {
    return permits(actor, 'identity:manage-members') ? this.members.page(organisationOf(actor), request) : null;
  }
  async keysOf(actor: Actor, request: PageRequest): Promise<Page<ApiKey> | null> {
    return permits(actor, 'identity:manage-keys') ? this.members.keys(organisationOf(actor), request) : null;
  }
  /** The exchange's own organisation; made at the first start. */
  async exchangeId(): Promise<string> {
    const id = await this.organisations.exchangeId();
    if (!id) throw new Error('the exchange has no organisation yet: set STAFF_ADMIN_SUBJECT');
    return id;
  }
}
