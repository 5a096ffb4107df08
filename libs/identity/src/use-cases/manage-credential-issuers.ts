import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { Audit } from '#audit';
import { Clock, Commands, invalid, type InvalidInput, isCountry, isRefused, newId, notFound, type Page, type PageRequest, type Result, stateConflict } from '#shared';
import { certificateOf } from '../credentials/certificate-chain.js';
import { type Actor, authorise, permits } from '../domain/actor.js';
import { type CredentialType, mappingProblem } from '../domain/credential.js';
import type { CredentialIssuer, KeySource } from '../domain/credential-issuer.js';
import { credentialIssuerStates } from '../domain/credential-states.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { CredentialIssuerRepository } from '../storage/credential-issuer.repository.js';

export interface ProposeCredentialIssuerInput {
  readonly iss: string;
  readonly jurisdiction: string;
  readonly trustFramework: string;
  readonly types: readonly CredentialType[];
  readonly keySource: KeySource;
  /** JSON text of a key set; with JWKS. */
  readonly jwks?: string | null;
  /** PEM; with X5C. */
  readonly rootCertificate?: string | null;
  readonly algorithms: readonly string[];
  readonly assuranceLevel: number;
  readonly statusRequired: boolean;
  readonly validFrom: Date;
  readonly validTo?: Date | null;
}

const LOWEST_OF_CREDENTIALS = 3;

