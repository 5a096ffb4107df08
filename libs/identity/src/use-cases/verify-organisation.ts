import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, isRefused, notFound, type Result, stateConflict } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { organisationStates } from '../domain/organisation-state.js';
import { HOME_SCHEME, type RegistryScheme } from '../domain/registry-number.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { OrganisationChanged } from '../identity.events.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';

export interface VerifyOrganisationInput {
  readonly organisationId: string;
  /** 2: registry proof. 3: representative authenticated. 4: qualified seal. Level 1, a checksum, does not make a trader. */
  readonly assuranceLevel: number;
  readonly schemes: readonly RegistryScheme[];
  /** What was looked at: the registry's extract, its number and date. */
  readonly evidence: string;
}

const LOWEST_FOR_TRADE = 2;

/** Staff records the proof that an organisation is who it says it is (DSL Art. 33). */
@Injectable()
export class VerifyOrganisation {
  constructor(private readonly commands: Commands, private readonly organisations: OrganisationRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: VerifyOrganisationInput): Promise<Result<Organisation>> {
    const refusal = authorise(actor, 'identity:verify');
    if (refusal) return refusal;
    if (input.assuranceLevel < LOWEST_FOR_TRADE) return invalid(IDENTITY_ERRORS.PROOF_TOO_WEAK, 'assuranceLevel', `at least ${LOWEST_FOR_TRADE}: a registry proof`);
    return this.commands.run<Result<Organisation>>(actor, 'identity.verify-organisation', input, async (tx) => {
      const organisation = await this.organisations.lock(tx, input.organisationId);
      if (!organisation) return notFound('organisation');
      const held = new Set(organisation.registryNumbers.map((n) => n.scheme));
      const home = HOME_SCHEME[organisation.jurisdiction] ?? 'LEI';
      if (!input.schemes.includes(home) || input.schemes.some((s) => !held.has(s))) {
        return invalid(IDENTITY_ERRORS.REGISTRY_NUMBER_MISSING, 'schemes', `the proof covers ${home} and only numbers that the organisation gave`);
      }
      const state = await this.audit.transition(tx, actor, {
        table: organisationStates, state: organisation.state, event: 'verify', objectType: 'organisation', objectId: organisation.id, tenantId: organisation.id,
        reason: input.evidence, details: { assuranceLevel: input.assuranceLevel, schemes: input.schemes },
        announce: { type: OrganisationChanged, payload: { organisationId: organisation.id, legalName: organisation.legalName, jurisdiction: organisation.jurisdiction, state: 'VERIFIED' } },
      });
      if (isRefused(state)) return state;
      if (!(await this.organisations.prove(tx, organisation.id, input.schemes))) return stateConflict(IDENTITY_ERRORS.REGISTRY_NUMBER_TAKEN, 'another organisation has proven one of these numbers', organisation.state);
      await this.organisations.setVerified(tx, organisation.id, input.assuranceLevel, this.clock.now());
      return { ...organisation, state, assuranceLevel: input.assuranceLevel, verifiedAt: this.clock.now(), registryNumbers: organisation.registryNumbers.map((n) => (input.schemes.includes(n.scheme) ? { ...n, proven: true } : n)) };
    });
  }
}
