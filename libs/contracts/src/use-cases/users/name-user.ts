import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf, permits } from '#identity';
import { Clock, Commands, invalid, isRefused, newId, notFound, type Page, type PageRequest, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { releasableAt, seatsOf, type UserKind } from '../../domain/users/named-users.js';
import { ContractsRepository, type Licence } from '../../storage/contracts.repository.js';
import { type NamedUser, NamedUserRepository } from '../../storage/named-user.repository.js';

export interface NameUserInput {
  readonly licenceId: string;
  readonly kind: UserKind;
  /** The member, or the API key. */
  readonly userId: string;
}

/** Where the terms count users by name the buyer says who they are: his members, and keys through which is downloaded. Seats are given and freed one after the other, at the row of the licence. */
@Injectable()
export class NameUser {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly users: NamedUserRepository, private readonly identity: Identity, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async name(actor: Actor, input: NameUserInput): Promise<Result<NamedUser>> {
    const refusal = authorise(actor, 'contracts:name-users');
    if (refusal) return refusal;
    const { licenceId, kind, userId } = input;
    const organisationId = kind === 'MEMBER' ? (await this.identity.activeMember(userId))?.organisationId : await this.identity.organisationOfKey(userId);
    return this.commands.run<Result<NamedUser>>(actor, 'contracts.name-user', input, async (tx) => {
      const licence = await this.lock(tx, actor, licenceId);
      if (isRefused(licence)) return licence;
      if (organisationId !== licence.buyerId) return invalid(CONTRACTS_ERRORS.NAMED_USER, 'userId', 'a member or a key of your own organisation that is good now');
      const seats = seatsOf((await this.contracts.frozen(tx, licence.agreementId)).terms.policy);
      if (seats === null) return stateConflict(CONTRACTS_ERRORS.NAMED_USER, 'the terms of this licence count nobody by name', 'UNCOUNTED');
      const named = await this.users.now(tx, licenceId);
      const before = named.find((u) => u.userId === userId);
      if (before) return before;
      if (named.length >= seats) return stateConflict(CONTRACTS_ERRORS.NAMED_USER, `the terms let ${seats} be named, and so many are`, 'FULL');
      const user: NamedUser = { id: newId(), licenceId, buyerId: licence.buyerId, kind, userId, namedAt: this.clock.now(), releasedAt: null };
      await this.users.insert(tx, user);
      await this.audit.append(tx, actor, { act: 'licence.name-user', objectType: 'licence', objectId: licenceId, tenantId: licence.buyerId, details: { kind, userId } });
      return user;
    });
  }

  async release(actor: Actor, input: Omit<NameUserInput, 'kind'>): Promise<Result<NamedUser>> {
    const refusal = authorise(actor, 'contracts:name-users');
    if (refusal) return refusal;
    return this.commands.run<Result<NamedUser>>(actor, 'contracts.release-user', input, async (tx) => {
      const licence = await this.lock(tx, actor, input.licenceId);
      if (isRefused(licence)) return licence;
      const user = (await this.users.now(tx, licence.id)).find((u) => u.userId === input.userId);
      if (!user) return notFound('named user');
      const [now, at] = [this.clock.now(), releasableAt(user.namedAt)];
      if (now < at) return stateConflict(CONTRACTS_ERRORS.NAMED_USER, `whoever is named stays so for a week: until ${at.toISOString()}`, 'HELD');
      await this.users.release(tx, user.id, now);
      await this.audit.append(tx, actor, { act: 'licence.release-user', objectType: 'licence', objectId: licence.id, tenantId: licence.buyerId, details: { kind: user.kind, userId: user.userId } });
      return { ...user, releasedAt: now };
    });
  }

  /** Null for everybody but the buyer and those who oversee. */
  async usersFor(actor: Actor, licenceId: string, current: boolean | null, page: PageRequest): Promise<Page<NamedUser> | null> {
    const oversees = permits(actor, 'oversight:read');
    if (!oversees && !permits(actor, 'contracts:name-users')) return null;
    const licence = (await this.contracts.licences([licenceId])).get(licenceId);
    return licence && (oversees || licence.buyerId === actor.tenantId) ? this.users.page(licenceId, current, page) : null;
  }

  private async lock(tx: Tx, actor: Actor, licenceId: string): Promise<Result<Licence>> {
    const licence = await this.contracts.lockLicenceById(tx, licenceId);
    if (licence?.buyerId !== organisationOf(actor)) return notFound('licence');
    return licence.state === 'EXPIRED' || licence.state === 'TERMINATED' ? stateConflict(CONTRACTS_ERRORS.LICENCE_OVER, 'the licence has ended', licence.state) : licence;
  }
}
