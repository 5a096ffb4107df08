import { Readable } from 'node:stream';
import { Controller, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { attachment, chunksOf, digestField, isId, isRefused, LIMITS, notFound, Route, sendProblem, sendRefusal, sha256OfDigestField } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { COUNTER_ERRORS } from '../counter.errors.js';
import { AddDocument } from '../use-cases/counter/add-document.js';
import { ReadCases } from '../use-cases/counter/read-cases.js';

/** A body that was refused is read to its end if it is no longer than this; else the connection is closed. */
const WORTH_READING = 1024 * 1024;

@Controller('v1/cases/:caseId/documents')
@Authenticated()
export class CaseDocumentsController {
  constructor(private readonly adding: AddDocument, private readonly reading: ReadCases) {}

  /** A document under the name of the address, `?kind=PIPIA`. 201 with what is kept; 200 when the case had it already. */
  @Asks('compliance:counter', 'compliance:assess', 'compliance:handle-cases')
  @Put(':name')
  @Route({ body: 'stream' })
  async add(
    @CurrentActor() actor: Actor, @Param('caseId') caseId: string, @Param('name') name: string, @Query('kind') kind: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const contentLength = request.headers['content-length'] === undefined ? null : Number(request.headers['content-length']);
    if (contentLength === null || contentLength > WORTH_READING) void reply.header('connection', 'close');
    const { body } = request;
    if (!(body instanceof Readable)) return sendProblem(reply, 415, { code: COUNTER_ERRORS.MEDIA_TYPE, message: 'the content type of an upload is application/octet-stream; what it is, its name says' });
    const field = request.headers['content-digest'];
    const digest = field === undefined ? undefined : sha256OfDigestField(String(field));
    if (digest === null) return sendProblem(reply, 400, { code: COUNTER_ERRORS.DIGEST_FIELD, message: 'Content-Digest is a field of RFC 9530, such as sha-256=:...:' });
    if (!isId(caseId)) return sendRefusal(reply, notFound('case'));
    const upload = { caseId, name, kind: String(kind), body: chunksOf(body, LIMITS.streamIdleMs), contentLength, digest: digest ?? null };
    const added = await this.adding.execute(actor, upload).catch((error: Error) => brokenOff(body, error));
    if (added === null) return sendProblem(reply, 400, { code: COUNTER_ERRORS.BROKEN_UPLOAD, message: 'the upload broke off' });
    if (isRefused(added)) return sendRefusal(reply, added);
    const { id, mediaType, byteLength, sha256, state, uploadedAt, repeated } = added;
    return reply.status(repeated ? 200 : 201).send({ id, caseId, kind, name, mediaType, byteLength, sha256, state, uploadedAt: uploadedAt.toISOString() });
  }

  /** The bytes, to be kept and not to be shown: whatever it is, no browser runs it here. */
  @Asks('compliance:counter', 'compliance:assess', 'compliance:handle-cases', 'compliance:read-cases')
  @Get(':documentId')
  async content(@CurrentActor() actor: Actor, @Param('caseId') caseId: string, @Param('documentId') documentId: string, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const refusal = this.reading.refusedAtCounter(actor);
    if (refusal) return sendRefusal(reply, refusal);
    const found = await this.reading.content(actor, caseId, documentId);
    if (!found) return sendRefusal(reply, notFound('document'));
    const { document, content } = found;
    void reply.headers({ 'content-disposition': attachment(document.name), 'repr-digest': digestField(document.sha256), 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' });
    return reply.type(document.mediaType).send(content);
  }
}

/** A client that goes, or falls silent, is no fault of ours. */
function brokenOff(body: Readable, error: Error): null {
  if (!body.destroyed || body.readableEnded) throw error;
  return null;
}
