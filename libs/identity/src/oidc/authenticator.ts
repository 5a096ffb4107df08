import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, sha256Hex } from '#shared';
import { type Actor, personSubject } from '../domain/actor.js';
import type { ProvenIdentity } from '../domain/issuer.js';
import { type Act, KEY_ASSURANCE } from '../domain/permissions.js';
import type { KeyStanding } from '../storage/key.repository.js';
import { MemberRepository } from '../storage/member.repository.js';
import { ProofRepository } from '../storage/proof.repository.js';
import { DpopProofs, type ProvenRequest } from './dpop-proofs.js';
import { KeyAdmission } from './key-admission.js';
import { TokenVerifier } from './token-verifier.js';

/** `actor` null and `rejected` false: nobody. `rejected`: a credential was given and is not good. `unavailable`: its issuer cannot be asked. */
export interface Authentication {
  readonly actor: Actor | null;
  readonly rejected: boolean;
  readonly unavailable?: boolean;
}

/** What of a request tells who makes it. */
export interface RequestFacts extends ProvenRequest {
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** Of the peer. */
  readonly address: string;
}

export const API_KEY_PREFIX = 'ek_';
/** A longer token is refused unread. */
const CREDENTIAL = /^(Bearer|DPoP) ([\w.~+/=-]{8,8000})$/i;
const NOBODY: Authentication = { actor: null, rejected: false };
const REJECTED: Authentication = { actor: null, rejected: true };
const UNAVAILABLE: Authentication = { actor: null, rejected: true, unavailable: true };
/** Of no secret: what a key that does not exist is compared with, so that the answer takes as long. */
const NO_SECRET = '0'.repeat(64);

/** From the request's credential to the actor: an access token, bound to a key or not, or an API key. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly tokens: TokenVerifier, private readonly members: MemberRepository, private readonly keys: KeyAdmission,
    private readonly dpop: DpopProofs, private readonly proofs: ProofRepository, private readonly clock: Clock,
  ) {}

  async authenticate(request: RequestFacts): Promise<Authentication> {
    if (request.authorization === undefined) return NOBODY;
    const [, scheme, credential] = CREDENTIAL.exec(request.authorization) ?? [];
    if (!scheme || !credential) return REJECTED;
    const bearer = scheme.toLowerCase() === 'bearer';
    if (credential.startsWith(API_KEY_PREFIX)) return bearer ? outcome(await this.byKey(credential, request)) : REJECTED;
    const token = await this.tokens.verify(credential);
    if (token === 'unavailable') return UNAVAILABLE;
    if (token === 'refused' || bearer !== (token.jkt === null)) return REJECTED;
    if (token.jkt !== null && !(await this.dpop.check(request, credential, token.jkt))) return REJECTED;
    return outcome(token.identity ? await this.byIdentity(token.identity, request) : await this.byMachine(token.machine!, request));
  }

  private async byIdentity(identity: ProvenIdentity, request: RequestFacts): Promise<Actor | null> {
    const common = { ...carried(request), scopes: [], identity, assurance: identity.assurance };
    const standing = await this.members.standing(identity.issuer, identity.subject, this.clock.now());
    if (!standing) {
      return { ...common, kind: 'newcomer', subject: personSubject(identity), tenantId: null, memberId: null, organisationKind: null, organisationState: null, roles: [] };
    }
    // Signed in for another organisation than the one that he is a member of: here he is not that member.
    if (identity.organisationNumbers.length && !(await this.proofs.holds(standing.organisation_id, identity.organisationNumbers))) return null;
    return {
      ...common, kind: 'member', subject: `member:${standing.id}`, tenantId: standing.organisation_id, memberId: standing.id,
      organisationKind: standing.organisation_kind, organisationState: standing.organisation_state, roles: standing.elevated ? [...new Set([...standing.roles, ...standing.elevated])] : standing.roles,
    };
  }

  /** Unknown, ended, revoked, a wrong secret and a foreign address look the same. */
  private async byKey(credential: string, request: RequestFacts): Promise<Actor | null> {
    const [id = '', secret = '', ...more] = credential.slice(API_KEY_PREFIX.length).split('.');
    const standing = await this.keys.admit(id, request.address);
    // One key has one writing: what stands behind it is not left unread.
    if (more.length || !isSecretOf(standing, secret)) return null;
    this.keys.used(id, request.address);
    return keyActor(standing!, standing!.scopes, request);
  }

  private async byMachine(machine: { keyId: string; scopes: readonly Act[] }, request: RequestFacts): Promise<Actor | null> {
    const standing = await this.keys.admit(machine.keyId, request.address);
    if (!standing) return null;
    this.keys.used(machine.keyId, request.address);
    return keyActor(standing, standing.scopes.filter((s) => machine.scopes.includes(s)), request);
  }
}

/** Whether this is the key's secret; takes as long for a key that does not exist. */
export const isSecretOf = (key: KeyStanding | null, secret: string): boolean =>
  timingSafeEqual(Buffer.from(key?.secret_hash ?? NO_SECRET, 'hex'), Buffer.from(sha256Hex(secret), 'hex')) && key !== null;

const outcome = (actor: Actor | null): Authentication => (actor ? { actor, rejected: false } : REJECTED);
const carried = ({ requestId, idempotencyKey }: RequestFacts): { requestId: string; idempotencyKey?: string } => ({ requestId, ...(idempotencyKey !== undefined ? { idempotencyKey } : {}) });
const keyActor = (key: KeyStanding, scopes: readonly Act[], request: RequestFacts): Actor => ({
  ...carried(request), kind: 'key', subject: `key:${key.id}`, tenantId: key.organisation_id, memberId: null, organisationKind: key.organisation_kind,
  organisationState: key.organisation_state, roles: [], scopes, identity: null, assurance: KEY_ASSURANCE,
});
