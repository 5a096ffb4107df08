import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Commands, invalid, notFound, type Result, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf } from '../domain/actor.js';
import type { Role } from '../domain/permissions.js';
import { isAdmin, rolesProblem } from '../domain/roles.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type Member, MemberRepository } from '../storage/member.repository.js';

export interface ChangeMemberRolesInput {
  readonly memberId: string;
  readonly roles: readonly Role[];
}

/** An administrator gives a member other roles; it bites at his next request. The last administrator stays one, and nobody of the staff changes his own. */
@Injectable()
export class ChangeMemberRoles {
  constructor(private readonly commands: Commands, private readonly members: MemberRepository, private readonly audit: Audit) {}

  async execute(actor: Actor, input: ChangeMemberRolesInput): Promise<Result<Member>> {
    const refusal = authorise(actor, 'identity:manage-members');
    if (refusal) return refusal;
    const problem = rolesProblem(actor.organisationKind!, input.roles);
    if (problem) return invalid(problem.kind === 'NOT_HERE' ? IDENTITY_ERRORS.ROLE_NOT_FOR_THIS_ORGANISATION : IDENTITY_ERRORS.ROLES_INCOMPATIBLE, 'roles', problem.message);
    if (actor.organisationKind === 'EXCHANGE' && input.memberId === actor.memberId) return invalid(IDENTITY_ERRORS.OWN_ROLES, 'memberId', 'somebody else: another administrator changes your roles');
    const roles = [...new Set(input.roles)];
    return this.commands.run<Result<Member>>(actor, 'identity.change-member-roles', input, async (tx) => {
      const all = await this.members.lockActive(tx, organisationOf(actor));
      const member = all.find((m) => m.id === input.memberId);
      if (!member) return notFound('member');
      if (isAdmin(member) && !isAdmin({ roles }) && all.filter(isAdmin).length === 1) return stateConflict(IDENTITY_ERRORS.LAST_ADMIN, 'the last administrator stays one', member.state);
      await this.members.setRoles(tx, member.id, roles);
      await this.audit.append(tx, actor, { act: 'member.change-roles', objectType: 'member', objectId: member.id, details: { before: member.roles, after: roles } });
      return { ...member, roles };
    });
  }
}
