import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { type Actor, organisationOf, permits } from '../domain/actor.js';
import { OVERLAP_DEFAULT_HOURS } from '../domain/key-life.js';
import { KeyRepository } from '../storage/key.repository.js';
import { CreateApiKey } from '../use-cases/create-api-key.js';
import { RevokeApiKey } from '../use-cases/revoke-api-key.js';
import { RotateApiKey } from '../use-cases/rotate-api-key.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { CreateApiKeyInput, RevokeApiKeyInput, RotateApiKeyInput } from './keys.inputs.js';
import * as T from './keys.types.js';

@Resolver()
@Authenticated()
export class KeysResolver {
  constructor(private readonly keys: KeyRepository, private readonly creation: CreateApiKey, private readonly rotation: RotateApiKey, private readonly revocation: RevokeApiKey) {}

  @Asks('identity:manage-keys')
  @Query(() => T.ApiKeyConnection, { nullable: true, complexity: pageCost, description: "The API keys of the caller's organisation; for its administrators." })
  async apiKeys(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.ApiKey> | null> {
    if (!permits(actor, 'identity:manage-keys')) return null;
    return toConnection(await this.keys.page(organisationOf(actor), pageRequest(page.first, page.after, 1)), (k) => k);
  }

  @Asks('identity:manage-keys')
  @Mutation(() => T.CreateApiKeyResult, { description: 'Makes a credential for a machine; the secret is shown once. Administrators.' })
  createApiKey(@CurrentActor() actor: Actor, @Args('input') input: CreateApiKeyInput): Promise<object> {
    return this.creation.execute(actor, input);
  }

  @Asks('identity:manage-keys')
  @Mutation(() => T.RotateApiKeyResult, { description: 'Makes a successor of a credential with the same name, scopes and allow-list; for an overlap both are good. Administrators.' })
  rotateApiKey(@CurrentActor() actor: Actor, @Args('input') input: RotateApiKeyInput): Promise<object> {
    return this.rotation.execute(actor, { id: input.id, overlapHours: input.overlapHours ?? OVERLAP_DEFAULT_HOURS });
  }

  @Asks('identity:manage-keys')
  @Mutation(() => T.RevokeApiKeyResult, { description: 'Ends a credential at once. Administrators.' })
  revokeApiKey(@CurrentActor() actor: Actor, @Args('input') input: RevokeApiKeyInput): Promise<object> {
    return this.revocation.execute(actor, input.id);
  }
}
