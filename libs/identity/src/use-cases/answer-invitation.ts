import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, Clock, Commands, newId, notFound, notPermitted, type Result, sha256Hex, stateConflict, type Tx } from '#shared';
import { type Actor, asPerson } from '../domain/actor.js';
import { invitationStates } from '../domain/membership-state.js';
import { incompatibility } from '../domain/separation.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type Invitation, InvitationRepository } from '../storage/invitation.repository.js';
import { type Member, MemberRepository } from '../storage/member.repository.js';

type Person = NonNullable<Actor['identity']>;
export interface InvitationToken {
  readonly token: string;
}

/**
 * A proven identity says yes or no to an invitation. A token that is used, expired, revoked, meant for somebody else or made up
 * looks the same: no such invitation. Of two who accept at once, one joins.
 */
@Injectable()
export class AnswerInvitation {
  constructor(private readonly commands: Commands, private readonly invitations: InvitationRepository, private readonly members: MemberRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async accept(actor: Actor, input: InvitationToken): Promise<Result<Member>> {
    const { identity } = actor;
    if (!identity) return notPermitted('identity:accept-invitation');
    return this.commands.runAcross<Result<Member>>(asPerson(actor, identity), 'identity.accept-invitation', input, async (tx) => {
      const invitation = await this.meant(tx, identity, input.token);
      if (!invitation || !(await this.invitations.inviterStands(tx, invitation, this.clock.now()))) return notFound('invitation');
      const problem = incompatibility(invitation.roles);
      if (problem) return stateConflict(IDENTITY_ERRORS.ROLES_INCOMPATIBLE, problem, invitation.state);
      const joinedAt = this.clock.now();
      const member: Member = {
        id: newId(), organisationId: invitation.organisationId, issuer: identity.issuer, subject: identity.subject, displayName: invitation.displayName, roles: invitation.roles, state: 'ACTIVE', createdAt: joinedAt,
      };
      if (!(await this.members.insert(tx, member))) return stateConflict(IDENTITY_ERRORS.ALREADY_MEMBER, 'you are a member of an organisation already: leave it first', 'ACTIVE');
      await this.close(tx, actor, invitation, 'accept', member.id);
      await this.audit.append(tx, actor, { act: 'member.join', objectType: 'member', objectId: member.id, tenantId: member.organisationId, details: { roles: member.roles, invitationId: invitation.id, invitedBy: invitation.invitedBy } });
      return member;
    });
  }

  async decline(actor: Actor, input: InvitationToken): Promise<Result<Invitation>> {
    const { identity } = actor;
    if (!identity) return notPermitted('identity:decline-invitation');
    return this.commands.runAcross<Result<Invitation>>(asPerson(actor, identity), 'identity.decline-invitation', input, async (tx) => {
      const invitation = await this.meant(tx, identity, input.token);
      return invitation ? this.close(tx, actor, invitation, 'decline', null) : notFound('invitation');
    });
  }

  /** The invitation of the token, if this person can still answer it. */
  private async meant(tx: Tx, person: Person, token: string): Promise<Invitation | null> {
    const invitation = await this.invitations.lockByToken(tx, sha256Hex(token));
    if (!invitation || invitation.state !== 'OPEN' || invitation.expiresAt <= this.clock.now()) return null;
    return invitation.issuer === person.issuer && (invitation.subject === null || invitation.subject === person.subject) ? invitation : null;
  }

  private async close(tx: Tx, actor: Actor, invitation: Invitation, event: 'accept' | 'decline', memberId: string | null): Promise<Invitation> {
    const state = accepted(await this.audit.transition(tx, actor, { table: invitationStates, state: invitation.state, event, objectType: 'invitation', objectId: invitation.id, tenantId: invitation.organisationId }));
    const closedAt = this.clock.now();
    await this.invitations.close(tx, invitation.id, state, closedAt, memberId);
    return { ...invitation, state, closedAt, memberId };
  }
}
