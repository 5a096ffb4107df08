import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Actor, Identity } from '#identity';
import { asExchange, isRefused, LIMITS } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiCall, CallOutcome } from '../../domain/api/api-call.js';
import { SecretScan } from '../../domain/api/secret-scan.js';
import { ApiStanding, type CallGround } from '../../use-cases/api/api-standing.js';
import type { CallTime } from '../../use-cases/api/call-time.js';
import { type VendorAnswer, VendorFaultError } from '../../use-cases/api/open-vendor.js';
import { SettleCalls } from '../../use-cases/api/settle-calls.js';
import { BrokenTransferError, written } from '../outgoing.js';
import { HoldBack } from './hold-back.js';

/** A stream that runs is held against the licence so often: a suspension stops it within twice that. */
const STANDING_MS = 1_000;

/** One answer on its way to its caller. */
export interface Relay {
  readonly actor: Actor;
  readonly call: ApiCall;
  readonly ground: CallGround;
  readonly answer: VendorAnswer;
  readonly time: CallTime;
  /** Charged when it began: it leaves as it comes. */
  readonly paid: boolean;
}
/** It did not come to its end; nothing has left where `clean`. */
export class BrokenAnswerError extends Error {
  constructor(readonly outcome: CallOutcome, readonly clean: boolean, readonly bytes: number) {
    super(outcome);
  }
}

/** The exchange could not write down that the answer is whole: so it has no end. */
class NotSettledError extends Error {}

/** Passes a vendor's answer on, as fast as its caller takes it; the last of it once the call is charged. */
@Injectable()
export class RelayAnswer {
  constructor(private readonly standing: ApiStanding, private readonly settling: SettleCalls, private readonly identity: Identity) {}

  /** Throws `BrokenAnswerError`; the caller of this settles what was not charged. */
  async execute(request: FastifyRequest, reply: FastifyReply, relay: Relay): Promise<void> {
    const { answer, time } = relay;
    const flow = new Flow(request, reply, relay);
    const monitor = setInterval(() => void this.mayGoOn(request.id, relay).then((may) => may || time.stop('BROKEN_OFF'), () => time.stop('BROKEN_OFF')), STANDING_MS);
    try {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) await flow.take(chunk);
      if (!(await this.settle(relay, flow.bytes))) throw new NotSettledError('its time was over');
      await flow.end();
    } catch (error) {
      if (flow.begun) reply.raw.destroy();
      // The clock, the caller, the exchange or the vendor: what was seen first is the reason.
      throw new BrokenAnswerError(time.stopped ?? (error instanceof BrokenTransferError ? 'CLIENT_LEFT' : error instanceof NotSettledError ? 'BROKEN_OFF' : 'VENDOR_FAILED'), !flow.begun, flow.bytes);
    } finally {
      clearInterval(monitor);
    }
  }

  /** A stream falls with its licence, and with the key or the member who asked for it. */
  private async mayGoOn(requestId: string, { actor, call }: Relay): Promise<boolean> {
    if (isRefused(await this.standing.check(call.buyerId, call.licenceId, requestId, STANDING_MS))) return false;
    return asExchange(() => this.identity.couldStill(actor.subject, call.buyerId, 'delivery:call'));
  }

  private settle({ call, answer: { status }, paid }: Relay, bytes: number): Promise<boolean> {
    const failed = (error: Error): never => {
      throw new NotSettledError(error.message, { cause: error });
    };
    return asExchange(() => (status < 300 && !paid ? this.settling.complete(call, status, bytes) : this.settling.end(call, { outcome: paid ? 'CHARGED' : 'ANSWERED', status, bytes }, paid))).catch(failed);
  }
}

class Flow {
  bytes = 0;
  begun = false;
  private readonly hold = new HoldBack();
  private readonly scan: SecretScan;
  private readonly raw: ServerResponse;

  constructor(private readonly request: FastifyRequest, private readonly reply: FastifyReply, private readonly relay: Relay) {
    this.scan = new SecretScan(relay.answer.secrets);
    this.raw = reply.raw;
    if (relay.paid) this.begin(null);
  }

  async take(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length;
    if (this.bytes > this.relay.ground.service.answerBytes) throw new VendorFaultError('its answer is longer than it is described with');
    if (this.scan.finds(chunk)) throw new VendorFaultError('its answer holds the credential');
    for (const out of this.relay.paid ? [chunk] : this.hold.after(chunk)) {
      this.begin(this.relay.answer.length);
      await written(this.raw, out);
    }
  }

  /** The whole answer is here, and charged where it is. */
  async end(): Promise<void> {
    const rest = this.hold.rest();
    const { status, length } = this.relay.answer;
    const bodyless = this.request.method === 'HEAD' || status === 204 || status === 304;
    this.begin(this.request.method === 'HEAD' ? length : bodyless ? null : rest.length);
    if (rest.length) await written(this.raw, rest);
    this.raw.end();
  }

  /** From here on the response is ours: Fastify adds nothing. `length`: null where only its end will tell. */
  private begin(length: number | null): void {
    if (this.begun) return;
    this.begun = true;
    const { answer: { status, headers }, call } = this.relay;
    const own: OutgoingHttpHeaders = {
      ...headers, ...(this.reply.getHeaders() as OutgoingHttpHeaders), ...(length === null ? {} : { 'content-length': length }), 'entrepot-call-id': call.id, via: '1.1 entrepot', 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff',
    };
    this.reply.hijack();
    this.raw.setTimeout(LIMITS.streamIdleMs, () => this.raw.destroy());
    // A server that is stopping lets this response finish and then ends the connection.
    this.raw.once('finish', () => void (this.request.server.server.listening || this.raw.socket?.destroySoon()));
    this.raw.writeHead(status, own);
    // A stream is begun before its first word.
    if (this.relay.paid) this.raw.flushHeaders();
  }
}
