import { Controller, Delete, Get, Injectable, Logger, Param, Patch, Post, Put, Req, Res } from '@nestjs/common';
import type { ApiOperation } from '#catalog';
import { type Actor, Asks, Authenticated, authorise, CurrentActor } from '#identity';
import { asExchange, chunksOf, isId, isRefused, LIMITS, notFound, Route, sendProblem, sendRefusal } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { ApiCall } from '../../domain/api/api-call.js';
import { type CallTarget, callTarget, operationOf } from '../../domain/api/call-path.js';
import { AdmitCalls } from '../../use-cases/api/admit-calls.js';
import { ApiDecision } from '../../use-cases/api/api-decision.js';
import { ApiRates } from '../../use-cases/api/api-rates.js';
import { ApiStanding, type CallGround } from '../../use-cases/api/api-standing.js';
import { CallTime } from '../../use-cases/api/call-time.js';
import { BodyTooLargeError, OpenVendor, type VendorAnswer, VendorFaultError } from '../../use-cases/api/open-vendor.js';
import { SettleCalls } from '../../use-cases/api/settle-calls.js';
import { statusOf } from '../http-problem.js';
import { BrokenAnswerError, RelayAnswer } from './relay-answer.js';

const PREFIX = '/v1/apis/';
const BY_CODE: Record<string, number> = { [DELIVERY_ERRORS.API_AT_ONCE]: 429, [DELIVERY_ERRORS.QUOTA]: 429, [DELIVERY_ERRORS.TRIAL_QUOTA]: 429, [DELIVERY_ERRORS.SPENDING_CAP]: 429, [DELIVERY_ERRORS.API_NOT_READY]: 503 };
const PROBLEMS = {
  TIMED_OUT: [504, { code: DELIVERY_ERRORS.API_TIMEOUT, message: "the vendor's API did not answer in time; the call is free" }],
  REFUSED: [413, { code: DELIVERY_ERRORS.API_REQUEST_TOO_LARGE, message: 'more than the API takes in one call' }],
  BROKEN_OFF: [403, { code: DELIVERY_ERRORS.LICENCE_NOT_ACTIVE, message: 'what permitted the call has ended; it is free' }],
  FAILED: [502, { code: DELIVERY_ERRORS.API_FAILED, message: "the vendor's API failed; the call is free" }],
} as const;

/** One call on its way to the vendor. */
interface Going {
  readonly actor: Actor;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly ground: CallGround;
  readonly operation: ApiOperation;
  readonly target: CallTarget;
  readonly call: ApiCall;
}

/** Groups what a call stands on before it goes out. */
@Injectable()
export class CallGate {
  constructor(readonly standing: ApiStanding, readonly rates: ApiRates, readonly admission: AdmitCalls, readonly decision: ApiDecision) {}
}

/**
 * A vendor's API under an active licence: `/v1/apis/{licenceId}/{path}`, with the method of the operation. What comes back is the vendor's answer; with `entrepot-call-id`, which
 * receipts name. A call is charged when its whole answer has come with 2xx, or, where its operation says so, when that begins; each request is a call of its own.
 */
@Controller('v1/apis')
@Authenticated()
export class ApiProxyController {
  private readonly log = new Logger('api-proxy');

  constructor(private readonly gate: CallGate, private readonly vendor: OpenVendor, private readonly relaying: RelayAnswer, private readonly settling: SettleCalls) {}

