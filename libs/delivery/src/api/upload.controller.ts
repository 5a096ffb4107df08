import { Readable } from 'node:stream';
import { Controller, Param, Put, Req, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { chunksOf, isId, isRefused, LIMITS, notFound, Route, sendProblem, sha256OfDigestField } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import { StoreAsset } from '../use-cases/store-asset.js';
import { sendRefusal } from './http-problem.js';
import { isOutOfSpace, withinSpace } from './out-of-space.js';

/** A body that was refused is read to its end if it is no longer than this; else the connection is closed. */
const WORTH_READING = 1024 * 1024;

@Controller('v1/assets')
@Authenticated()
export class UploadController {
  constructor(private readonly storing: StoreAsset) {}

  /** The bytes of an asset that was described before. 201 with what is stored; 200 when the same bytes were stored already. */
  @Asks('delivery:upload')
  @Put(':assetId/content')
  @Route({ body: 'stream' })
  store(@CurrentActor() actor: Actor, @Param('assetId') assetId: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<FastifyReply> {
    return withinSpace(reply, () => this.take(actor, assetId, request, reply));
  }

  private async take(actor: Actor, assetId: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const contentLength = request.headers['content-length'] === undefined ? null : Number(request.headers['content-length']);
    if (contentLength === null || contentLength > WORTH_READING) void reply.header('connection', 'close');
    const { body } = request;
    if (!(body instanceof Readable)) return sendProblem(reply, 415, { code: DELIVERY_ERRORS.MEDIA_TYPE, message: 'the content type of an upload is application/octet-stream' });
    const field = request.headers['content-digest'];
    const digest = field === undefined ? undefined : sha256OfDigestField(String(field));
    if (digest === null) return sendProblem(reply, 400, { code: DELIVERY_ERRORS.DIGEST_FIELD, message: 'Content-Digest is a field of RFC 9530, such as sha-256=:...:' });
    if (!isId(assetId)) return sendRefusal(reply, notFound('asset'));
    const stored = await this.storing.execute(actor, assetId, { body: chunksOf(body, LIMITS.streamIdleMs), contentLength, digest: digest ?? null, insteadOf: [] }).catch((error: Error) => brokenOff(body, error));
    if (stored === null) return sendProblem(reply, 400, { code: DELIVERY_ERRORS.BROKEN_UPLOAD, message: 'the upload broke off' });
    if (isRefused(stored)) return sendRefusal(reply, stored);
    const { sha256, byteLength, storedAt, repeated } = stored;
    return reply.status(repeated ? 200 : 201).send({ assetId, state: 'STORED', byteLength: Number(byteLength), sha256, storedAt: storedAt.toISOString() });
  }
}

/** A client that goes, or falls silent, is no fault of ours. */
function brokenOff(body: Readable, error: Error): null {
  if (isOutOfSpace(error) || !body.destroyed || body.readableEnded) throw error;
  return null;
}
