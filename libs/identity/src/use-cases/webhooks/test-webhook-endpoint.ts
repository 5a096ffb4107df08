import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, isRefused, newId, type Result } from '#shared';
import { type Actor, authorise } from '../../domain/actor.js';
import type { Notice } from '../../domain/notice.js';
import type { WebhookMessage } from '../../domain/webhooks/webhook-message.js';
import { NoticeRepository } from '../../storage/notice.repository.js';
import { WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { openEndpoint } from './open-endpoint.js';

export interface TestWebhookEndpointInput {
  readonly endpointId: string;
}

/** A message that tells nothing, to one endpoint and whatever kinds it wants: signed, logged and counted for its health as every other, but tried once, since somebody waits for what comes of it. */
@Injectable()
export class TestWebhookEndpoint {
  constructor(private readonly commands: Commands, private readonly endpoints: WebhookEndpointRepository, private readonly notices: NoticeRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: TestWebhookEndpointInput): Promise<Result<WebhookMessage>> {
    const refusal = authorise(actor, 'identity:follow-webhooks');
    if (refusal) return refusal;
    return this.commands.run<Result<WebhookMessage>>(actor, 'identity.test-webhook-endpoint', input, async (tx) => {
      const endpoint = openEndpoint(actor, await this.endpoints.lock(tx, input.endpointId));
      if (isRefused(endpoint)) return endpoint;
      const at = this.clock.now();
      const notice: Notice = {
        id: newId(), organisationId: endpoint.organisationId, objectType: 'WEBHOOK_ENDPOINT', objectId: endpoint.id, kind: 'WEBHOOK_TEST', text: 'A test message: nothing has happened.', details: { test: true }, reasons: [], decisionId: null,
        createdAt: at,
      };
      await this.notices.insert(tx, [notice], endpoint.id);
      await this.audit.append(tx, actor, { act: 'webhook-endpoint.test', objectType: 'webhook-endpoint', objectId: endpoint.id, details: { messageId: notice.id } });
      return { endpointId: endpoint.id, noticeId: notice.id, kind: notice.kind, state: 'WAITING', attempts: 0, nextAttemptAt: at, lastStatus: null, failure: null, createdAt: at, finishedAt: null };
    });
  }
}
