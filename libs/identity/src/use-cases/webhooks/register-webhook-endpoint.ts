import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, isRefused, newId, OutgoingHttp, type Result, SecretBox, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf } from '../../domain/actor.js';
import type { NoticeKind } from '../../domain/notice.js';
import { ENDPOINTS_MAX, endpointUrl, type WebhookEndpoint } from '../../domain/webhooks/webhook-endpoint.js';
import { IDENTITY_ERRORS } from '../../identity.errors.js';
import { WEBHOOK_SECRET_PURPOSE, WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { newWebhookSecret } from '../../webhooks/webhook-sender.js';

export interface RegisterWebhookEndpointInput {
  readonly url: string;
  readonly description: string;
  /** None: all. */
  readonly kinds: readonly NoticeKind[];
}
/** `secret` is null when the same request is repeated: it was shown once. */
export type WebhookEndpointWithSecret = WebhookEndpoint & { readonly secret: string | null };

/** From now on what the organisation is told is sent there too. */
@Injectable()
export class RegisterWebhookEndpoint {
  constructor(
    private readonly commands: Commands, private readonly endpoints: WebhookEndpointRepository, private readonly box: SecretBox, private readonly outgoing: OutgoingHttp, private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: RegisterWebhookEndpointInput): Promise<Result<WebhookEndpointWithSecret>> {
    const refusal = authorise(actor, 'identity:manage-webhooks');
    if (refusal) return refusal;
    const url = endpointUrl(input.url);
    if (!url || this.outgoing.refuses(url)) return invalid(IDENTITY_ERRORS.WEBHOOK_URL, 'url', 'an https address that is public, without user, password and fragment');
    const id = newId();
    const secret = newWebhookSecret();
    const sealed = await this.box.seal(WEBHOOK_SECRET_PURPOSE, secret);
    const stored = await this.commands.run<Result<WebhookEndpoint>>(actor, 'identity.register-webhook-endpoint', input, async (tx) => {
      const organisationId = organisationOf(actor);
      if ((await this.endpoints.count(tx, organisationId)) >= ENDPOINTS_MAX) return stateConflict(IDENTITY_ERRORS.WEBHOOK_ENDPOINTS_FULL, `at most ${ENDPOINTS_MAX} of one organisation`, 'FULL');
      const endpoint: WebhookEndpoint = {
        id, organisationId, url: url.href, description: input.description, kinds: [...new Set(input.kinds)], state: 'ENABLED', disabledBecause: null,
        previousUntil: null, failingSince: null, lastSuccessAt: null, createdAt: this.clock.now(),
      };
      await this.endpoints.insert(tx, endpoint, sealed);
      await this.audit.append(tx, actor, { act: 'webhook-endpoint.register', objectType: 'webhook-endpoint', objectId: id, details: { host: url.host, kinds: endpoint.kinds } });
      return endpoint;
    });
    if (isRefused(stored)) return stored;
    return { ...stored, secret: stored.id === id ? secret : null };
  }
}