/** Whose credentials count: one officer proposes, another approves, either takes it back. */
@Injectable()
export class ManageCredentialIssuers {
  constructor(private readonly commands: Commands, private readonly issuers: CredentialIssuerRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async propose(actor: Actor, input: ProposeCredentialIssuerInput): Promise<Result<CredentialIssuer>> {
    const refusal = authorise(actor, 'identity:manage-credential-issuers');
    if (refusal) return refusal;
    const keys = keysOf(input);
    if ('refused' in keys) return keys;
    const problem = problemOf(input);
    if (problem) return problem;
    return this.commands.run<Result<CredentialIssuer>>(actor, 'identity.propose-credential-issuer', input, async (tx) => {
      const issuer: CredentialIssuer = {
        id: newId(), iss: input.iss, jurisdiction: input.jurisdiction, trustFramework: input.trustFramework.normalize('NFC').trim(), types: input.types, keySource: input.keySource, ...keys,
        algorithms: [...new Set(input.algorithms)], assuranceLevel: input.assuranceLevel, statusRequired: input.statusRequired, validFrom: input.validFrom, validTo: input.validTo ?? null,
        state: 'PROPOSED', proposedBy: actor.memberId!, proposedAt: this.clock.now(), approvedBy: null, approvedAt: null,
      };
      await this.issuers.insert(tx, issuer);
      await this.audit.append(tx, actor, { act: 'credential-issuer.propose', objectType: 'credential-issuer', objectId: issuer.id, details: { ...input } });
      return issuer;
    });
  }

  /** Puts a proposal in force, in the place of the version before. */
  async approve(actor: Actor, id: string): Promise<Result<CredentialIssuer>> {
    const refusal = authorise(actor, 'identity:manage-credential-issuers');
    if (refusal) return refusal;
    return this.commands.run<Result<CredentialIssuer>>(actor, 'identity.approve-credential-issuer', { id }, async (tx) => {
      const found = await this.issuers.lock(tx, id);
      if (!found) return notFound('credential issuer');
      const { issuer, inForce } = found;
      const now = this.clock.now();
      if (issuer.state === 'PROPOSED' && issuer.proposedBy === actor.memberId) return stateConflict(IDENTITY_ERRORS.SECOND_OFFICER, 'another officer than the one who proposed it approves it', issuer.state);
      if (inForce && issuer.validFrom > now) return stateConflict(IDENTITY_ERRORS.CREDENTIAL_ISSUER_VALIDITY, 'the version in force would end before this one begins', issuer.state);
      const line = { table: credentialIssuerStates, objectType: 'credential-issuer', details: { iss: issuer.iss } };
      const state = await this.audit.transition(tx, actor, { ...line, state: issuer.state, event: 'approve', objectId: id });
      if (isRefused(state)) return state;
      if (inForce) {
        const replaced = await this.audit.transition(tx, actor, { ...line, state: inForce.state, event: 'replace', objectId: inForce.id });
        if (isRefused(replaced)) return replaced;
        await this.issuers.setState(tx, inForce.id, replaced);
      }
      await this.issuers.approve(tx, id, actor.memberId!, now);
      return { ...issuer, state, approvedBy: actor.memberId, approvedAt: now };
    });
  }

  /** Its credentials count no longer: at once for orders, and with the next sweep whatever rests on them lapses. */
  async withdraw(actor: Actor, id: string, reason: string): Promise<Result<CredentialIssuer>> {
    const refusal = authorise(actor, 'identity:manage-credential-issuers');
    if (refusal) return refusal;
    return this.commands.run<Result<CredentialIssuer>>(actor, 'identity.withdraw-credential-issuer', { id, reason }, async (tx) => {
      const found = await this.issuers.lock(tx, id);
      if (!found) return notFound('credential issuer');
      const state = await this.audit.transition(tx, actor, { table: credentialIssuerStates, state: found.issuer.state, event: 'withdraw', objectType: 'credential-issuer', objectId: id, reason, details: { iss: found.issuer.iss } });
      if (isRefused(state)) return state;
      await this.issuers.setState(tx, id, state);
      return { ...found.issuer, state };
    });
  }

  /** The list that everybody may read; proposals and past versions are for those who manage it. */
  page(actor: Actor, request: PageRequest): Promise<Page<CredentialIssuer>> {
    return this.issuers.page(permits(actor, 'identity:manage-credential-issuers') ? null : ['ACTIVE'], request);
  }
}

function problemOf(input: ProposeCredentialIssuerInput): InvalidInput | undefined {
  if (!isCountry(input.jurisdiction)) return invalid(IDENTITY_ERRORS.COUNTRY_UNKNOWN, 'jurisdiction', 'an ISO 3166-1 alpha-2 code');
  if (input.assuranceLevel < LOWEST_OF_CREDENTIALS) return invalid(IDENTITY_ERRORS.PROOF_TOO_WEAK, 'assuranceLevel', '3 or 4: what a credential proves is more than an extract of a register');
  if (input.validTo && input.validTo <= input.validFrom) return invalid(IDENTITY_ERRORS.CREDENTIAL_ISSUER_VALIDITY, 'validTo', 'after validFrom');
  const url = URL.canParse(input.iss) ? new URL(input.iss) : null;
  if (!url || url.search || url.hash || url.username || url.password) return invalid(IDENTITY_ERRORS.CREDENTIAL_ISSUER_KEYS, 'iss', 'an address without query, fragment and credentials');
  for (const [i, type] of input.types.entries()) {
    const field = mappingProblem(type);
    if (field) return invalid(IDENTITY_ERRORS.CREDENTIAL_ISSUER_MAPPING, `types.${i}.${field}`, `needed for ${type.purpose}`);
    if (input.types.findIndex((t) => t.vct === type.vct) !== i) return invalid(IDENTITY_ERRORS.CREDENTIAL_ISSUER_MAPPING, `types.${i}.vct`, 'each type once');
  }
  return undefined;
}

/** Public keys only: a private one that is pasted here is refused, not kept. */
function keysOf(input: ProposeCredentialIssuerInput): { jwks: JSONWebKeySet | null; rootCertificate: string | null } | InvalidInput {
  const wrong = (path: string, message: string): InvalidInput => invalid(IDENTITY_ERRORS.CREDENTIAL_ISSUER_KEYS, path, message);
  if ((input.keySource === 'JWKS') !== Boolean(input.jwks)) return wrong('jwks', 'given with the key source JWKS and only then');
  if ((input.keySource === 'X5C') !== Boolean(input.rootCertificate)) return wrong('rootCertificate', 'given with the key source X5C and only then');
  if (input.rootCertificate && !certificateOf(input.rootCertificate)?.ca) return wrong('rootCertificate', 'a PEM certificate of an authority');
  if (!input.jwks) return { jwks: null, rootCertificate: input.rootCertificate ?? null };
  try {
    const jwks = JSON.parse(input.jwks) as JSONWebKeySet;
    createLocalJWKSet(jwks);
    if (jwks.keys.length === 0 || jwks.keys.some((k) => k.d !== undefined || k.k !== undefined || k.kty === 'oct')) return wrong('jwks', 'public keys only');
    return { jwks, rootCertificate: null };
  } catch {
    return wrong('jwks', 'a JSON Web Key Set');
  }
}
