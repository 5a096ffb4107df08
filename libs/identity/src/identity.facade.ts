import { Injectable } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import type { Page, PageRequest, Refusal, Result, Tx } from '#shared';
import { type Actor, type OrganisationState, organisationOf, permits } from './domain/actor.js';
import type { Act } from './domain/permissions.js';
import type { Amount } from './domain/signing.js';
import { type Member, MemberRepository } from './storage/member.repository.js';
import { type Organisation, OrganisationRepository } from './storage/organisation.repository.js';
import { type Credentialed, CredentialsStand } from './use-cases/credentials-stand.js';
import { type ControlFacts, ReadOwnership } from './use-cases/read-ownership.js';
import { RegisteredKeys } from './use-cases/registered-keys.js';
import { RegisterOrganisation, type RegisterOrganisationInput } from './use-cases/register-organisation.js';
import { type Signatory, type SignedAct, type SignedBefore, SigningAuthority } from './use-cases/signing-authority.js';
import { SubjectStands } from './use-cases/subject-stands.js';
import { SuspendOrganisation, type SuspendOrganisationInput } from './use-cases/suspend-organisation.js';
import { VerifyOrganisation, type VerifyOrganisationInput } from './use-cases/verify-organisation.js';

/** Groups the smaller use cases, so that the facade keeps its constructor short. */
@Injectable()
export class People {
  constructor(readonly suspension: SuspendOrganisation, readonly signing: SigningAuthority, readonly ownership: ReadOwnership, readonly keys: RegisteredKeys, readonly stands: SubjectStands) {}
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

  /**
   * Whether and how the actor may sign an agreement of this amount for his organisation: alone, or only with a second; null: not at all.
   * What the answer stands on is held until the transaction ends.
   */
  signatory(tx: Tx, actor: Actor, amount: Amount): Promise<Signatory | null> {
    return this.people.signing.of(tx, actor, amount);
  }
  /** The same for a member who signed before, by his mandate, or where none governs by his role, as it stands now. */
  signatoryAgain(tx: Tx, organisationId: string, signed: SignedBefore, amount: Amount, act?: SignedAct): Promise<Signatory | null> {
    return this.people.signing.again(tx, organisationId, signed, amount, act);
  }

  /**
   * Before an order, outside its transaction: why a credential that the actor's organisation, or his mandate, rests on does not stand (any more);
   * undefined where all do. May call issuers' status lists, for `LIMITS.outgoingMs` at the most; a revocation that it finds is recorded at once.
   */
  credentialsStand(actor: Credentialed, at?: Date): Promise<Refusal | undefined> {
    return this.credentials.execute(actor, at);
  }

  /** The public keys that an organisation registered for those of its API keys that are good now. */
  registeredKeys(organisationId: string): Promise<{ keyId: string; jwks: JSONWebKeySet }[]> {
    return this.people.keys.of(organisationId);
  }

  /** Whose API key that is; null where it is not good now, or not the caller's to see. */
  organisationOfKey(keyId: string): Promise<string | null> {
    return this.people.keys.holderOf(keyId);
  }

  /** Whether a member or key, by the name that the audit log gives it (`member:` or `key:` and the id), is good now, of this organisation, and may do this act by role or scope. */
  couldStill(subject: string, organisationId: string, act: Act): Promise<boolean> {
    return this.people.stands.execute(subject, organisationId, act);
  }

  /** Organisations by id, for other rooms and loaders. Ids that do not exist are missing from the map. */
  byIds(ids: readonly string[]): Promise<Map<string, Organisation>> {
    return this.organisations.byIds(ids);
  }
  async byId(id: string): Promise<Organisation | null> {
    return (await this.organisations.byIds([id])).get(id) ?? null;
  }
  /** Who owns and controls an organisation as far as it was declared, for rules on foreign ownership and control (28 CFR 202, PIPL). Whoever asks fails closed on `declaredAt` null. */
  controlFacts(organisationId: string): Promise<ControlFacts> {
    return this.people.ownership.facts(organisationId);
  }
  /** Every organisation, for staff; nothing for others. */
  async page(actor: Actor, state: OrganisationState | null, request: PageRequest): Promise<Page<Organisation> | null> {
    return permits(actor, 'identity:read-all') ? this.organisations.page(state, request) : null;
  }
  /** Every organisation in the order of their ids, for the exchange's own work behind the scenes. */
  everyone(request: PageRequest): Promise<Page<Organisation>> {
    return this.organisations.page(null, request);
  }
  /** The members of the actor's own organisation. */
  async membersOf(actor: Actor, request: PageRequest): Promise<Page<Member> | null> {
    return permits(actor, 'identity:manage-members') ? this.members.page(organisationOf(actor), request) : null;
  }
  /** An active member by id, whatever his organisation, for rooms that give him something to do. */
  /** Whether this person is, or ever was, a member of the organisation. */
  everBelongedTo({ identity }: Actor, organisationId: string): Promise<boolean> {
    return identity ? this.members.everBelongedTo(identity.issuer, identity.subject, organisationId) : Promise.resolve(false);
  }
  activeMember(id: string): Promise<Member | null> {
    return this.members.active(id);
  }
  /** The exchange's own organisation; made at the first start. */
  async exchangeId(): Promise<string> {
    const id = await this.organisations.exchangeId();
    if (!id) throw new Error('the exchange has no organisation yet: set STAFF_ADMIN_SUBJECT');
    return id;
  }
}