  @Asks('delivery:call') @Get(':licenceId/*')
  get(@CurrentActor() actor: Actor, @Param('licenceId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    return this.serve(actor, id, request, reply);
  }
  @Asks('delivery:call') @Post(':licenceId/*') @Route({ body: 'any' })
  post(@CurrentActor() actor: Actor, @Param('licenceId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    return this.serve(actor, id, request, reply);
  }
  @Asks('delivery:call') @Put(':licenceId/*') @Route({ body: 'any' })
  put(@CurrentActor() actor: Actor, @Param('licenceId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    return this.serve(actor, id, request, reply);
  }
  @Asks('delivery:call') @Patch(':licenceId/*') @Route({ body: 'any' })
  patch(@CurrentActor() actor: Actor, @Param('licenceId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    return this.serve(actor, id, request, reply);
  }
  @Asks('delivery:call') @Delete(':licenceId/*') @Route({ body: 'any' })
  delete(@CurrentActor() actor: Actor, @Param('licenceId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    return this.serve(actor, id, request, reply);
  }

  private async serve(actor: Actor, licenceId: string, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const refusal = authorise(actor, 'delivery:call') ?? (isId(licenceId) ? undefined : notFound('licence'));
    if (refusal) return sendRefusal(reply, refusal);
    const url = request.raw.url ?? '';
    const target = url.startsWith(`${PREFIX}${licenceId}/`) ? callTarget(url.slice(PREFIX.length + licenceId.length)) : null;
    if (!target) return sendProblem(reply, 400, { code: DELIVERY_ERRORS.API_PATH, message: 'a path without dot segments, empty segments, encoded slashes or double encoding' });
    const ground = await this.gate.standing.check(actor.tenantId, licenceId.toLowerCase(), request.id);
    if (isRefused(ground)) return sendRefusal(reply, ground, { ...BY_CODE, [ground.code]: BY_CODE[ground.code] ?? statusOf(ground) });
    const operation = operationOf(ground.service.operations, request.method, target);
    if (!operation) return sendProblem(reply, 404, { code: DELIVERY_ERRORS.API_OPERATION, message: 'no operation of this API; `dataService` of its product lists them' });
    const rate = await this.gate.rates.take(licenceId.toLowerCase(), ground.service);
    if (!rate.allowed) return sendProblem(reply.header('retry-after', rate.secondsLeft), 429, { code: DELIVERY_ERRORS.API_RATE, message: `${ground.service.rateCalls} calls in ${ground.service.rateSeconds} s: try again in ${rate.secondsLeft} s` });
    const [status, problem] = PROBLEMS.REFUSED;
    if (Number(request.headers['content-length'] ?? 0) > ground.service.requestBytes) return sendProblem(reply, status, problem);
    const call = await this.gate.admission.execute({ actor, ground, operation });
    if (isRefused(call)) return sendRefusal(reply, call, { ...BY_CODE, [call.code]: BY_CODE[call.code] ?? statusOf(call) });
    return this.go({ actor, request, reply, ground, operation, target, call });
  }

  private async go(going: Going): Promise<unknown> {
    const { request, reply, ground, operation, call } = going;
    const time = new CallTime(ground.service);
    const left = (): void => time.stop('CLIENT_LEFT');
    reply.raw.once('close', left);
    let status: number | null = null;
    let paid = false;
    try {
      const answer = await this.open(going, time);
      status = answer.status;
      time.answered();
      answer.body.on('error', () => {});
      if (status < 300) {
        const ended = await asExchange(() => this.gate.decision.begin(ground.access, request.id));
        if (ended) {
          answer.body.destroy();
          await this.end(call, { outcome: 'BROKEN_OFF', status, bytes: 0 }, false);
          return sendRefusal(reply, ended, { [ended.code]: 403 });
        }
        paid = operation.charged === 'BEGUN' && (await this.settling.begin(call));
        if (operation.charged === 'BEGUN' && !paid) throw new VendorFaultError('the call took too long', status);
      }
      return await this.relaying.execute(request, reply, { actor: going.actor, call, ground, answer, time, paid });
    } catch (error) {
      return await this.failed(going, time, { error, status, paid });
    } finally {
      reply.raw.off('close', left);
      time.over();
    }
  }

  private open({ request, ground: { service, credential }, target, call }: Going, time: CallTime): Promise<VendorAnswer> {
    const { raw } = request;
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && (raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0);
    // Its name was changed for the parser.
    const i = raw.rawHeaders.findIndex((name, n) => n % 2 === 0 && name.toLowerCase() === 'content-type');
    const { 'content-type': _, ...headers } = raw.headers;
    const type = i < 0 ? {} : { 'content-type': raw.rawHeaders[i + 1]! };
    return this.vendor.execute(service, credential, {
      method: request.method, target, headers: { ...headers, ...(hasBody ? type : {}) }, body: hasBody ? chunksOf(raw, LIMITS.streamIdleMs) : null,
      told: { 'entrepot-call-id': call.id, 'entrepot-licence': call.licenceId }, signal: time.signal,
    });
  }

  /** The call is free, but for the bytes of an answer that was charged when it began. */
  private async failed({ reply, call }: Going, time: CallTime, { error, status, paid }: { readonly error: unknown; readonly status: number | null; readonly paid: boolean }): Promise<unknown> {
    const broken = error instanceof BrokenAnswerError ? error : null;
    const outcome = time.stopped ?? broken?.outcome ?? (error instanceof BodyTooLargeError ? 'REFUSED' : 'VENDOR_FAILED');
    const seen = error instanceof VendorFaultError ? error.status : status;
    await this.end(call, { outcome: paid ? 'CHARGED' : outcome, status: seen, bytes: broken?.clean === false || paid ? broken?.bytes ?? 0 : 0 }, paid);
    if (broken?.clean === false || reply.raw.destroyed) {
      reply.hijack();
      reply.raw.destroy();
      return undefined;
    }
    const [code, problem] = outcome === 'TIMED_OUT' || outcome === 'REFUSED' || outcome === 'BROKEN_OFF' ? PROBLEMS[outcome] : PROBLEMS.FAILED;
    // What is left of the request is not read any more.
    if (outcome === 'REFUSED') void reply.header('connection', 'close');
    return sendProblem(reply.header('entrepot-call-id', call.id), code, problem);
  }

  private async end(call: ApiCall, end: Parameters<SettleCalls['end']>[1], paid: boolean): Promise<void> {
    await this.settling.end(call, end, paid).catch((error: Error) => this.log.error(`call ${call.id}: ${error.stack ?? error.message}`));
  }
}
