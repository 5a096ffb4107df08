import { Injectable } from '@nestjs/common';
import { importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { Audit } from '#audit';
import { Clock, Commands, invalid, notFound, type Result, stateConflict } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { parseKeySet } from '../domain/key-set.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type ApiKey, KeyRepository } from '../storage/key.repository.js';
import { ProofRepository } from '../storage/proof.repository.js';

export interface RegisterKeyJwksInput {
  readonly id: string;
  /** A JWK set in JSON. */
  readonly jwks: string;
}

/** The public keys with which a machine proves that an API key is its own, so that no secret travels (private_key_jwt, RFC 7523). */
@Injectable()
export class RegisterKeyJwks {
  constructor(
    private readonly commands: Commands, private readonly keys: KeyRepository, private readonly proofs: ProofRepository, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: RegisterKeyJwksInput): Promise<Result<ApiKey>> {
    const refusal = authorise(actor, 'identity:manage-keys');
    if (refusal) return refusal;
    const keys = parseKeySet(input.jwks);
    if (typeof keys === 'string') return invalid(IDENTITY_ERRORS.KEY_SET_MALFORMED, 'jwks', keys);
    for (const key of keys) {
      const usable = await importJWK(key as JWK, key.alg).then(() => true, () => false);
      if (!usable) return invalid(IDENTITY_ERRORS.KEY_SET_MALFORMED, 'jwks', `the key ${key.kid} is none`);
    }
    return this.commands.run<Result<ApiKey>>(actor, 'identity.register-key-jwks', input, async (tx) => {
      const row = await this.keys.lock(tx, input.id);
      if (!row || row.organisationId !== actor.tenantId) return notFound('API key');
      // A key signs within the mandate of whoever made it: another administrator's keys on it would sign in that name.
      if (row.createdBy !== actor.memberId) return stateConflict(IDENTITY_ERRORS.KEY_OF_ANOTHER, 'somebody else made this key: rotate it, then it is yours', 'ACTIVE');
      const { secretHash: _, expiryAnnouncedAt: __, ...key } = row;
      const now = this.clock.now();
      if (key.revokedAt || key.expiresAt <= now) return stateConflict(IDENTITY_ERRORS.KEY_REVOKED, 'the key was revoked or has ended', key.revokedAt ? 'REVOKED' : 'EXPIRED');
      await this.proofs.putKeySet(tx, { keyId: key.id, organisationId: key.organisationId, jwks: { keys } as unknown as JSONWebKeySet, registeredBy: actor.memberId!, registeredAt: now });
      await this.audit.append(tx, actor, { act: 'api-key.register-jwks', objectType: 'api-key', objectId: key.id, details: { keys } });
      return key;
    });
  }
}
