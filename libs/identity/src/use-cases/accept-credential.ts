import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, isRefused, newId, type Tx, UnitOfWork } from '#shared';
import type { PresentedCredential } from '../credentials/sd-jwt.js';
import { verificationDueAt } from '../domain/assurance.js';
import type { CredentialClaims, MandateClaims } from '../domain/credential.js';
import { type CredentialIssuer, isTrusted, typeOf } from '../domain/credential-issuer.js';
import { type Failed, failed, hasFailed, type PresentationFailure, presentationStates } from '../domain/credential-states.js';
import { isSameName } from '../domain/legal-name.js';
import { organisationStates } from '../domain/organisation-state.js';
import { OrganisationChanged } from '../identity.events.js';
import { CredentialIssuerRepository } from '../storage/credential-issuer.repository.js';
import { type Credential, CredentialRepository } from '../storage/credential.repository.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';
import { type Presentation, PresentationRepository } from '../storage/presentation.repository.js';
import { MandateOfCredential } from './mandate-of-credential.js';

/** A presentation whose cryptography, claims and status are good. */
export type ProvenCredential = PresentedCredential & { readonly claims: CredentialClaims; readonly checkedAt: Date };

/** The tables that a presentation touches. */
@Injectable()
export class CredentialTables {
  constructor(readonly presentations: PresentationRepository, readonly credentials: CredentialRepository, readonly issuers: CredentialIssuerRepository, readonly organisations: OrganisationRepository) {}
}

/** Takes the whole transaction back, then the reason is recorded in another. */
interface Withheld {
  readonly refused: true;
  readonly failure: PresentationFailure;
}

/** What a presentation comes to: the organisation verified or the mandate announced, once; or the reason why not, for the member who asked. */
@Injectable()
export class AcceptCredential {
  constructor(private readonly uow: UnitOfWork, private readonly tables: CredentialTables, private readonly mandates: MandateOfCredential, private readonly audit: Audit, private readonly clock: Clock) {}

  async finish(id: string, verdict: ProvenCredential | Failed, requestId: string): Promise<void> {
    if (hasFailed(verdict)) return this.refuse(id, verdict.failure, requestId);
    const outcome = await this.uow.runAcross<true | Withheld>(async (tx) => {
      const presentation = await this.waiting(tx, id);
      if (!presentation) return true;
      const caller = callerOf(presentation, requestId);
      const accepted = await this.accept(tx, caller, presentation, verdict);
      if (hasFailed(accepted)) return { refused: true, failure: accepted.failure };
      const state = await this.audit.transition(tx, caller, { table: presentationStates, state: presentation.state, event: 'accept', objectType: 'presentation', objectId: id, details: { credentialId: accepted.id } });
      if (isRefused(state)) return true;
      await this.tables.presentations.finish(tx, id, this.clock.now(), { state, credentialId: accepted.id });
      return true;
    }).catch(numberTaken);
    if (isRefused(outcome)) await this.refuse(id, (outcome as Withheld).failure, requestId);
  }

  private async refuse(id: string, failure: PresentationFailure, requestId: string): Promise<void> {
    await this.uow.runAcross(async (tx) => {
      const presentation = await this.waiting(tx, id);
      if (!presentation) return;
      const state = await this.audit.transition(tx, callerOf(presentation, requestId), { table: presentationStates, state: presentation.state, event: 'refuse', objectType: 'presentation', objectId: id, details: { failure } });
      if (!isRefused(state)) await this.tables.presentations.finish(tx, id, this.clock.now(), { state, failure });
    });
  }

  /** Held until the transaction ends; null where another answer came first or the time is over. */
  private async waiting(tx: Tx, id: string): Promise<Presentation | null> {
    const presentation = await this.tables.presentations.lock(tx, id);
    return presentation?.state === 'WAITING' && presentation.expiresAt > this.clock.now() ? presentation : null;
  }

