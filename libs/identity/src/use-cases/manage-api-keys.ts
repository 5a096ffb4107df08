import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, newId, newSecret, notFound, type Result, sha256Hex } from '#shared';
import { type Actor, authorise, organisationOf } from '../domain/actor.js';
import { type Act, KEY_SCOPES } from '../domain/permissions.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { API_KEY_PREFIX } from '../oidc/authenticator.js';
import { type ApiKey, MemberRepository } from '../storage/member.repository.js';

export interface CreateApiKeyInput {
  readonly name: string;
  readonly scopes: readonly Act[];
  readonly expiresAt: Date;
}
/** `secret` is null when the same request is repeated: it was shown once. */
export type CreatedApiKey = ApiKey & { readonly secret: string | null };

const MAX_LIFE_DAYS = 366;

/** Credentials for an organisation's machines: hashed, scoped, expiring, shown once. */
@Injectable()
export class ManageApiKeys {
  constructor(private readonly commands: Commands, private readonly members: MemberRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async create(actor: Actor, input: CreateApiKeyInput): Promise<Result<CreatedApiKey>> {
    const refusal = authorise(actor, 'identity:manage-keys');
    if (refusal) return refusal;
    const now = this.clock.now();
    if (input.expiresAt <= now || input.expiresAt.getTime() > now.getTime() + MAX_LIFE_DAYS * 86_400_000) return invalid(IDENTITY_ERRORS.EXPIRY_OUT_OF_RANGE, 'expiresAt', `in the future and at most ${MAX_LIFE_DAYS} days ahead`);
    const unknown = input.scopes.findIndex((s) => !KEY_SCOPES.includes(s));
    if (unknown >= 0) return invalid(IDENTITY_ERRORS.SCOPE_UNKNOWN, `scopes.${unknown}`, `of ${KEY_SCOPES.join(', ')}`);
    const secret = newSecret();
    const key: ApiKey = { id: newId(), organisationId: organisationOf(actor), createdBy: actor.memberId!, name: input.name, scopes: [...new Set(input.scopes)], expiresAt: input.expiresAt, revokedAt: null, createdAt: now };
    const stored = await this.commands.run<Result<ApiKey>>(actor, 'identity.create-api-key', input, async (tx) => {
      await this.members.insertKey(tx, { ...key, scopes: [...key.scopes], secretHash: sha256Hex(secret) });
      await this.audit.append(tx, actor, { act: 'api-key.create', objectType: 'api-key', objectId: key.id, details: { scopes: key.scopes, expiresAt: key.expiresAt } });
      return key;
    });
    if ('refused' in stored) return stored;
    return { ...stored, secret: stored.id === key.id ? `${API_KEY_PREFIX}${key.id}.${secret}` : null };
  }

  async revoke(actor: Actor, id: string): Promise<Result<ApiKey>> {
    const refusal = authorise(actor, 'identity:manage-keys');
    if (refusal) return refusal;
    return this.commands.run<Result<ApiKey>>(actor, 'identity.revoke-api-key', { id }, async (tx) => {
      const row = await this.members.lockKey(tx, id);
      if (!row || row.organisationId !== actor.tenantId) return notFound('API key');
      const { secretHash: _, ...key } = row;
      if (key.revokedAt) return key;
      const revokedAt = this.clock.now();
      await this.members.revokeKey(tx, id, revokedAt);
      await this.audit.append(tx, actor, { act: 'api-key.revoke', objectType: 'api-key', objectId: id });
      return { ...key, revokedAt };
    });
  }
}
