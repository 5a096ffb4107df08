import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, isRefused, type Tx } from '#shared';
import { REGISTERED_LEVEL } from '../domain/assurance.js';
import { organisationStates } from '../domain/organisation-state.js';
import { OrganisationChanged } from '../identity.events.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';

/** What an organisation was verified with holds no longer: it proves itself anew before it trades on. One that is not verified stays as it is. */
@Injectable()
export class LapseVerification {
  constructor(private readonly organisations: OrganisationRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, organisation: Organisation, reason: string, details: Record<string, unknown> = {}): Promise<void> {
    const { id, state, legalName, jurisdiction } = organisation;
    // Of one that is suspended the verification is over too: reinstated, it counts as overdue.
    if (state === 'SUSPENDED') return this.organisations.setOverdue(tx, id, this.clock.now());
    if (organisationStates.next(state, 'lapse') === undefined) return;
    const next = await this.audit.transition(tx, caller, {
      table: organisationStates, state, event: 'lapse', objectType: 'organisation', objectId: id, tenantId: id, reason, details,
      announce: { type: OrganisationChanged, payload: { organisationId: id, legalName, jurisdiction, state: 'PENDING_VERIFICATION' } },
    });
    if (!isRefused(next)) await this.organisations.setLapsed(tx, id, REGISTERED_LEVEL);
  }
}
