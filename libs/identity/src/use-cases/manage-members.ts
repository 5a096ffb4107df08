import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, Config, invalid, newId, notFound, type Result, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf } from '../domain/actor.js';
import { type Role, STAFF_ROLES, TRADER_ROLES } from '../domain/permissions.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type Member, MemberRepository } from '../storage/member.repository.js';

export interface AddMemberInput {
  /** `sub` of the person at the issuer. */
  readonly subject: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
}

const isAdmin = (member: Pick<Member, 'roles'>): boolean => member.roles.some((r) => r === 'ORG_ADMIN' || r === 'STAFF_ADMIN');

/** An administrator adds people to his own organisation and sees them off; the last administrator stays. */
@Injectable()
export class ManageMembers {
  constructor(private readonly commands: Commands, private readonly members: MemberRepository, private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config) {}

  async add(actor: Actor, input: AddMemberInput): Promise<Result<Member>> {
    const refusal = authorise(actor, 'identity:manage-members');
    if (refusal) return refusal;
    const allowed: readonly Role[] = actor.organisationKind === 'EXCHANGE' ? STAFF_ROLES : TRADER_ROLES;
    if (input.roles.some((r) => !allowed.includes(r))) return invalid(IDENTITY_ERRORS.ROLE_NOT_FOR_THIS_ORGANISATION, 'roles', `of ${allowed.join(', ')}`);
    const member: Member = {
      id: newId(), organisationId: organisationOf(actor), issuer: this.config.issuer, subject: input.subject, displayName: input.displayName.normalize('NFC'),
      roles: [...new Set(input.roles)], state: 'ACTIVE', createdAt: this.clock.now(),
    };
    return this.commands.run<Result<Member>>(actor, 'identity.add-member', input, async (tx) => {
      if (!(await this.members.insert(tx, member))) return stateConflict(IDENTITY_ERRORS.ALREADY_MEMBER, 'this identity is an active member already', 'ACTIVE');
      await this.audit.append(tx, actor, { act: 'member.add', objectType: 'member', objectId: member.id, details: { roles: member.roles } });
      return member;
    });
  }

  async remove(actor: Actor, memberId: string): Promise<Result<Member>> {
    const refusal = authorise(actor, 'identity:manage-members');
    if (refusal) return refusal;
    return this.commands.run<Result<Member>>(actor, 'identity.remove-member', { memberId }, async (tx) => {
      const all = await this.members.lockActive(tx, organisationOf(actor));
      const member = all.find((m) => m.id === memberId);
      if (!member) return notFound('member');
      if (isAdmin(member) && all.filter(isAdmin).length === 1) return stateConflict(IDENTITY_ERRORS.LAST_ADMIN, 'the last administrator stays', member.state);
      await this.members.leave(tx, member.id);
      await this.audit.append(tx, actor, { act: 'member.leave', objectType: 'member', objectId: member.id });
      return { ...member, state: 'LEFT' };
    });
  }
}
