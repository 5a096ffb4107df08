import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { isRefused } from '#shared';
import type { Actor } from '../../domain/actor.js';
import { OVERLAP_DEFAULT_HOURS } from '../../domain/key-life.js';
import { MoveWebhookEndpoint } from '../../use-cases/webhooks/move-webhook-endpoint.js';
import { RegisterWebhookEndpoint } from '../../use-cases/webhooks/register-webhook-endpoint.js';
import { ReplayWebhooks } from '../../use-cases/webhooks/replay-webhooks.js';
import { RotateWebhookSecret } from '../../use-cases/webhooks/rotate-webhook-secret.js';
import { TestWebhookEndpoint } from '../../use-cases/webhooks/test-webhook-endpoint.js';
import { Asks, Authenticated, CurrentActor } from '../access.js';
import * as I from './webhooks.inputs.js';
import * as T from './webhooks.types.js';

@Resolver()
@Authenticated()
export class WebhooksResolver {
  constructor(private readonly registration: RegisterWebhookEndpoint, private readonly rotation: RotateWebhookSecret, private readonly moves: MoveWebhookEndpoint, private readonly replays: ReplayWebhooks, private readonly tests: TestWebhookEndpoint) {}

  @Asks('identity:manage-webhooks')
  @Mutation(() => T.RegisterWebhookEndpointResult, { description: 'Has notices of the organisation sent to an address from now on; the secret is shown once. Administrators.' })
  registerWebhookEndpoint(@CurrentActor() actor: Actor, @Args('input') input: I.RegisterWebhookEndpointInput): Promise<object> {
    return this.registration.execute(actor, { url: input.url, description: input.description, kinds: input.kinds ?? [] });
  }

  @Asks('identity:manage-webhooks')
  @Mutation(() => T.RotateWebhookSecretResult, { description: 'Makes a new secret; for an overlap both sign. Administrators.' })
  rotateWebhookSecret(@CurrentActor() actor: Actor, @Args('input') input: I.RotateWebhookSecretInput): Promise<object> {
    return this.rotation.execute(actor, { endpointId: input.endpointId, overlapHours: input.overlapHours ?? OVERLAP_DEFAULT_HOURS });
  }

  @Asks('identity:manage-webhooks')
  @Mutation(() => T.DisableWebhookEndpointResult, { description: 'Sends nothing there any more; what waits has failed. Administrators.' })
  disableWebhookEndpoint(@CurrentActor() actor: Actor, @Args('input') input: I.DisableWebhookEndpointInput): Promise<object> {
    return this.moves.execute(actor, 'disable', input.endpointId);
  }

  @Asks('identity:manage-webhooks')
  @Mutation(() => T.EnableWebhookEndpointResult, { description: 'Sends there again; what it missed is sent by a replay. Administrators.' })
  enableWebhookEndpoint(@CurrentActor() actor: Actor, @Args('input') input: I.EnableWebhookEndpointInput): Promise<object> {
    return this.moves.execute(actor, 'enable', input.endpointId);
  }

  @Asks('identity:manage-webhooks')
  @Mutation(() => T.DeleteWebhookEndpointResult, { description: 'Ends an endpoint for good and forgets its secrets; its log stays for its 30 days. Administrators.' })
  deleteWebhookEndpoint(@CurrentActor() actor: Actor, @Args('input') input: I.DeleteWebhookEndpointInput): Promise<object> {
    return this.moves.execute(actor, 'delete', input.endpointId);
  }

  @Asks('identity:follow-webhooks')
  @Mutation(() => T.TestWebhookEndpointResult, { description: 'Sends a message of kind `WEBHOOK_TEST` to this endpoint, whatever kinds it wants. It is tried once; `webhookAttempts` shows what came of it.' })
  async testWebhookEndpoint(@CurrentActor() actor: Actor, @Args('input') input: I.TestWebhookEndpointInput): Promise<object> {
    const message = await this.tests.execute(actor, input);
    return isRefused(message) ? message : T.toMessageType(message);
  }

  @Asks('identity:follow-webhooks')
  @Mutation(() => T.ReplayWebhookMessageResult, { description: 'Sends one message again, with the whole schedule of retries before it.' })
  async replayWebhookMessage(@CurrentActor() actor: Actor, @Args('input') input: I.ReplayWebhookMessageInput): Promise<object> {
    const message = await this.replays.one(actor, input);
    return isRefused(message) ? message : T.toMessageType(message);
  }

  @Asks('identity:follow-webhooks')
  @Mutation(() => T.ReplayFailedWebhooksResult, { description: 'Sends again what has failed since an instant.' })
  replayFailedWebhooks(@CurrentActor() actor: Actor, @Args('input') input: I.ReplayFailedWebhooksInput): Promise<object> {
    return this.replays.failed(actor, input);
  }
}
