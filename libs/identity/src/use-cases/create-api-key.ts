import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, isRefused, newId, newSecret, type Result, sha256Hex } from '#shared';
import { type Actor, authorise, organisationOf } from '../domain/actor.js';
import { ALLOW_LIST_MAX, parseAllowed } from '../domain/ip-allow-list.js';
import { isKeyLife, KEY_MAX_DAYS } from '../domain/key-life.js';
import { type Act, KEY_SCOPES } from '../domain/permissions.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { API_KEY_PREFIX } from '../oidc/authenticator.js';
import { type ApiKey, KeyRepository } from '../storage/key.repository.js';

export interface CreateApiKeyInput {
  readonly name: string;
  readonly scopes: readonly Act[];
  readonly expiresAt: Date;
  /** Addresses and CIDR ranges from which it may be used; left out or empty: from anywhere. */
  readonly allowList?: readonly string[] | null;
}
/** `secret` is null when the same request is repeated: it was shown once. */
export type CreatedApiKey = ApiKey & { readonly secret: string | null };

export const credentialOf = (id: string, secret: string): string => `${API_KEY_PREFIX}${id}.${secret}`;

/** A credential for an organisation's machines: hashed, scoped, expiring, shown once. */
@Injectable()
export class CreateApiKey {
  constructor(private readonly commands: Commands, private readonly keys: KeyRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: CreateApiKeyInput): Promise<Result<CreatedApiKey>> {
    const refusal = authorise(actor, 'identity:manage-keys');
    if (refusal) return refusal;
    const unknown = input.scopes.findIndex((s) => !KEY_SCOPES.includes(s));
    if (unknown >= 0) return invalid(IDENTITY_ERRORS.SCOPE_UNKNOWN, `scopes.${unknown}`, `of ${KEY_SCOPES.join(', ')}`);
    const allowed = (input.allowList ?? []).map(parseAllowed);
    const unread = allowed.indexOf(undefined);
    if (unread >= 0 || allowed.length > ALLOW_LIST_MAX) return invalid(IDENTITY_ERRORS.ALLOW_LIST, unread >= 0 ? `allowList.${unread}` : 'allowList', `at most ${ALLOW_LIST_MAX} addresses or CIDR ranges, such as 192.0.2.0/24 or 2001:db8::/32`);
    const id = newId();
    const secret = newSecret();
    const stored = await this.commands.run<Result<ApiKey>>(actor, 'identity.create-api-key', input, async (tx) => {
      const createdAt = this.clock.now();
      if (!isKeyLife(input.expiresAt, createdAt)) return invalid(IDENTITY_ERRORS.EXPIRY_OUT_OF_RANGE, 'expiresAt', `in the future and at most ${KEY_MAX_DAYS} days ahead`);
      const key: ApiKey = {
        id, organisationId: organisationOf(actor), createdBy: actor.memberId!, name: input.name, scopes: [...new Set(input.scopes)], expiresAt: input.expiresAt, revokedAt: null, createdAt,
        allowList: [...new Set(allowed.map((a) => a!))], successorId: null, lastUsedAt: null, lastUsedAddress: null,
      };
      await this.keys.insert(tx, { ...key, secretHash: sha256Hex(secret) });
      await this.audit.append(tx, actor, { act: 'api-key.create', objectType: 'api-key', objectId: id, details: { scopes: key.scopes, expiresAt: key.expiresAt, allowList: key.allowList } });
      return key;
    });
    if (isRefused(stored)) return stored;
    return { ...stored, secret: stored.id === id ? credentialOf(id, secret) : null };
  }
}
