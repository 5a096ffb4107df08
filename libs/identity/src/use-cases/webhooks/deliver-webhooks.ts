import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock, LIMITS, newId, UnitOfWork } from '#shared';
import { type Claimed, WebhookQueueRepository } from '../../storage/webhooks/webhook-queue.repository.js';
import { SendWebhook } from './send-webhook.js';

/** Endpoints that one process calls at once, and messages of each: what 64 connections to slow strangers cost is nothing, and more would be a load on one receiver. */
const ENDPOINTS = 16;
const PER_ENDPOINT = 4;
/** A process that died is waited for so long: far above what a call may take. */
const LEASE_MS = 12 * LIMITS.outgoingMs;
/** While calls are under way, others become due. */
const LOOK_AGAIN_MS = 500;

/** Sends what is due until nothing is. A slow endpoint holds up itself alone. */
@Injectable()
export class DeliverWebhooks {
  private readonly log = new Logger('webhooks');
  private stopped = false;

  constructor(private readonly uow: UnitOfWork, private readonly queue: WebhookQueueRepository, private readonly sending: SendWebhook, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    this.stopped = false;
    const busy = new Map<string, Promise<void>>();
    for (;;) {
      const claimed = this.stopped || busy.size >= ENDPOINTS ? [] : await this.claim([...busy.keys()], ENDPOINTS - busy.size);
      for (const [endpointId, messages] of Map.groupBy(claimed, (c) => c.endpointId)) busy.set(endpointId, this.sendAll(messages).finally(() => busy.delete(endpointId)));
      if (busy.size === 0) return;
      const waiting = new AbortController();
      await Promise.race([...busy.values(), pause(LOOK_AGAIN_MS, undefined, { signal: waiting.signal }).catch(() => undefined)]);
      waiting.abort();
    }
  }

  /** What is under way is waited for. */
  stop(): void {
    this.stopped = true;
  }

  private claim(busy: readonly string[], endpoints: number): Promise<Claimed[]> {
    const now = this.clock.now();
    return this.uow.run((tx) => this.queue.claim(tx, { now, until: new Date(now.getTime() + LEASE_MS), claim: newId(), busy, endpoints, perEndpoint: PER_ENDPOINT }));
  }

  private async sendAll(messages: readonly Claimed[]): Promise<void> {
    const settled = await Promise.allSettled(messages.map((m) => this.sending.execute(m)));
    for (const [i, result] of settled.entries()) if (result.status === 'rejected') this.log.error(`${messages[i]!.endpointId} ${messages[i]!.notice.id}: ${(result.reason as Error).stack ?? String(result.reason)}`);
  }
}