  private async accept(tx: Tx, caller: Caller, presentation: Presentation, proven: ProvenCredential): Promise<Credential | Failed> {
    const now = this.clock.now();
    const { organisationId, memberId, purpose } = presentation;
    const organisation = (await this.tables.organisations.lock(tx, organisationId))!;
    const issuer = await this.tables.issuers.shareTrusted(tx, proven.issuer.iss, now);
    if (!issuer || !isTrusted(issuer, now) || !typeOf(issuer, proven.vct, purpose)) return failed('ISSUER_UNTRUSTED');
    const roles = await this.tables.presentations.rolesOf(tx, memberId);
    if (roles.length === 0 || (purpose === 'ORGANISATION_IDENTITY' && !roles.includes('ORG_ADMIN'))) return failed('MEMBER_LEFT');
    const { claims } = proven;
    const number = organisation.registryNumbers.find((n) => n.scheme === claims.scheme && n.value === claims.number);
    if (!number || (claims.purpose === 'SIGNATORY_MANDATE' && !number.proven)) return failed('OTHER_ORGANISATION');
    const validUntil = claims.purpose === 'SIGNATORY_MANDATE' ? earlier(proven.expiresAt, claims.validUntil) : proven.expiresAt;
    if (validUntil <= now) return failed('EXPIRED');
    const holder = { thumbprint: proven.holderThumbprint, purpose, organisationId, memberId: purpose === 'SIGNATORY_MANDATE' ? memberId : null, at: now };
    if (!(await this.tables.credentials.bindHolder(tx, holder))) return failed('HOLDER_OF_ANOTHER');
    const credential: Credential = {
      id: newId(), organisationId, memberId, purpose, issuerId: issuer.id, iss: issuer.iss, vct: proven.vct, claims, holderThumbprint: proven.holderThumbprint, presentationHash: proven.hash,
      statusUri: proven.status?.uri ?? null, statusIndex: proven.status?.index ?? null, state: 'VALID', validUntil, acceptedAt: now, checkedAt: proven.checkedAt,
    };
    const problem = claims.purpose === 'SIGNATORY_MANDATE' ? await this.grant(tx, caller, organisation, credential, claims) : await this.verify(tx, caller, organisation, credential, issuer);
    if (problem) return problem;
    await this.tables.credentials.insert(tx, credential);
    return credential;
  }

  /** The number is proven and the organisation verified, as when an officer saw the proof; the credential's name stands in the audit log beside ours. */
  private async verify(tx: Tx, caller: Caller, organisation: Organisation, credential: Credential, issuer: CredentialIssuer): Promise<Failed | undefined> {
    const { id, legalName, jurisdiction, state, assuranceLevel } = organisation;
    if (state === 'VERIFIED' && assuranceLevel !== null && assuranceLevel > issuer.assuranceLevel) return failed('ASSURANCE_LOWER');
    const { claims } = credential;
    const { scheme } = claims;
    // A number alone says nothing of the name that buyers will see.
    if (claims.purpose !== 'ORGANISATION_IDENTITY' || !isSameName(claims.legalName, legalName)) return failed('NAME_DIFFERS');
    const next = await this.audit.transition(tx, caller, {
      table: organisationStates, state, event: 'verify', objectType: 'organisation', objectId: id, tenantId: id, reason: `credential ${credential.vct} of ${credential.iss}`.slice(0, 500),
      details: { assuranceLevel: issuer.assuranceLevel, schemes: [scheme], credentialId: credential.id, issuer: credential.iss, trustFramework: issuer.trustFramework, vct: credential.vct, presentation: credential.presentationHash, claims: credential.claims },
      announce: { type: OrganisationChanged, payload: { organisationId: id, legalName, jurisdiction, state: 'VERIFIED' } },
    });
    if (isRefused(next)) return failed('ORGANISATION_STATE');
    if (!(await this.tables.organisations.prove(tx, id, [scheme]))) return failed('NUMBER_TAKEN');
    await this.tables.organisations.setVerified(tx, id, { assuranceLevel: issuer.assuranceLevel, verifiedAt: credential.acceptedAt, verificationDueAt: verificationDueAt(issuer.assuranceLevel, credential.acceptedAt) });
    return undefined;
  }

  private async grant(tx: Tx, caller: Caller, organisation: Organisation, credential: Credential, claims: MandateClaims): Promise<Failed | undefined> {
    if (organisation.state !== 'VERIFIED') return failed('ORGANISATION_STATE');
    const { id, organisationId, memberId, acceptedAt, validUntil } = credential;
    await this.audit.append(tx, caller, { act: 'credential.accept', objectType: 'credential', objectId: id, details: { memberId, issuer: credential.iss, vct: credential.vct, presentation: credential.presentationHash, claims } });
    await this.mandates.grantFromCredential(tx, caller, { credentialId: id, organisationId, memberId, currency: claims.currency, amountMinor: BigInt(claims.amountMinor), mode: claims.mode, validFrom: acceptedAt, validTo: validUntil }, `credential ${credential.vct} of ${credential.iss}`);
    return undefined;
  }
}

/** Two organisations prove one number at the same moment: the index lets one of them. */
function numberTaken(error: { readonly code?: string; readonly constraint?: string }): Withheld {
  if (error.code !== '23505' || error.constraint !== 'registry_number_proven') throw error as Error;
  return { refused: true, failure: 'NUMBER_TAKEN' };
}

/** The answer comes from a wallet; the act is the member's who asked for it. */
const callerOf = (presentation: Presentation, requestId: string): Caller => ({ subject: `member:${presentation.memberId}`, tenantId: presentation.organisationId, requestId });

const earlier = (expiresAt: Date, until: string | null): Date => (until !== null && new Date(until) < expiresAt ? new Date(until) : expiresAt);
