import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, isRefused, notFound, type Refusal, type Result, stateConflict } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { lowestFor, verificationDueAt } from '../domain/assurance.js';
import { homeSchemes, isHomeNumber } from '../domain/home-schemes.js';
import { organisationStates } from '../domain/organisation-state.js';
import { checksumOf, type RegistryScheme } from '../domain/registry-number.js';
import { proofProblem, type RegistryProof } from '../domain/registry-proof.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { OrganisationChanged } from '../identity.events.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';

export interface VerifyOrganisationInput {
  readonly organisationId: string;
  /** One of `ASSURANCE_LEVELS` that permits trade: a checksum does not make a trader. */
  readonly assuranceLevel: number;
  readonly schemes: readonly RegistryScheme[];
  /** What was looked at: the registry's extract, its number and date. */
  readonly evidence: string;
  /** What registers answered, number by number; demanded for each number whose check digits fail. */
  readonly proofs?: readonly RegistryProof[] | null;
}

const PROOF_ERRORS = {
  needed: IDENTITY_ERRORS.REGISTRY_PROOF_NEEDED, 'not-held': IDENTITY_ERRORS.REGISTRY_NUMBER_MISSING, twice: IDENTITY_ERRORS.REGISTRY_PROOF_TWICE, date: IDENTITY_ERRORS.REGISTRY_PROOF_DATE,
} as const;

/** Staff records the proof that an organisation is who it says it is (DSL Art. 33), for a time; recording it again renews it. */
@Injectable()
export class VerifyOrganisation {
  constructor(private readonly commands: Commands, private readonly organisations: OrganisationRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: VerifyOrganisationInput): Promise<Result<Organisation>> {
    const refusal = authorise(actor, 'identity:verify');
    if (refusal) return refusal;
    const lowest = lowestFor('trade');
    if (input.assuranceLevel < lowest) return invalid(IDENTITY_ERRORS.PROOF_TOO_WEAK, 'assuranceLevel', `at least ${lowest}: a registry proof`);
    return this.commands.run<Result<Organisation>>(actor, 'identity.verify-organisation', input, async (tx) => {
      const locked = await this.organisations.lock(tx, input.organisationId);
      if (!locked) return notFound('organisation');
      const verifiedAt = this.clock.now();
      // The rules of a checksum may be better known today than on the day of registration.
      const organisation = { ...locked, registryNumbers: locked.registryNumbers.map((n) => ({ ...n, checksum: checksumOf(n.scheme, n.value) })) };
      const problem = this.problem(organisation, input, verifiedAt);
      if (problem) return problem;
      const { assuranceLevel, schemes } = input;
      const proofs = input.proofs ?? [];
      const state = await this.audit.transition(tx, actor, {
        table: organisationStates, state: organisation.state, event: 'verify', objectType: 'organisation', objectId: organisation.id, tenantId: organisation.id,
        reason: input.evidence, details: { assuranceLevel, schemes, proofs },
        announce: { type: OrganisationChanged, payload: { organisationId: organisation.id, legalName: organisation.legalName, jurisdiction: organisation.jurisdiction, state: 'VERIFIED' } },
      });
      if (isRefused(state)) return state;
      const proven = [...new Set([...schemes, ...proofs.map((p) => p.scheme)])];
      if (!(await this.organisations.prove(tx, organisation.id, proven))) return stateConflict(IDENTITY_ERRORS.REGISTRY_NUMBER_TAKEN, 'another organisation has proven one of these numbers', organisation.state);
      await this.organisations.record(tx, organisation, proofs, actor.subject, verifiedAt);
      const renewed = { assuranceLevel, verifiedAt, verificationDueAt: organisation.kind === 'EXCHANGE' ? null : verificationDueAt(assuranceLevel, verifiedAt) };
      await this.organisations.setVerified(tx, organisation.id, renewed);
      return { ...organisation, ...renewed, state, registryNumbers: organisation.registryNumbers.map((n) => (proven.includes(n.scheme) ? { ...n, proven: true } : n)) };
    });
  }

  private problem(organisation: Organisation, { schemes, proofs }: VerifyOrganisationInput, now: Date): Refusal | undefined {
    const held = organisation.registryNumbers;
    const { jurisdiction } = organisation;
    if (!held.some((n) => schemes.includes(n.scheme) && isHomeNumber(jurisdiction, n)) || schemes.some((s) => !held.some((n) => n.scheme === s))) {
      return invalid(IDENTITY_ERRORS.REGISTRY_NUMBER_MISSING, 'schemes', `the proof covers a number of ${jurisdiction} (${homeSchemes(jurisdiction).join(' or ')}) and only numbers that the organisation gave`);
    }
    const wrong = proofProblem(held, proofs ?? [], now);
    return wrong && invalid(PROOF_ERRORS[wrong.kind], wrong.path, wrong.message);
  }
}
