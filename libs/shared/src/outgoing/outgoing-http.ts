import type { Readable } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, fetch as undiciFetch, request as undiciRequest, type RequestInit as UndiciRequestInit } from 'undici';
import { Config } from '../config/config.js';
import { LIMITS } from '../config/limits.js';
import { AddressGuard, OutgoingRefusedError } from './address-guard.js';

/** A call whose answer is read as it comes. Whoever makes it bounds it in time by `signal`, and in size as he reads. */
export interface StreamedCall {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Readable | null;
  readonly signal: AbortSignal;
}
export interface StreamedAnswer {
  readonly status: number;
  /** Names in lower case; a field that came several times is a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Ends as the answer said it would, or fails. */
  readonly body: Readable;
}

/**
 * The one way in which the exchange calls somebody else's address: issuers, status lists, webhooks, vendors' APIs. Names are resolved and checked at
 * every connection, redirects are not followed unless asked for, answers are bounded in time and size (OWASP ASVS 5, V1.3.6).
 */
@Injectable()
export class OutgoingHttp implements OnApplicationShutdown {
  private readonly agent: Agent;
  private readonly streams: Agent;
  private readonly guard: AddressGuard;

  constructor(config: Config) {
    const guard = (this.guard = new AddressGuard(config.outgoingAllow, config.OUTGOING_ONLY));
    const connect = buildConnector({ timeout: LIMITS.outgoingMs, lookup: guard.lookup as never });
    const guarded: buildConnector.connector = (target, done) => {
      try {
        guard.checkTarget(target.hostname, target.protocol);
      } catch (error) {
        return done(error as Error, null);
      }
      return connect(target, done);
    };
    const common = { connect: guarded, maxHeaderSize: 16_384, keepAliveTimeout: 4_000 };
    this.agent = new Agent({ ...common, headersTimeout: LIMITS.outgoingMs, bodyTimeout: LIMITS.outgoingMs, maxResponseSize: LIMITS.outgoingAnswerBytes, connections: 32 });
    this.streams = new Agent({ ...common, headersTimeout: LIMITS.apiTotalMs, bodyTimeout: LIMITS.streamIdleMs, connections: LIMITS.apiConnections });
  }

  /** Whether an address would be refused for what is written in it; where a name leads is seen at each call. */
  refuses(target: URL): boolean {
    try {
      this.guard.checkTarget(target.hostname, target.protocol);
      return false;
    } catch (error) {
      if (error instanceof OutgoingRefusedError) return true;
      throw error;
    }
  }

  /**
   * As the platform's `fetch`, for code and libraries that take one. Rejects with `OutgoingRefusedError` for an address that is not
   * called; every answer ends within `LIMITS.outgoingMs`, body included, and has at most `LIMITS.outgoingAnswerBytes`.
   */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    // A request object of the platform is not one of undici's: its parts are handed over.
    const request = input instanceof Request ? input : null;
    const target = request ? request.url : input instanceof URL ? input : String(input);
    const parts = request ? { method: request.method, headers: request.headers, body: request.body ? await request.arrayBuffer() : null } : {};
    const time = AbortSignal.timeout(LIMITS.outgoingMs);
    const caller = init?.signal ?? request?.signal;
    const headers = new Headers(init?.headers ?? request?.headers);
    headers.set('accept-encoding', 'identity');
    const options = { redirect: 'error', ...parts, ...init, headers: [...headers], signal: caller ? AbortSignal.any([caller, time]) : time, dispatcher: this.agent } as UndiciRequestInit;
    try {
      const answer = await undiciFetch(target, options);
      // The limit counts what comes over the wire: what unfolds here would have none.
      if (!['', 'identity'].includes(answer.headers.get('content-encoding') ?? '')) {
        await answer.body?.cancel();
        throw new OutgoingRefusedError('the answer is compressed, which was not asked for');
      }
      return answer as unknown as Response;
    } catch (error) {
      // fetch wraps what the connector said.
      for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (cause instanceof OutgoingRefusedError) throw cause;
      throw error;
    }
  };

  /**
   * One call without following a redirect, the same guard before it; body and answer stream, each as fast as the other side takes it. Rejects with
   * `OutgoingRefusedError` for an address that is not called. What the answer is encoded in, its headers say: nothing is unpacked here.
   */
  async stream(target: URL, { method, headers, body, signal }: StreamedCall): Promise<StreamedAnswer> {
    const answer = await undiciRequest(target, { method: method as 'GET', headers, body, signal, dispatcher: this.streams });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.agent.destroy(), this.streams.destroy()]);
  }
}
