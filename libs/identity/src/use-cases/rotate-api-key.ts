import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, isRefused, newId, newSecret, notFound, type Result, sha256Hex, stateConflict } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { rotation } from '../domain/key-life.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type ApiKey, KeyRepository } from '../storage/key.repository.js';
import { type CreatedApiKey, credentialOf } from './create-api-key.js';

export interface RotateApiKeyInput {
  readonly id: string;
  /** For so long both are good. */
  readonly overlapHours: number;
}

/**
 * A new secret for the same machine: the successor carries the scopes, the name and the addresses of the old key, and both are good until the
 * overlap ends. It signs with the authority of whoever rotated; a key set for private_key_jwt is registered anew, by him.
 */
@Injectable()
export class RotateApiKey {
  constructor(private readonly commands: Commands, private readonly keys: KeyRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: RotateApiKeyInput): Promise<Result<CreatedApiKey>> {
    const refusal = authorise(actor, 'identity:manage-keys');
    if (refusal) return refusal;
    const id = newId();
    const secret = newSecret();
    const stored = await this.commands.run<Result<ApiKey>>(actor, 'identity.rotate-api-key', input, async (tx) => {
      const old = await this.keys.lock(tx, input.id);
      if (!old || old.organisationId !== actor.tenantId) return notFound('API key');
      const now = this.clock.now();
      if (old.revokedAt || old.expiresAt <= now) return stateConflict(IDENTITY_ERRORS.KEY_ENDED, 'the key has ended: make a new one', old.revokedAt ? 'REVOKED' : 'EXPIRED');
      if (old.successorId) return stateConflict(IDENTITY_ERRORS.KEY_ROTATED, `the key ${old.successorId} has taken its place`, 'ROTATED');
      const { newEnd, oldEnd } = rotation(old, now, input.overlapHours);
      const { organisationId, name, scopes, allowList } = old;
      const key: ApiKey = { id, organisationId, createdBy: actor.memberId!, name, scopes, allowList, expiresAt: newEnd, revokedAt: null, createdAt: now, successorId: null, lastUsedAt: null, lastUsedAddress: null };
      await this.keys.insert(tx, { ...key, secretHash: sha256Hex(secret) });
      await this.keys.update(tx, old.id, { successorId: id, expiresAt: oldEnd });
      await this.audit.append(tx, actor, { act: 'api-key.rotate', objectType: 'api-key', objectId: old.id, details: { successorId: id, endsAt: oldEnd } });
      await this.audit.append(tx, actor, { act: 'api-key.create', objectType: 'api-key', objectId: id, details: { scopes, allowList, expiresAt: newEnd, predecessorId: old.id } });
      return key;
    });
    if (isRefused(stored)) return stored;
    return { ...stored, secret: stored.id === id ? credentialOf(id, secret) : null };
  }
}
