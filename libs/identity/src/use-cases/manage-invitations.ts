import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, Config, invalid, isRefused, newId, newSecret, notFound, type Page, type PageRequest, type Result, sha256Hex, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf, permits } from '../domain/actor.js';
import { invitationStates } from '../domain/membership-state.js';
import type { Role } from '../domain/permissions.js';
import { rolesProblem } from '../domain/roles.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type Invitation, InvitationRepository } from '../storage/invitation.repository.js';

export interface InviteMemberInput {
  readonly displayName: string;
  readonly roles: readonly Role[];
  /** Who must have proven the identity that accepts; the configured issuer when left out. */
  readonly issuer?: string | null;
  /** `sub` at the issuer, where only this one person is meant. */
  readonly subject?: string | null;
  readonly expiresInHours: number;
}
/** `token` is null when the same request is repeated: it was shown once. */
export type CreatedInvitation = Invitation & { readonly token: string | null };

export const INVITATION_MAX_HOURS = 14 * 24;
const OPEN_AT_ONCE = 100;

/** An administrator invites a person; nobody becomes a member without his own consent. */
@Injectable()
export class ManageInvitations {
  constructor(private readonly commands: Commands, private readonly invitations: InvitationRepository, private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config) {}

  async invite(actor: Actor, input: InviteMemberInput): Promise<Result<CreatedInvitation>> {
    const refusal = authorise(actor, 'identity:manage-members');
    if (refusal) return refusal;
    const problem = rolesProblem(actor.organisationKind!, input.roles);
    if (problem) return invalid(problem.kind === 'NOT_HERE' ? IDENTITY_ERRORS.ROLE_NOT_FOR_THIS_ORGANISATION : IDENTITY_ERRORS.ROLES_INCOMPATIBLE, 'roles', problem.message);
    const token = newSecret();
    const id = newId();
    const stored = await this.commands.run<Result<Invitation>>(actor, 'identity.invite-member', input, async (tx) => {
      const now = this.clock.now();
      if ((await this.invitations.countOpen(tx, organisationOf(actor), now)) >= OPEN_AT_ONCE) return stateConflict(IDENTITY_ERRORS.TOO_MANY_OPEN, `${OPEN_AT_ONCE} invitations are open: revoke some`, 'OPEN');
      const invitation: Invitation = {
        id, organisationId: organisationOf(actor), displayName: input.displayName.normalize('NFC'), roles: [...new Set(input.roles)], issuer: input.issuer ?? this.config.issuer, subject: input.subject ?? null,
        state: 'OPEN', invitedBy: actor.memberId!, memberId: null, expiresAt: new Date(now.getTime() + Math.min(input.expiresInHours, INVITATION_MAX_HOURS) * 3_600_000), closedAt: null, createdAt: now,
      };
      await this.invitations.insert(tx, invitation, sha256Hex(token));
      await this.audit.append(tx, actor, { act: 'invitation.create', objectType: 'invitation', objectId: id, details: { roles: invitation.roles, issuer: invitation.issuer, subject: invitation.subject, expiresAt: invitation.expiresAt } });
      return invitation;
    });
    if (isRefused(stored)) return stored;
    return { ...stored, token: stored.id === id ? token : null };
  }

  async revoke(actor: Actor, input: { readonly invitationId: string }): Promise<Result<Invitation>> {
    const refusal = authorise(actor, 'identity:manage-members');
    if (refusal) return refusal;
    return this.commands.run<Result<Invitation>>(actor, 'identity.revoke-invitation', input, async (tx) => {
      const invitation = await this.invitations.lock(tx, input.invitationId);
      if (!invitation || invitation.organisationId !== actor.tenantId) return notFound('invitation');
      const state = await this.audit.transition(tx, actor, { table: invitationStates, state: invitation.state, event: 'revoke', objectType: 'invitation', objectId: invitation.id });
      if (isRefused(state)) return state;
      const closedAt = this.clock.now();
      await this.invitations.close(tx, invitation.id, state, closedAt);
      return { ...invitation, state, closedAt };
    });
  }

  /** Invitations of the actor's organisation that can still be accepted. */
  async open(actor: Actor, request: PageRequest): Promise<Page<Invitation> | null> {
    return permits(actor, 'identity:manage-members') ? this.invitations.open(organisationOf(actor), this.clock.now(), request) : null;
  }
}
