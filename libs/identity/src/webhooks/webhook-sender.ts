import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { OutgoingHttp, OutgoingRefusedError } from '#shared';
import { type Outcome, outcomeOf } from '../domain/webhooks/webhook-message.js';

/** As Standard Webhooks writes them: between 24 and 64 random bytes. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface Delivery {
  readonly url: string;
  /** Each of them signs; the newest first. */
  readonly secrets: readonly string[];
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

/** One attempt over HTTP. Nothing of the answer is kept but its status: it is somebody else's, and may be one from inside. */
@Injectable()
export class WebhookSender {
  constructor(private readonly outgoing: OutgoingHttp) {}

  async send({ url, secrets, id, at, body }: Delivery): Promise<Outcome> {
    const headers = {
      'content-type': 'application/json', 'user-agent': 'Entrepot-Webhooks/1', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    };
    try {
      const answer = await this.outgoing.fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
      await answer.body?.cancel();
      return outcomeOf(answer.status);
    } catch (error) {
      if (error instanceof OutgoingRefusedError) return { status: null, failure: 'REFUSED' };
      return { status: null, failure: timedOut(error) ? 'TIMEOUT' : 'UNREACHABLE' };
    }
  }
}

/** The whole call, the connection or the head of the answer took too long; fetch wraps what undici said. */
function timedOut(error: unknown): boolean {
  for (let cause = error as { name?: string; code?: unknown; cause?: unknown } | null | undefined; cause; cause = cause.cause as typeof cause) {
    if (cause.name === 'TimeoutError' || (typeof cause.code === 'string' && cause.code.endsWith('TIMEOUT'))) return true;
  }
  return false;
}
