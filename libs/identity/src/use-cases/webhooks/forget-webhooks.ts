import { Injectable } from '@nestjs/common';
import { Clock, UnitOfWork } from '#shared';
import { LOG_DAYS } from '../../domain/webhooks/webhook-message.js';
import { WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { WebhookMessageRepository } from '../../storage/webhooks/webhook-message.repository.js';

const BATCH = 1_000;

/** Regularly: messages that are too old go with their attempts, secrets whose overlap is over, endpoints of which nothing is left. */
@Injectable()
export class ForgetWebhooks {
  constructor(private readonly uow: UnitOfWork, private readonly endpoints: WebhookEndpointRepository, private readonly messages: WebhookMessageRepository, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - LOG_DAYS * 86_400_000);
    while ((await this.uow.run((tx) => this.messages.forget(tx, before, BATCH))) === BATCH);
    await this.uow.run((tx) => this.endpoints.tidy(tx, now, before));
  }
}
