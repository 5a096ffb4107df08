import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { Actor } from '../domain/actor.js';
import { AnswerInvitation } from '../use-cases/answer-invitation.js';
import { ChangeMemberRoles } from '../use-cases/change-member-roles.js';
import { DepartMember } from '../use-cases/depart-member.js';
import { ManageInvitations } from '../use-cases/manage-invitations.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { AcceptInvitationInput, ChangeMemberRolesInput, DeclineInvitationInput, InviteMemberInput, LeaveOrganisationInput, RemoveMemberInput, RevokeInvitationInput } from './members.inputs.js';
import * as T from './members.types.js';

@Resolver()
@Authenticated()
export class MembersResolver {
  constructor(private readonly invitationDesk: ManageInvitations, private readonly answers: AnswerInvitation, private readonly roles: ChangeMemberRoles, private readonly departure: DepartMember) {}

  @Asks('identity:manage-members')
  @Query(() => T.InvitationConnection, { nullable: true, complexity: pageCost, description: "Invitations of the caller's organisation that can be accepted now; for its administrators." })
  async invitations(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.Invitation> | null> {
    const found = await this.invitationDesk.open(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (i) => i);
  }

  @Asks('identity:manage-members')
  @Mutation(() => T.InviteMemberResult, { description: "Invites a person into the caller's organisation; the token is shown once. Administrators." })
  inviteMember(@CurrentActor() actor: Actor, @Args('input') input: InviteMemberInput): Promise<object> {
    return this.invitationDesk.invite(actor, input);
  }

  @Asks('identity:manage-members')
  @Mutation(() => T.RevokeInvitationResult, { description: 'Takes an open invitation back. Administrators.' })
  revokeInvitation(@CurrentActor() actor: Actor, @Args('input') input: RevokeInvitationInput): Promise<object> {
    return this.invitationDesk.revoke(actor, input);
  }

  @Asks('PERSON')
  @Mutation(() => T.AcceptInvitationResult, { description: 'A proven identity that is no member anywhere joins. A token that is used, expired, revoked or meant for somebody else is not found.' })
  acceptInvitation(@CurrentActor() actor: Actor, @Args('input') input: AcceptInvitationInput): Promise<object> {
    return this.answers.accept(actor, input);
  }

  @Asks('PERSON')
  @Mutation(() => T.DeclineInvitationResult, { description: 'A proven identity says no; the token is used up.' })
  declineInvitation(@CurrentActor() actor: Actor, @Args('input') input: DeclineInvitationInput): Promise<object> {
    return this.answers.decline(actor, input);
  }

  @Asks('identity:manage-members')
  @Mutation(() => T.ChangeMemberRolesResult, { description: 'Gives a member other roles. Administrators; those of the exchange not to themselves.' })
  changeMemberRoles(@CurrentActor() actor: Actor, @Args('input') input: ChangeMemberRolesInput): Promise<object> {
    return this.roles.execute(actor, input);
  }

  @Asks('identity:manage-members')
  @Mutation(() => T.RemoveMemberResult, { description: 'A member is seen off; his mandates end. Administrators.' })
  removeMember(@CurrentActor() actor: Actor, @Args('input') input: RemoveMemberInput): Promise<object> {
    return this.departure.remove(actor, input);
  }

  @Asks('MEMBER')
  @Mutation(() => T.LeaveOrganisationResult, { description: 'The caller leaves his organisation; his mandates end. The last administrator stays.' })
  leaveOrganisation(@CurrentActor() actor: Actor, @Args('input') input: LeaveOrganisationInput): Promise<object> {
    return this.departure.leave(actor, input);
  }
}
