import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, isRefused, notFound, Outbox, type Result, stateConflict } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { ownershipStates } from '../domain/ownership.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { OwnershipChanged } from '../identity.events.js';
import { type Ownership, OwnershipRepository } from '../storage/ownership.repository.js';

export interface ProveOwnershipInput {
  /** The declaration that was looked at: one that has replaced it meanwhile is not proven by this. */
  readonly declarationId: string;
  readonly evidence: string;
}

/** Staff has seen the registers behind a declaration of ownership. */
@Injectable()
export class ProveOwnership {
  constructor(private readonly commands: Commands, private readonly declarations: OwnershipRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async execute(actor: Actor, input: ProveOwnershipInput): Promise<Result<Ownership>> {
    const refusal = authorise(actor, 'identity:prove-ownership');
    if (refusal) return refusal;
    return this.commands.run<Result<Ownership>>(actor, 'identity.prove-ownership', input, async (tx) => {
      const declaration = await this.declarations.lock(tx, input.declarationId);
      if (!declaration) return notFound('declaration of ownership');
      if (declaration.validTo) return stateConflict(IDENTITY_ERRORS.OWNERSHIP_REPLACED, 'a newer declaration has replaced this one', declaration.state);
      const { id, organisationId } = declaration;
      const state = await this.audit.transition(tx, actor, { table: ownershipStates, state: declaration.state, event: 'prove', objectType: 'ownership', objectId: id, tenantId: organisationId, reason: input.evidence });
      if (isRefused(state)) return state;
      const change = { state, provenBy: actor.subject, provenAt: this.clock.now(), proof: input.evidence };
      await this.declarations.update(tx, id, change);
      await this.outbox.publish(tx, actor, OwnershipChanged, organisationId, { organisationId, declarationId: id, state });
      return { ...declaration, ...change, holdings: await this.declarations.holdings(id) };
    });
  }
}
