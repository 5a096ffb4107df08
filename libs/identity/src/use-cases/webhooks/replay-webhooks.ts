import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, isRefused, notFound, type Refusal, type Result, type Tx } from '#shared';
import { type Actor, authorise } from '../../domain/actor.js';
import type { WebhookMessage } from '../../domain/webhooks/webhook-message.js';
import { WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { WebhookMessageRepository } from '../../storage/webhooks/webhook-message.repository.js';
import { openEndpoint } from './open-endpoint.js';

/** Of one call: what an endpoint works off in minutes. More is another call. */
export const REPLAY_BATCH = 1_000;

export interface ReplayMessageInput {
  readonly endpointId: string;
  readonly messageId: string;
}
export interface ReplayFailedInput {
  readonly endpointId: string;
  readonly since: Date;
}

/** Sends again what failed, or what was lost behind the endpoint: with the same `webhook-id`, and the whole schedule before it. */
@Injectable()
export class ReplayWebhooks {
  constructor(private readonly commands: Commands, private readonly endpoints: WebhookEndpointRepository, private readonly messages: WebhookMessageRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async one(actor: Actor, input: ReplayMessageInput): Promise<Result<WebhookMessage>> {
    const refusal = authorise(actor, 'identity:follow-webhooks');
    if (refusal) return refusal;
    return this.commands.run<Result<WebhookMessage>>(actor, 'identity.replay-webhook-message', input, async (tx) => {
      const closed = await this.closed(tx, actor, input.endpointId);
      if (closed) return closed;
      const message = await this.messages.lock(tx, input.endpointId, input.messageId);
      if (!message) return notFound('webhook endpoint');
      const at = this.clock.now();
      await this.messages.replay(tx, message.endpointId, message.noticeId, at);
      await this.audit.append(tx, actor, { act: 'webhook-endpoint.replay', objectType: 'webhook-endpoint', objectId: input.endpointId, details: { messageId: message.noticeId } });
      return { ...message, state: 'WAITING', attempts: 0, nextAttemptAt: at, finishedAt: null };
    });
  }

  async failed(actor: Actor, input: ReplayFailedInput): Promise<Result<{ readonly replayed: number }>> {
    const refusal = authorise(actor, 'identity:follow-webhooks');
    if (refusal) return refusal;
    return this.commands.run<Result<{ readonly replayed: number }>>(actor, 'identity.replay-failed-webhooks', input, async (tx) => {
      const closed = await this.closed(tx, actor, input.endpointId);
      if (closed) return closed;
      const replayed = await this.messages.replayFailed(tx, input.endpointId, input.since, this.clock.now(), REPLAY_BATCH);
      await this.audit.append(tx, actor, { act: 'webhook-endpoint.replay', objectType: 'webhook-endpoint', objectId: input.endpointId, details: { since: input.since, replayed } });
      return { replayed };
    });
  }

  /** Locks the endpoint; refuses where nothing can be sent to it. */
  private async closed(tx: Tx, actor: Actor, endpointId: string): Promise<Refusal | null> {
    const endpoint = openEndpoint(actor, await this.endpoints.lock(tx, endpointId));
    return isRefused(endpoint) ? endpoint : null;
  }
}
