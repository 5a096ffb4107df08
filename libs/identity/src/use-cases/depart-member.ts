import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, Clock, Commands, isRefused, notFound, notPermitted, type Result, stateConflict, type Tx } from '#shared';
import { type Actor, asPerson, authorise, organisationOf } from '../domain/actor.js';
import { mandateStates, memberStates } from '../domain/membership-state.js';
import { isAdmin } from '../domain/roles.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type ApiKey, KeyRepository } from '../storage/key.repository.js';
import { MandateRepository } from '../storage/mandate.repository.js';
import { type Member, MemberRepository } from '../storage/member.repository.js';

export interface Departure {
  /** End the keys that he made, too. A key is the organisation's: without this it goes on, and is named in the answer. */
  readonly revokeKeys?: boolean | null;
}
/** The member with the keys he made that were good until now. */
export type DepartedMember = Member & { readonly keys: readonly ApiKey[] };

/** A member goes: by an administrator's act or by his own. His mandates end with him; the last administrator stays. */
@Injectable()
export class DepartMember {
  constructor(private readonly commands: Commands, private readonly members: MemberRepository, private readonly mandates: MandateRepository, private readonly apiKeys: KeyRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async remove(actor: Actor, input: Departure & { readonly memberId: string }): Promise<Result<DepartedMember>> {
    const refusal = authorise(actor, 'identity:manage-members');
    if (refusal) return refusal;
    return this.commands.run<Result<DepartedMember>>(actor, 'identity.remove-member', input, (tx) => this.depart(tx, actor, organisationOf(actor), input.memberId, input));
  }

  async leave(actor: Actor, input: Departure): Promise<Result<DepartedMember>> {
    if (!actor.identity) return notPermitted('identity:leave');
    return this.commands.runAcross<Result<DepartedMember>>(asPerson(actor, actor.identity), 'identity.leave-organisation', input, async (tx) =>
      actor.kind === 'member' ? this.depart(tx, actor, organisationOf(actor), actor.memberId!, input) : notPermitted('identity:leave'));
  }

  private async depart(tx: Tx, actor: Actor, organisationId: string, memberId: string, { revokeKeys }: Departure): Promise<Result<DepartedMember>> {
    const all = await this.members.lockActive(tx, organisationId);
    const member = all.find((m) => m.id === memberId);
    if (!member) return notFound('member');
    if (isAdmin(member) && all.filter(isAdmin).length === 1) return stateConflict(IDENTITY_ERRORS.LAST_ADMIN, 'the last administrator stays', member.state);
    const state = await this.audit.transition(tx, actor, { table: memberStates, state: member.state, event: 'leave', objectType: 'member', objectId: memberId });
    if (isRefused(state)) return state;
    await this.members.leave(tx, memberId);
    const now = this.clock.now();
    for (const { id, state: before } of await this.mandates.holdOf(tx, memberId, 'for_no_key_update')) {
      accepted(await this.audit.transition(tx, actor, { table: mandateStates, state: before, event: 'revoke', objectType: 'mandate', objectId: id, reason: 'its holder left' }));
      await this.mandates.revoke(tx, id, now);
    }
    const keys = await this.apiKeys.lockMadeBy(tx, memberId, now);
    if (!revokeKeys) return { ...member, state, keys };
    for (const { id } of keys) {
      await this.apiKeys.update(tx, id, { revokedAt: now });
      await this.audit.append(tx, actor, { act: 'api-key.revoke', objectType: 'api-key', objectId: id, reason: 'its maker left' });
    }
    return { ...member, state, keys: keys.map((k) => ({ ...k, revokedAt: now })) };
  }
}
