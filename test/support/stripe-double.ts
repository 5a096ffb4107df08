import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IntentOfDouble {
  id: string; object: 'payment_intent'; amount: number; amount_received: number; currency: string; status: string; client_secret: string;
  metadata: Record<string, string>; last_payment_error: { message: string } | null; cancellation_reason: string | null;
}

export interface RefundOfDouble {
  id: string; object: 'refund'; amount: number; currency: string; payment_intent: string; status: string; failure_reason?: string; metadata: Record<string, string>;
}

/** A small stateful Stripe over HTTP: payment intents and refunds with idempotency keys. What the payer does there is done by `pay` and `decline`, what his bank does by `settleRefund`. */
export class StripeDouble {
  readonly intents = new Map<string, IntentOfDouble>();
  readonly refunds = new Map<string, RefundOfDouble>();
  readonly disputes = new Map<string, { id: string; object: 'dispute'; amount: number; currency: string; payment_intent: string; status: string; reason: string }>();
  /** Refunds are pending at first. */
  slowRefunds = false;
  readonly requests: { method: string; path: string; idempotencyKey: string | undefined; apiVersion: string | undefined }[] = [];
  /** The next requests are taken but their answers are lost. */
  losing = 0;
  private readonly byKey = new Map<string, string>();
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  pay(id: string): void {
    const intent = this.intents.get(id)!;
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
  }
  decline(id: string): void {
    Object.assign(this.intents.get(id)!, { status: 'requires_payment_method', last_payment_error: { message: 'Your card was declined.' } });
  }

  /** The payer goes to his bank; the dispute's id. */
  dispute(intent: string, amount: number): string {
    const id = `dp_${this.disputes.size + 1}`;
    this.disputes.set(id, { id, object: 'dispute', amount, currency: this.intents.get(intent)!.currency, payment_intent: intent, status: 'needs_response', reason: 'product_not_received' });
    return id;
  }

  settleRefund(id: string, status: 'succeeded' | 'failed'): void {
    Object.assign(this.refunds.get(id)!, { status, ...(status === 'failed' ? { failure_reason: 'lost_or_stolen_card' } : {}) });
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const idempotencyKey = request.headers['idempotency-key'] as string | undefined;
    this.requests.push({ method: request.method!, path: request.url!, idempotencyKey, apiVersion: request.headers['stripe-version'] as string | undefined });
    const [status, answer] = this.handle(request.method!, request.url!, new URLSearchParams(body), idempotencyKey);
    if (this.losing > 0) {
      this.losing -= 1;
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private handle(method: string, path: string, form: URLSearchParams, key: string | undefined): [number, unknown] {
    if (method === 'POST' && path === '/v1/payment_intents') return this.create(form, key);
    if (method === 'POST' && path === '/v1/refunds') return this.refund(form, key);
    const [, refundId] = /^\/v1\/refunds\/(\w+)$/.exec(path) ?? [];
    if (refundId) return this.refunds.has(refundId) ? [200, this.refunds.get(refundId)] : [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such refund' } }];
    const [, disputeId] = /^\/v1\/disputes\/(\w+)$/.exec(path) ?? [];
    if (disputeId) return this.disputes.has(disputeId) ? [200, this.disputes.get(disputeId)] : [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such dispute' } }];
    const [, id, act] = /^\/v1\/payment_intents\/(\w+)(?:\/(\w+))?$/.exec(path) ?? [];
    const intent = id ? this.intents.get(id) : undefined;
    if (!intent) return [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such payment_intent' } }];
    if (method === 'GET') return [200, intent];
    if (act !== 'cancel') return [404, { error: { type: 'invalid_request_error', message: 'Unrecognized request URL' } }];
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      return [400, { error: { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message: 'You cannot cancel this PaymentIntent' } }];
    }
    intent.status = 'canceled';
    return [200, intent];
  }

  private create(form: URLSearchParams, key: string | undefined): [number, unknown] {
    const known = key === undefined ? undefined : this.byKey.get(key);
    if (known) return [200, this.intents.get(known)];
    const amount = Number(form.get('amount'));
    if (!Number.isInteger(amount) || amount < 1 || amount > 99_999_999) return [400, { error: { type: 'invalid_request_error', code: 'amount_too_large', message: 'Amount out of range' } }];
    const id = `pi_${this.intents.size + 1}`;
    this.intents.set(id, {
      id, object: 'payment_intent', amount, amount_received: 0, currency: form.get('currency')!, status: 'requires_payment_method', client_secret: `${id}_secret_x`, metadata: metadataOf(form), last_payment_error: null, cancellation_reason: null,
    });
    if (key !== undefined) this.byKey.set(key, id);
    return [200, this.intents.get(id)];
  }

  private refund(form: URLSearchParams, key: string | undefined): [number, unknown] {
    const known = key === undefined ? undefined : this.byKey.get(key);
    if (known) return [200, this.refunds.get(known)];
    const intent = this.intents.get(form.get('payment_intent') ?? '');
    const amount = Number(form.get('amount'));
    const before = [...this.refunds.values()].filter((r) => r.payment_intent === intent?.id && r.status !== 'failed').reduce((sum, r) => sum + r.amount, 0);
    if (!intent || intent.status !== 'succeeded' || !Number.isInteger(amount) || amount < 1 || before + amount > intent.amount_received) {
      return [400, { error: { type: 'invalid_request_error', message: 'Refund amount is greater than unrefunded amount on charge' } }];
    }
    const id = `re_${this.refunds.size + 1}`;
    this.refunds.set(id, { id, object: 'refund', amount, currency: intent.currency, payment_intent: intent.id, status: this.slowRefunds ? 'pending' : 'succeeded', metadata: metadataOf(form) });
    if (key !== undefined) this.byKey.set(key, id);
    return [200, this.refunds.get(id)];
  }
}

const metadataOf = (form: URLSearchParams): Record<string, string> => Object.fromEntries([...form].flatMap(([name, value]) => {
  const [, field] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
  return field ? [[field, value]] : [];
}));
