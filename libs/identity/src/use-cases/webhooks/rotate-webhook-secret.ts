import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, isRefused, newId, notFound, type Result, SecretBox } from '#shared';
import { type Actor, authorise } from '../../domain/actor.js';
import type { WebhookEndpoint } from '../../domain/webhooks/webhook-endpoint.js';
import { WEBHOOK_SECRET_PURPOSE, WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { newWebhookSecret } from '../../webhooks/webhook-sender.js';
import type { WebhookEndpointWithSecret } from './register-webhook-endpoint.js';

export interface RotateWebhookSecretInput {
  readonly endpointId: string;
  /** For so long both sign. */
  readonly overlapHours: number;
}

/** A new secret: until the overlap ends the one before signs too, so that a receiver changes over when it likes. A third is forgotten at once. */
@Injectable()
export class RotateWebhookSecret {
  constructor(private readonly commands: Commands, private readonly endpoints: WebhookEndpointRepository, private readonly box: SecretBox, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: RotateWebhookSecretInput): Promise<Result<WebhookEndpointWithSecret>> {
    const refusal = authorise(actor, 'identity:manage-webhooks');
    if (refusal) return refusal;
    const turn = newId();
    const secret = newWebhookSecret();
    const sealed = await this.box.seal(WEBHOOK_SECRET_PURPOSE, secret);
    const stored = await this.commands.run<Result<{ readonly turn: string; readonly endpoint: WebhookEndpoint }>>(actor, 'identity.rotate-webhook-secret', input, async (tx) => {
      const endpoint = await this.endpoints.lock(tx, input.endpointId);
      if (!endpoint || endpoint.organisationId !== actor.tenantId || endpoint.state === 'DELETED') return notFound('webhook endpoint');
      const previousUntil = input.overlapHours > 0 ? new Date(this.clock.now().getTime() + input.overlapHours * 3_600_000) : null;
      await this.endpoints.rotate(tx, endpoint.id, sealed, previousUntil);
      await this.audit.append(tx, actor, { act: 'webhook-endpoint.rotate', objectType: 'webhook-endpoint', objectId: endpoint.id, details: { previousUntil } });
      return { turn, endpoint: { ...endpoint, previousUntil } };
    });
    if (isRefused(stored)) return stored;
    return { ...stored.endpoint, secret: stored.turn === turn ? secret : null };
  }
}
