import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, notFound, type Result } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { type ApiKey, KeyRepository } from '../storage/key.repository.js';

/** Ends a credential at once; its successor, if it was rotated, is a credential of its own. */
@Injectable()
export class RevokeApiKey {
  constructor(private readonly commands: Commands, private readonly keys: KeyRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, id: string): Promise<Result<ApiKey>> {
    const refusal = authorise(actor, 'identity:manage-keys');
    if (refusal) return refusal;
    return this.commands.run<Result<ApiKey>>(actor, 'identity.revoke-api-key', { id }, async (tx) => {
      const row = await this.keys.lock(tx, id);
      if (!row || row.organisationId !== actor.tenantId) return notFound('API key');
      const { secretHash: _, expiryAnnouncedAt: __, ...key } = row;
      if (key.revokedAt) return key;
      const revokedAt = this.clock.now();
      await this.keys.update(tx, id, { revokedAt });
      await this.audit.append(tx, actor, { act: 'api-key.revoke', objectType: 'api-key', objectId: id });
      return { ...key, revokedAt };
    });
  }
}
