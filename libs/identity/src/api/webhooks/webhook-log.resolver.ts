import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { Actor } from '../../domain/actor.js';
import type { NoticeKind } from '../../domain/notice.js';
import type { WebhookMessageState } from '../../domain/webhooks/webhook-message.js';
import { ReadWebhooks } from '../../use-cases/webhooks/read-webhooks.js';
import { Asks, Authenticated, CurrentActor } from '../access.js';
import { NoticeKindEnum } from '../notices.types.js';
import * as T from './webhooks.types.js';

@Resolver()
@Authenticated()
export class WebhookLogResolver {
  constructor(private readonly reading: ReadWebhooks) {}

  @Asks('identity:follow-webhooks')
  @Query(() => T.WebhookEndpointConnection, { nullable: true, complexity: pageCost, description: "The webhook endpoints of the caller's organisation." })
  async webhookEndpoints(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.WebhookEndpointType> | null> {
    const found = await this.reading.ofOrganisation(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (e) => e);
  }

  @Asks('identity:follow-webhooks')
  @Query(() => T.WebhookMessageConnection, { nullable: true, complexity: pageCost, description: 'What was sent or is to be sent to an endpoint, newest first; of the last 30 days.' })
  async webhookMessages(
    @CurrentActor() actor: Actor, @Args('endpointId', { type: () => ID, description: 'To which endpoint.' }) endpointId: string, @Args() page: PageArgs,
    @Args('states', { type: () => [T.WebhookMessageStateEnum], nullable: true, description: 'Only in these states.' }) states: WebhookMessageState[] | null,
    @Args('kinds', { type: () => [NoticeKindEnum], nullable: true, description: 'Only of these kinds.' }) kinds: NoticeKind[] | null,
  ): Promise<ConnectionOf<T.WebhookMessageType> | null> {
    const found = await this.reading.messages(actor, endpointId, { states: states ?? null, kinds: kinds ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toMessageType);
  }

  @Asks('identity:follow-webhooks')
  @Query(() => T.WebhookAttemptConnection, { nullable: true, complexity: pageCost, description: 'Every call to an endpoint, newest first; of the last 30 days.' })
  async webhookAttempts(
    @CurrentActor() actor: Actor, @Args('endpointId', { type: () => ID, description: 'To which endpoint.' }) endpointId: string, @Args() page: PageArgs,
    @Args('messageId', { type: () => ID, nullable: true, description: 'Only of this message.' }) messageId: string | null,
    @Args('failed', { type: () => Boolean, nullable: true, description: 'Only those that failed, or only those that arrived.' }) failed: boolean | null,
  ): Promise<ConnectionOf<T.WebhookAttemptType> | null> {
    const found = await this.reading.attempts(actor, endpointId, { noticeId: messageId ?? null, failed: failed ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toAttemptType);
  }
}
