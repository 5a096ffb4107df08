import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Controller, Get, Logger, Param, Req, Res } from '@nestjs/common';
import { type Actor, CurrentActor, Public } from '#identity';
import { asSystem, attachment, digestField, isRefused, LIMITS, Route, sendProblem, strongEtag } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Delivery } from '../domain/delivery.js';
import { precondition } from '../domain/preconditions.js';
import { wantedRange } from '../domain/http-range.js';
import type { Span } from '../domain/spans.js';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { ReserveBytes } from '../use-cases/reserve-bytes.js';
import { clientProofOf } from './channels/client-proof-of.js';
import { HandingOver } from './hand-over.js';
import { sendRefusal } from './http-problem.js';
import { SendFile } from './send-file.js';

const CACHE_CONTROL = 'private, no-store';
/** A place is free as soon as one response ends: parts of a parallel download last seconds. */
const RETRY_SECONDS = 2;

@Controller('v1/downloads')
@Public()
export class DownloadController {
  private readonly log = new Logger('download');

  constructor(private readonly reserving: ReserveBytes, private readonly sending: SendFile, private readonly handing: HandingOver, private readonly regions: StorageRegions) {}

  /**
   * GET and HEAD. The token is the credential: unguessable, short-lived, good for one delivery; who shows one of his own beside it must be the one who asked for it.
   * What it opens is decided from rows of both sides, so the exchange itself reads them.
   */
  @Get(':token')
  @Route({ limit: 'token' })
  download(@CurrentActor() actor: Actor | null, @Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return asSystem(() => this.serve(token, actor?.subject ?? null, request, reply));
  }

  private async serve(token: string, presented: string | null, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const proof = clientProofOf(request, this.regions.plan.certificateHeader);
    const delivery = await this.reserving.find(token, request.id, proof, presented);
    if (isRefused(delivery)) return void sendRefusal(reply, delivery);
    const etag = strongEtag(delivery.sha256);
    const conditions = precondition(headerOf(request, 'if-match'), headerOf(request, 'if-none-match'), etag);
    if (conditions === 304) return void reply.status(304).headers({ etag, 'cache-control': CACHE_CONTROL }).send();
    if (conditions === 412) return void sendProblem(reply, 412, { code: DELIVERY_ERRORS.PRECONDITION, message: `the file has the validator ${etag}` });
    const head = request.method === 'HEAD';
    // A range means something to GET alone (RFC 9110, 14.2).
    const wanted = wantedRange(head ? undefined : request.headers.range, headerOf(request, 'if-range'), etag, delivery.byteLength);
    if (wanted.kind === 'unsatisfiable') {
      return void sendProblem(reply.header('content-range', `bytes */${delivery.byteLength}`), 416, { code: DELIVERY_ERRORS.RANGE, message: `the file has ${delivery.byteLength} bytes` });
    }
    const range = wanted.kind === 'part' ? wanted.span : { from: 0, to: delivery.byteLength };
    const status = wanted.kind === 'part' ? 206 : 200;
    if (head) {
      begin(request, reply, status, delivery, range).end();
      return;
    }
    await this.sending.settled(delivery.id);
    const handed = await this.handing.answer(request, reply, delivery, range, describing(delivery));
    if (handed !== false) return isRefused(handed) ? void sendRefusal(reply, handed) : undefined;
    const reservation = await this.reserving.execute(delivery, range, request.id, proof);
    if (isRefused(reservation)) return void sendRefusal(reservation.code === DELIVERY_ERRORS.TOO_MANY_RESPONSES ? reply.header('retry-after', RETRY_SECONDS) : reply, reservation);
    await this.sending.execute(begin(request, reply, status, delivery, range), reservation).catch((error: Error) => this.log.error(`delivery ${delivery.id}: ${error.stack ?? error.message}`));
  }
}

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

const describing = ({ mediaType, fileName, sha256 }: Delivery): Record<string, string> => ({
  'content-type': mediaType, 'content-disposition': attachment(fileName), 'accept-ranges': 'bytes', etag: strongEtag(sha256), 'repr-digest': digestField(sha256),
  'cache-control': CACHE_CONTROL, 'x-content-type-options': 'nosniff',
});

/** From here on the response is ours: Fastify adds nothing between the file and the socket. */
function begin(request: FastifyRequest, reply: FastifyReply, status: number, delivery: Delivery, range: Span): ServerResponse {
  const headers: OutgoingHttpHeaders = {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    ...describing(delivery), 'content-length': range.to - range.from,
    ...(status === 206 ? { 'content-range': `bytes ${range.from}-${range.to - 1}/${delivery.byteLength}` } : {}),
  };
  reply.hijack();
  const { raw } = reply;
  raw.setTimeout(LIMITS.streamIdleMs, () => raw.destroy());
  // A server that is stopping lets this response finish and then ends the connection.
  raw.once('finish', () => void (request.server.server.listening || raw.socket?.destroySoon()));
  return raw.writeHead(status, headers);
}
