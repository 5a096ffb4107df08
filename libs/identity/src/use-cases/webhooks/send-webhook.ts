import { Injectable } from '@nestjs/common';
import { Clock, newId, SecretBox, UnitOfWork } from '#shared';
import { bodyOf, nextAttempt, spreadOf } from '../../domain/webhooks/webhook-message.js';
import { WEBHOOK_SECRET_PURPOSE, WebhookEndpointRepository } from '../../storage/webhooks/webhook-endpoint.repository.js';
import { type Claimed, WebhookQueueRepository } from '../../storage/webhooks/webhook-queue.repository.js';
import { WebhookSender } from '../../webhooks/webhook-sender.js';
import { NoteWebhookFailure } from './note-webhook-failure.js';

/** The storage of what is sent, which the worker reaches together. */
@Injectable()
export class WebhookTables {
  constructor(readonly endpoints: WebhookEndpointRepository, readonly queue: WebhookQueueRepository) {}
}

/** One attempt: the call outside of any transaction, then what came of it and the endpoint's health in one. A process that dies in between has another one call again. */
@Injectable()
export class SendWebhook {
  constructor(
    private readonly uow: UnitOfWork, private readonly tables: WebhookTables, private readonly box: SecretBox, private readonly sender: WebhookSender, private readonly failures: NoteWebhookFailure, private readonly clock: Clock,
  ) {}

  async execute(claimed: Claimed): Promise<void> {
    const { secret, previousSecret, previousUntil, url, notice } = claimed;
    const at = this.clock.now();
    const sealed = previousSecret && previousUntil && previousUntil > at ? [secret, previousSecret] : [secret];
    const secrets = await Promise.all(sealed.map((s) => this.box.open(WEBHOOK_SECRET_PURPOSE, s)));
    const begun = performance.now();
    const outcome = await this.sender.send({ url, secrets, id: notice.id, at, body: bodyOf(notice) });
    const durationMs = Math.round(performance.now() - begun);
    await this.uow.run(async (tx) => {
      // The endpoint first, as whoever disables it does.
      const endpoint = await this.tables.endpoints.lock(tx, claimed.endpointId);
      const nextAttemptAt = outcome.failure === null || notice.kind === 'WEBHOOK_TEST' ? null : nextAttempt(claimed.attempts + 1, at, spreadOf(notice.id));
      if (!endpoint || !(await this.tables.queue.record(tx, claimed, { ...outcome, id: newId(), at, durationMs, nextAttemptAt }))) return;
      if (outcome.failure === null) await this.tables.endpoints.succeeded(tx, endpoint.id, at);
      else await this.failures.execute(tx, endpoint, outcome, at);
    });
  }
}
