import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, isId, sha256Hex } from '#shared';
import type { Actor } from '../domain/actor.js';
import { allows } from '../domain/ip-allow-list.js';
import { KeyRepository } from '../storage/key.repository.js';
import { MemberRepository } from '../storage/member.repository.js';
import { NoteKeyUse } from '../use-cases/note-key-use.js';
import { TokenVerifier } from './token-verifier.js';

/** `actor` null and `rejected` false: nobody. `rejected`: a credential was given and is not good. */
export interface Authentication {
  readonly actor: Actor | null;
  readonly rejected: boolean;
}

export interface RequestFacts {
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** Of the peer. */
  readonly address: string;
}

export const API_KEY_PREFIX = 'ek_';
/** The hash of no secret: what is compared where there is no key, so that a wrong id takes as long as a wrong secret. */
const NO_SECRET = '0'.repeat(64);
const NOBODY: Authentication = { actor: null, rejected: false };
const REJECTED: Authentication = { actor: null, rejected: true };

/** From the request's credential to the actor: a bearer token of the OIDC issuer, or an API key. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly tokens: TokenVerifier, private readonly members: MemberRepository, private readonly keys: KeyRepository, private readonly keyUse: NoteKeyUse, private readonly clock: Clock,
  ) {}

  async authenticate(request: RequestFacts): Promise<Authentication> {
    if (request.authorization === undefined) return NOBODY;
    const [, credential] = /^Bearer ([\w.~+/=-]{8,8000})$/i.exec(request.authorization) ?? [];
    if (!credential) return REJECTED;
    const actor = credential.startsWith(API_KEY_PREFIX) ? await this.byKey(credential, request) : await this.byToken(credential, request);
    return actor ? { actor, rejected: false } : REJECTED;
  }

  private async byToken(token: string, request: RequestFacts): Promise<Actor | null> {
    const identity = await this.tokens.verify(token);
    if (!identity) return null;
    const common = { requestId: request.requestId, ...(request.idempotencyKey !== undefined ? { idempotencyKey: request.idempotencyKey } : {}), scopes: [], identity };
    const standing = await this.members.standing(identity.issuer, identity.subject, this.clock.now());
    if (!standing) {
      return { ...common, kind: 'newcomer', subject: `identity:${identity.issuer}|${identity.subject}`.slice(0, 300), tenantId: null, memberId: null, organisationKind: null, organisationState: null, roles: [] };
    }
    return {
      ...common, kind: 'member', subject: `member:${standing.id}`, tenantId: standing.organisation_id, memberId: standing.id,
      organisationKind: standing.organisation_kind, organisationState: standing.organisation_state, roles: standing.elevated ? [...new Set([...standing.roles, ...standing.elevated])] : standing.roles,
    };
  }

  /** Unknown, ended, revoked, a wrong secret and a foreign address look the same. */
  private async byKey(credential: string, request: RequestFacts): Promise<Actor | null> {
    const [id = '', secret = ''] = credential.slice(API_KEY_PREFIX.length).split('.');
    if (!isId(id) || !secret) return null;
    const standing = await this.keys.standing(id, this.clock.now());
    const isSecret = timingSafeEqual(Buffer.from(standing?.secret_hash ?? NO_SECRET, 'hex'), Buffer.from(sha256Hex(secret), 'hex'));
    if (!standing || !isSecret || !allows(standing.allow_list, request.address)) return null;
    this.keyUse.note(id, request.address);
    return {
      kind: 'key', subject: `key:${id}`, tenantId: standing.organisation_id, memberId: null, requestId: request.requestId,
      ...(request.idempotencyKey !== undefined ? { idempotencyKey: request.idempotencyKey } : {}),
      organisationKind: standing.organisation_kind, organisationState: standing.organisation_state, roles: [], scopes: standing.scopes, identity: null,
    };
  }
}
