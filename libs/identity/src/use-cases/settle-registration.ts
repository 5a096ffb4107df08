import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, invalid, type InvalidInput, isRefused, Outbox, type Tx } from '#shared';
import type { Actor } from '../domain/actor.js';
import type { ProvenIdentity } from '../domain/issuer.js';
import { organisationStates } from '../domain/organisation-state.js';
import { verificationDueAt } from '../domain/assurance.js';
import { isHomeNumber } from '../domain/home-schemes.js';
import { isSameName } from '../domain/legal-name.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { OrganisationChanged } from '../identity.events.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';

/** L3: a representative authenticated by the jurisdiction's own issuer. More than that no sign-in gives. */
const MOST_BY_ISSUER = 3;
const LEAST_FOR_PROOF = 2;

/**
 * Tells the other rooms of a new organisation, and verifies it at once where the issuer that its jurisdiction stands behind asserts its
 * number of the home register for this very person.
 */
@Injectable()
export class SettleRegistration {
  constructor(private readonly organisations: OrganisationRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async execute(tx: Tx, actor: Actor, organisation: Organisation): Promise<Organisation | InvalidInput> {
    // Whoever signed in for one organisation registers that one: of another he would not be a member at his next request.
    const missing = actor.identity?.organisationNumbers.find((a) => !organisation.registryNumbers.some((n) => n.scheme === a.scheme && n.value === a.value));
    if (missing) return invalid(IDENTITY_ERRORS.REGISTRY_NUMBER_MISSING, 'registryNumbers', `you signed in for the organisation with the ${missing.scheme} ${missing.value}`);
    const { id, legalName, jurisdiction, state } = organisation;
    await this.outbox.publish(tx, actor, OrganisationChanged, id, { organisationId: id, legalName, jurisdiction, state });
    const proven = provenSchemes(actor.identity, organisation);
    if (!actor.identity || !proven.length || !(await this.organisations.prove(tx, id, proven))) return organisation;
    const { issuer, issuerId, acr, assurance, authenticatedAt } = actor.identity;
    const assuranceLevel = Math.min(assurance, MOST_BY_ISSUER);
    const verified = await this.audit.transition(tx, actor, {
      table: organisationStates, state, event: 'verify', objectType: 'organisation', objectId: id, tenantId: id,
      reason: `asserted by ${issuer} for the representative, acr ${acr ?? 'none'}, at ${(authenticatedAt ?? this.clock.now()).toISOString()}`,
      details: { assuranceLevel, schemes: proven, issuer, issuerId, acr, assurance, authenticatedAt },
      announce: { type: OrganisationChanged, payload: { organisationId: id, legalName, jurisdiction, state: 'VERIFIED' } },
    });
    if (isRefused(verified)) throw new Error(`a new organisation cannot be verified: ${verified.code}`);
    const verifiedAt = this.clock.now();
    const proof = { assuranceLevel, verifiedAt, verificationDueAt: verificationDueAt(assuranceLevel, verifiedAt) };
    await this.organisations.setVerified(tx, id, proof);
    return { ...organisation, ...proof, state: verified, registryNumbers: organisation.registryNumbers.map((n) => (proven.includes(n.scheme) ? { ...n, proven: true } : n)) };
  }
}

/**
 * The schemes of the organisation's numbers that the person's issuer proves, under the very name that is registered here; none when the home
 * register's is not among them. A number alone says nothing of the name that buyers will see: an officer looks.
 */
function provenSchemes(identity: ProvenIdentity | null, organisation: Organisation): string[] {
  if (!identity?.issuerId || identity.jurisdiction !== organisation.jurisdiction || identity.assurance < LEAST_FOR_PROOF) return [];
  const proven = organisation.registryNumbers.filter((n) => identity.organisationNumbers.some((a) => a.scheme === n.scheme && a.value === n.value && a.legalName !== null && isSameName(a.legalName, organisation.legalName)));
  return proven.some((n) => isHomeNumber(organisation.jurisdiction, n)) ? proven.map((n) => n.scheme) : [];
}
