import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, Commands, isRefused, notFound, type Result, type StateConflict, type Tx } from '#shared';
import { type Actor, authorise } from '../../domain/actor.js';
import { type DisabledBecause, type WebhookEndpoint, type WebhookEndpointEvent, webhookEndpointStates } from '../../domain/webhooks/webhook-endpoint.js';
import { WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { WebhookMessageRepository } from '../../storage/webhooks/webhook-message.repository.js';

/** An endpoint is disabled, enabled and deleted. What waits for it then has failed, and what it is told while disabled too: a replay sends it after all. */
@Injectable()
export class MoveWebhookEndpoint {
  constructor(
    private readonly commands: Commands, private readonly endpoints: WebhookEndpointRepository, private readonly messages: WebhookMessageRepository, private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, event: WebhookEndpointEvent, endpointId: string): Promise<Result<WebhookEndpoint>> {
    const refusal = authorise(actor, 'identity:manage-webhooks');
    if (refusal) return refusal;
    return this.commands.run<Result<WebhookEndpoint>>(actor, `identity.${event}-webhook-endpoint`, { endpointId }, async (tx) => {
      const endpoint = await this.endpoints.lock(tx, endpointId);
      if (!endpoint || endpoint.organisationId !== actor.tenantId || endpoint.state === 'DELETED') return notFound('webhook endpoint');
      return this.move(tx, actor, endpoint, event, event === 'disable' ? 'CUSTOMER' : null);
    });
  }

  /** In the caller's transaction, which holds the endpoint. */
  async move(tx: Tx, caller: Caller, endpoint: WebhookEndpoint, event: WebhookEndpointEvent, because: DisabledBecause | null): Promise<WebhookEndpoint | StateConflict> {
    const { id, organisationId } = endpoint;
    const state = await this.audit.transition(tx, caller, { table: webhookEndpointStates, state: endpoint.state, event, objectType: 'webhook-endpoint', objectId: id, tenantId: organisationId, details: { because } });
    if (isRefused(state)) return state;
    const at = this.clock.now();
    await this.endpoints.setState(tx, id, state, because, at);
    if (state !== 'ENABLED') await this.messages.failWaiting(tx, id, 'ENDPOINT_DISABLED', at);
    return { ...endpoint, state, disabledBecause: because, failingSince: state === 'ENABLED' ? null : endpoint.failingSince, previousUntil: state === 'DELETED' ? null : endpoint.previousUntil };
  }
}
