import { Injectable, type OnModuleInit, type Provider } from '@nestjs/common';
import { SecretBox, Sweeps } from '#shared';
import { WebhookLogResolver } from './api/webhooks/webhook-log.resolver.js';
import { WebhooksResolver } from './api/webhooks/webhooks.resolver.js';
import { WebhookEndpointRepository } from './storage/webhooks/webhook-endpoint.repository.js';
import { WebhookMessageRepository } from './storage/webhooks/webhook-message.repository.js';
import { WebhookQueueRepository } from './storage/webhooks/webhook-queue.repository.js';
import { DeliverWebhooks } from './use-cases/webhooks/deliver-webhooks.js';
import { ForgetWebhooks } from './use-cases/webhooks/forget-webhooks.js';
import { MoveWebhookEndpoint } from './use-cases/webhooks/move-webhook-endpoint.js';
import { NoteWebhookFailure } from './use-cases/webhooks/note-webhook-failure.js';
import { ReadWebhooks } from './use-cases/webhooks/read-webhooks.js';
import { RegisterWebhookEndpoint } from './use-cases/webhooks/register-webhook-endpoint.js';
import { ReplayWebhooks } from './use-cases/webhooks/replay-webhooks.js';
import { RotateWebhookSecret } from './use-cases/webhooks/rotate-webhook-secret.js';
import { SendWebhook, WebhookTables } from './use-cases/webhooks/send-webhook.js';
import { TestWebhookEndpoint } from './use-cases/webhooks/test-webhook-endpoint.js';
import { WebhookSender } from './webhooks/webhook-sender.js';

/** Once, while the module starts: the sweeps, and the sealed columns for the rotation of the envelope key. */
@Injectable()
class WebhooksStart implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly box: SecretBox, private readonly endpoints: WebhookEndpointRepository, private readonly delivery: DeliverWebhooks, private readonly forgetting: ForgetWebhooks,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'identity.webhooks', everyMs: 1_000, run: () => this.delivery.execute(), stop: () => this.delivery.stop() });
    this.sweeps.add({ name: 'identity.webhook-log', everyMs: 600_000, run: () => this.forgetting.execute() });
    for (const column of this.endpoints.sealedColumns()) this.box.register(column);
  }
}

/** The part of the room that sends notices to the systems of customers. */
export const webhookProviders: Provider[] = [
  WebhookEndpointRepository, WebhookMessageRepository, WebhookQueueRepository, WebhookTables, WebhookSender, RegisterWebhookEndpoint, RotateWebhookSecret, MoveWebhookEndpoint, ReplayWebhooks, TestWebhookEndpoint, ReadWebhooks,
  NoteWebhookFailure, SendWebhook, DeliverWebhooks, ForgetWebhooks, WebhooksResolver, WebhookLogResolver, WebhooksStart,
];
