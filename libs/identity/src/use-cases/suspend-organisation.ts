import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Commands, isRefused, notFound, notPermitted, type Result } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { organisationStates } from '../domain/organisation-state.js';
import { OrganisationChanged } from '../identity.events.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';

export interface SuspendOrganisationInput {
  readonly organisationId: string;
  readonly reason: string;
}

/** Staff stops an organisation, or lets it go on. It bites at the next request of each of its members and keys. */
@Injectable()
export class SuspendOrganisation {
  constructor(private readonly commands: Commands, private readonly organisations: OrganisationRepository, private readonly audit: Audit) {}

  async execute(actor: Actor, event: 'suspend' | 'reinstate', input: SuspendOrganisationInput): Promise<Result<Organisation>> {
    const refusal = authorise(actor, 'identity:suspend');
    if (refusal) return refusal;
    return this.commands.run<Result<Organisation>>(actor, `identity.${event}-organisation`, input, async (tx) => {
      const organisation = await this.organisations.lock(tx, input.organisationId);
      if (!organisation) return notFound('organisation');
      if (organisation.kind === 'EXCHANGE') return notPermitted('identity:suspend');
      const state = await this.audit.transition(tx, actor, {
        table: organisationStates, state: organisation.state, event, objectType: 'organisation', objectId: organisation.id, tenantId: organisation.id, reason: input.reason,
        announce: { type: OrganisationChanged, payload: { organisationId: organisation.id, legalName: organisation.legalName, jurisdiction: organisation.jurisdiction, state: event === 'suspend' ? 'SUSPENDED' : 'VERIFIED' } },
      });
      if (isRefused(state)) return state;
      await this.organisations.setState(tx, organisation.id, state);
      return { ...organisation, state };
    });
  }
}
