import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared';
import { type Actor, organisationOf, permits } from '../../domain/actor.js';
import type { WebhookEndpoint } from '../../domain/webhooks/webhook-endpoint.js';
import type { WebhookAttempt, WebhookMessage } from '../../domain/webhooks/webhook-message.js';
import { WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { type AttemptFilter, type MessageFilter, WebhookMessageRepository } from '../../storage/webhooks/webhook-message.repository.js';

/** The organisation's endpoints and what was sent to them; null for who may not read it, and for an endpoint of others. */
@Injectable()
export class ReadWebhooks {
  constructor(private readonly endpoints: WebhookEndpointRepository, private readonly log: WebhookMessageRepository) {}

  async ofOrganisation(actor: Actor, page: PageRequest): Promise<Page<WebhookEndpoint> | null> {
    return permits(actor, 'identity:follow-webhooks') ? this.endpoints.page(organisationOf(actor), page) : null;
  }

  async messages(actor: Actor, endpointId: string, filter: MessageFilter, page: PageRequest): Promise<Page<WebhookMessage> | null> {
    return (await this.reads(actor, endpointId)) ? this.log.page(endpointId, filter, page) : null;
  }

  async attempts(actor: Actor, endpointId: string, filter: AttemptFilter, page: PageRequest): Promise<Page<WebhookAttempt> | null> {
    return (await this.reads(actor, endpointId)) ? this.log.attempts(endpointId, filter, page) : null;
  }

  private async reads(actor: Actor, endpointId: string): Promise<boolean> {
    return permits(actor, 'identity:follow-webhooks') && this.endpoints.isOf(endpointId, organisationOf(actor));
  }
}
