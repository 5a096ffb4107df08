import { Injectable } from '@nestjs/common';
import { isRefused, systemCaller, type Tx } from '#shared';
import { verdict, type WebhookEndpoint } from '../../domain/webhooks/webhook-endpoint.js';
import type { Outcome } from '../../domain/webhooks/webhook-message.js';
import { Notices } from '../../notices.facade.js';
import { WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { MoveWebhookEndpoint } from './move-webhook-endpoint.js';

const CALLER = systemCaller('webhooks');

/** What a failure means for the endpoint, in the transaction that holds it: after days it is disabled, and its organisation is told. */
@Injectable()
export class NoteWebhookFailure {
  constructor(private readonly endpoints: WebhookEndpointRepository, private readonly moves: MoveWebhookEndpoint, private readonly notices: Notices) {}

  async execute(tx: Tx, endpoint: WebhookEndpoint, { status }: Outcome, at: Date): Promise<void> {
    const failingSince = endpoint.failingSince ?? at;
    await this.endpoints.failed(tx, endpoint.id, failingSince, at);
    const because = verdict(failingSince, at, status);
    if (!because || isRefused(await this.moves.move(tx, CALLER, { ...endpoint, failingSince }, 'disable', because))) return;
    const why = because === 'GONE' ? 'it answered 410 Gone' : `nothing arrived since ${failingSince.toISOString()}`;
    const line = { objectType: 'WEBHOOK_ENDPOINT', objectId: endpoint.id, kind: 'WEBHOOK_DISABLED', details: { because }, text: `Webhooks are not sent any more to ${new URL(endpoint.url).host}: ${why}. Enable the endpoint again and replay what it missed.` } as const;
    await this.notices.tell(tx, [endpoint.organisationId], line);
  }
}
