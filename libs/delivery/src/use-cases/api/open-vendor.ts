import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { DataService } from '#catalog';
import { OutgoingHttp, type StreamedAnswer } from '#shared';
import { type Credential, credentialHeader, secretsOf } from '../../domain/api/api-call.js';
import { answerHeaders, requestHeaders } from '../../domain/api/call-headers.js';
import { type CallTarget, withoutParameter } from '../../domain/api/call-path.js';

/** The caller sends more than the service takes. */
export class BodyTooLargeError extends Error {}
/** The vendor's system answers in a way that is not passed on. */
export class VendorFaultError extends Error {
  constructor(message: string, readonly status: number | null = null) {
    super(message);
  }
}

export interface VendorRequest {
  readonly method: string;
  readonly target: CallTarget;
  readonly headers: IncomingHttpHeaders;
  /** Null: the call has none. */
  readonly body: AsyncIterable<Buffer> | null;
  /** What the vendor's system may tell calls and licensees apart by; the licence's id says no name. */
  readonly told: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}
export interface VendorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** As announced; null: it does not say. */
  readonly length: number | null;
  readonly body: Readable;
  readonly secrets: readonly string[];
}

const PSEUDONYM = '1.1 entrepot';
/** Whoever sends these fails, whatever was asked: redirects are not followed, and the credential is the vendor's matter. */
const isFault = (status: number): boolean => status >= 500 || status < 200 || (status >= 300 && status !== 304 && status < 400) || status === 401 || status === 407;

/** Calls a vendor's API with his credential, and takes what may be passed on of its answer. */
@Injectable()
export class OpenVendor {
  constructor(private readonly outgoing: OutgoingHttp) {}

  /** Rejects with `VendorFaultError`, `BodyTooLargeError`, or what the connection said. */
  async execute(service: DataService, credential: Credential, { method, target, headers, body, told, signal }: VendorRequest): Promise<VendorAnswer> {
    const overflow = { seen: false };
    const length = headers['content-length'];
    const sent = {
      ...requestHeaders(headers), 'user-agent': 'entrepot', ...told, via: PSEUDONYM, forwarded: 'by=_entrepot', 'accept-encoding': 'identity', ...(body && length !== undefined ? { 'content-length': length } : {}), ...credentialHeader(credential),
    };
    const stream = body && Readable.from(bounded(body, service.requestBytes, overflow), { objectMode: false });
    const answer = await this.outgoing.stream(addressOf(service, credential, target), { method, headers: sent, body: stream, signal }).catch((error: unknown) => {
      throw overflow.seen ? new BodyTooLargeError() : error;
    });
    try {
      return passable(service, credential, answer);
    } catch (error) {
      answer.body.on('error', () => {}).destroy();
      throw error;
    }
  }
}

async function* bounded(body: AsyncIterable<Buffer>, most: number, overflow: { seen: boolean }): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) {
      overflow.seen = true;
      throw new BodyTooLargeError();
    }
    yield chunk;
  }
}

function addressOf({ endpointUrl }: DataService, { placement, name, value }: Credential, { path, query }: CallTarget): URL {
  const own = placement === 'QUERY' ? [`${name}=${encodeURIComponent(value)}`] : [];
  const asked = query === null ? [] : [placement === 'QUERY' ? withoutParameter(query, name!) : query];
  const whole = [...asked, ...own].filter(Boolean).join('&');
  return new URL(`${endpointUrl.replace(/\/$/, '')}${path}${whole ? `?${whole}` : ''}`);
}

function passable({ answerBytes }: DataService, credential: Credential, { status, headers, body }: StreamedAnswer): VendorAnswer {
  if (isFault(status)) throw new VendorFaultError(`it answered ${status}`, status);
  if (!['', 'identity'].includes([headers['content-encoding'] ?? ''].flat().join())) throw new VendorFaultError('it answered in an encoding that was not asked for', status);
  const announced = headers['content-length'];
  const length = typeof announced === 'string' && /^\d{1,15}$/.test(announced) ? Number(announced) : null;
  if (length !== null && length > answerBytes) throw new VendorFaultError(`its answer is longer than the ${answerBytes} bytes that it is described with`, status);
  const secrets = secretsOf(credential);
  return { status, headers: answerHeaders(headers, secrets), length, body, secrets };
}
