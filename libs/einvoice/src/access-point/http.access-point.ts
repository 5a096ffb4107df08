import { OutgoingHttp } from '#shared';
import { AccessPointPort, type Envelope, type Incoming, type SendOutcome } from '../domain/access-point.port.js';

/** Answers by which an access point says that it will never take a document. */
const FINAL: ReadonlySet<number> = new Set([400, 404, 409, 410, 413, 415, 422]);

/**
 * An access point over HTTP: `POST /documents` with the addresses and the document, `GET /messages?limit=` for what came in, `DELETE /messages/:id` once it is kept. A provider with another interface gets an adapter of its own, which
 * passes the same contract.
 */
export class HttpAccessPoint extends AccessPointPort {
  constructor(private readonly outgoing: OutgoingHttp, private readonly url: string, private readonly token: string) {
    super();
  }

  async send({ id, ...envelope }: Envelope): Promise<SendOutcome> {
    try {
      const answer = await this.call('/documents', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': id }, body: JSON.stringify({ id, ...envelope }) });
      const body = (await answer.json().catch(() => ({}))) as { reference?: unknown; message?: unknown };
      if (answer.ok && typeof body.reference === 'string' && body.reference.length >= 1 && body.reference.length <= 200) return { sent: true, reference: body.reference };
      const problem = `${answer.status}${typeof body.message === 'string' ? ` ${body.message}` : ''}`.slice(0, 300);
      return { sent: false, final: FINAL.has(answer.status), problem };
    } catch (error) {
      return { sent: false, final: false, problem: (error as Error).message.slice(0, 300) };
    }
  }

  async incoming(limit: number): Promise<Incoming[] | null> {
    try {
      const answer = await this.call(`/messages?limit=${limit}`, { method: 'GET' });
      const body = (await answer.json()) as { messages?: { id?: unknown; content?: unknown }[] };
      if (!answer.ok || !Array.isArray(body.messages)) return null;
      return body.messages.slice(0, limit).flatMap(({ id, content }) => (typeof id === 'string' && id.length >= 1 && id.length <= 200 && typeof content === 'string' ? [{ providerId: id, content }] : []));
    } catch {
      return null;
    }
  }

  async taken(providerId: string): Promise<void> {
    await this.call(`/messages/${encodeURIComponent(providerId)}`, { method: 'DELETE' }).then((a) => a.body?.cancel(), () => undefined);
  }

  private call(at: string, init: { method: string; headers?: Record<string, string>; body?: string }) {
    return this.outgoing.fetch(`${this.url.replace(/\/$/, '')}${at}`, { ...init, redirect: 'manual', headers: { ...init.headers, authorization: `Bearer ${this.token}` } });
  }
}
