import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { TestClock } from './clock.js';

export interface Received { readonly path: string; readonly headers: Record<string, string>; readonly body: string; readonly at: number; readonly moment: number }
type Answer = (response: http.ServerResponse, nth: number) => void;

/** A customer's system: takes what is posted, answers each path as it is told to, and verifies with the library of Standard Webhooks. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  private readonly answers = new Map<string, Answer>();

  private constructor(private readonly server: http.Server, private readonly clock: TestClock) {}

  static async start(clock: TestClock): Promise<WebhookReceiver> {
    const server = http.createServer().listen(0, '127.0.0.1');
    const receiver = new WebhookReceiver(server, clock);
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => void receiver.take(request, response));
    await once(server, 'listening');
    return receiver;
  }

  url(path: string, host = '127.0.0.1'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  answering(path: string, answer: Answer): void {
    this.answers.set(path, answer);
  }

  at(path: string): Received[] {
    return this.received.filter((r) => r.path === path);
  }

  /** Its content, if this secret signed it; throws else. The library looks at the time of day: it is that of the exchange when it arrived. */
  verified<T>(received: Received, secret: string): T {
    const now = jest.spyOn(Date, 'now').mockReturnValue(received.moment);
    try {
      return new Webhook(secret).verify(received.body, received.headers) as T;
    } finally {
      now.mockRestore();
    }
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = request.url!;
    this.received.push({ path, headers: request.headers as Record<string, string>, body: await text(request), at: performance.now(), moment: this.clock.now().getTime() });
    const answer = this.answers.get(path);
    if (answer) answer(response, this.at(path).length);
    else response.writeHead(204).end();
  }
}
