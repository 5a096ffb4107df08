import { Controller, Delete, Get, Options, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { type Actor, Asks, Authenticated, authorise, CurrentActor } from '#identity';
import { isId, isRefused, LIMITS, notFound, Route, sendProblem } from '#shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import { BeginUpload } from '../use-cases/uploads/begin-upload.js';
import { FinishUpload } from '../use-cases/uploads/finish-upload.js';
import { type StagedUpload, Uploads } from '../use-cases/uploads/uploads.js';
import { sendRefusal } from './http-problem.js';
import { withinSpace } from './out-of-space.js';
import { creationOf, TUS_BODY, TUS_PATH, TUS_VERSION } from './tus-fields.js';
import { TusProtocol } from './tus-protocol.js';

/**
 * Resumable uploads (tus 1.0.0, with creation, creation-with-upload, expiration, termination and concatenation). The asset is named in the metadata
 * `assetId`. Who may, and what for, is decided here; offsets, locks and streams are the library's.
 */
@Controller(TUS_PATH)
@Authenticated()
export class TusController {
  constructor(private readonly begins: BeginUpload, private readonly uploads: Uploads, private readonly finishing: FinishUpload, private readonly protocol: TusProtocol) {}

  @Asks('AUTHENTICATED')
  @Options()
  async capabilities(@CurrentActor() actor: Actor, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.protocol.handle(actor, null, request, reply);
  }

  @Asks('delivery:upload')
  @Post()
  @Route({ body: 'stream' })
  async create(@CurrentActor() actor: Actor, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    const refusal = authorise(actor, 'delivery:upload') ?? null;
    if (refusal) return sendRefusal(reply, refusal);
    if (refused(request, reply, request.headers['content-type'] !== undefined)) return reply;
    const creation = creationOf(request.headers);
    if ('problem' in creation) return sendProblem(reply, 400, { code: DELIVERY_ERRORS.TUS, message: creation.problem });
    if ('parts' in creation) return withinSpace(reply, () => this.concatenate(actor, creation.parts, reply));
    return withinSpace(reply, async () => {
      const upload = await this.begins.execute(actor, creation);
      return isRefused(upload) ? sendRefusal(reply, upload) : this.protocol.handle(actor, { ...upload, offset: 0 }, request, reply);
    });
  }

  /** GET tells people, HEAD tells the protocol. An upload that is complete and whose end was lost is ended by being asked for. */
  @Asks('delivery:upload')
  @Get(':id')
  show(@CurrentActor() actor: Actor, @Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    return withinSpace(reply, () => this.standing(actor, id, request, reply));
  }

  private async standing(actor: Actor, id: string, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    let upload = await this.found(actor, id, reply);
    if (!upload) return reply;
    if (!upload.partial && !upload.finishedAt && upload.offset === upload.byteLength) {
      const stored = await this.finishing.execute(actor, upload);
      if (isRefused(stored)) return sendRefusal(reply, stored);
      upload = await this.found(actor, id, reply);
      if (!upload) return reply;
    }
    if (request.method === 'HEAD') return this.protocol.handle(actor, upload, request, reply);
    const { assetId, byteLength, offset, partial, expiresAt } = upload;
    return reply.header('cache-control', 'no-store').send({ id, assetId, byteLength, offset, partial, expiresAt: expiresAt.toISOString() });
  }

  @Asks('delivery:upload')
  @Patch(':id')
  @Route({ body: 'stream' })
  async append(@CurrentActor() actor: Actor, @Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    const upload = await this.found(actor, id, reply);
    if (!upload || refused(request, reply, true)) return reply;
    return this.protocol.handle(actor, upload, request, reply);
  }

  @Asks('delivery:upload')
  @Delete(':id')
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<unknown> {
    const upload = await this.found(actor, id, reply);
    if (!upload || refused(request, reply, false)) return reply;
    return this.protocol.handle(actor, upload, request, reply);
  }

  private async concatenate(actor: Actor, ids: readonly string[], reply: FastifyReply): Promise<unknown> {
    const parts: StagedUpload[] = [];
    for (const id of ids) {
      const part = await this.found(actor, id, reply);
      if (!part) return reply;
      parts.push(part);
    }
    const whole = await this.finishing.concatenate(actor, parts);
    if (isRefused(whole)) return sendRefusal(reply, whole);
    return reply.status(201).headers({ location: this.protocol.urlOf(whole.id), 'tus-resumable': TUS_VERSION, 'upload-concat': `final;${parts.map((p) => this.protocol.urlOf(p.id)).join(' ')}` }).send();
  }

  /** Null: the answer is given. */
  private async found(actor: Actor, id: string, reply: FastifyReply): Promise<StagedUpload | null> {
    const upload = isId(id) ? await this.uploads.find(actor, id) : authorise(actor, 'delivery:upload') ?? notFound('upload');
    if (!isRefused(upload)) return upload;
    sendRefusal(reply, upload);
    return null;
  }
}

/** Whether the form of the request was refused. */
function refused({ headers }: FastifyRequest, reply: FastifyReply, withBody: boolean): boolean {
  const problem = headers['tus-resumable'] !== TUS_VERSION ? [412, `Tus-Resumable: ${TUS_VERSION} is needed`] as const : withBody && headers['content-type'] !== TUS_BODY ? [415, `the content type is ${TUS_BODY}`] as const : null;
  if (!problem) return false;
  void reply.header('tus-version', TUS_VERSION);
  if (Number(headers['content-length'] ?? '0') > LIMITS.jsonBodyBytes) void reply.header('connection', 'close');
  sendProblem(reply, problem[0], { code: DELIVERY_ERRORS.TUS, message: problem[1] });
  return true;
}
