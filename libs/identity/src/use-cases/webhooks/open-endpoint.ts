import { notFound, type Result, stateConflict } from '#shared';
import type { Actor } from '../../domain/actor.js';
import type { WebhookEndpoint } from '../../domain/webhooks/webhook-endpoint.js';
import { IDENTITY_ERRORS } from '../../identity.errors.js';

/** An endpoint of the caller's own organisation that something can be sent to now. */
export function openEndpoint(actor: Actor, endpoint: WebhookEndpoint | null): Result<WebhookEndpoint> {
  if (!endpoint || endpoint.organisationId !== actor.tenantId || endpoint.state === 'DELETED') return notFound('webhook endpoint');
  return endpoint.state === 'ENABLED' ? endpoint : stateConflict(IDENTITY_ERRORS.WEBHOOK_ENDPOINT_DISABLED, 'enable the endpoint first', endpoint.state);
}
