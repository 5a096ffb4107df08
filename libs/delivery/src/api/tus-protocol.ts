import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '#identity';
import { chunksOf, Config, isRefused, LIMITS } from '#shared';
import type { DataStore, MemoryLocker, Server } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import { FinishUpload } from '../use-cases/uploads/finish-upload.js';
import { type StagedUpload, Uploads } from '../use-cases/uploads/uploads.js';
import { statusOf } from './http-problem.js';
import { isOutOfSpace, NO_SPACE } from './out-of-space.js';
import { TUS_PATH } from './tus-fields.js';

type Tus = typeof import('@tus/server');

const EXTENSIONS = ['creation', 'creation-with-upload', 'expiration', 'termination', 'concatenation'];

/** Lets the library answer a request whose upload was found and whose caller may. Loaded with the first upload. */
@Injectable()
export class TusProtocol {
  private readonly log = new Logger('uploads');
  private library: Promise<{ tus: Tus; locker: MemoryLocker }> | null = null;

  constructor(private readonly uploads: Uploads, private readonly finishing: FinishUpload, private readonly config: Config) {}

  urlOf(id: string): string {
    return `${this.config.publicUrl}/${TUS_PATH}/${id}`;
  }

  /** The response is the library's from here on. */
  async handle(actor: Actor, upload: StagedUpload | null, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { tus, locker } = await (this.library ??= import('@tus/server').then((t) => ({ tus: t, locker: new t.MemoryLocker() })));
    const server = this.server(tus, locker, actor, upload);
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    if (upload && request.method !== 'DELETE') raw.setHeader('upload-expires', upload.expiresAt.toUTCString());
    if (upload?.partial) raw.setHeader('upload-concat', 'partial');
    await server.handle(request.raw, raw);
  }

  private server(tus: Tus, locker: MemoryLocker, actor: Actor, upload: StagedUpload | null): Server {
    const server = new tus.Server({
      path: `/${TUS_PATH}`, datastore: this.store(tus, upload), locker, maxSize: LIMITS.uploadBytes, allowedOrigins: [], namingFunction: () => upload!.id, generateUrl: (_request, { id }) => this.urlOf(id),
      onUploadFinish: async () => {
        if (!upload || upload.partial || upload.finishedAt) return {};
        const stored = await this.finishing.execute(actor, { ...upload, offset: upload.byteLength });
        if (!isRefused(stored)) return {};
        return { status_code: statusOf(stored), headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }, body: JSON.stringify({ code: stored.code, message: stored.message }) };
      },
      onResponseError: (_request, error) => {
        if ('status_code' in error) return undefined;
        const full = isOutOfSpace(error);
        this.log.error(full ? `no space: ${error.message}` : error.stack ?? error.message);
        return full ? { status_code: 507, body: NO_SPACE.message } : { status_code: 500, body: 'the upload failed here: ask where it stands and go on' };
      },
    });
    // Every error of the library leaves by this: the protocol leaves its body free, and ours are JSON.
    const write = server.write.bind(server);
    server.write = (context, headers, status, body) => {
      if (status < 400) return write(context, headers, status, body);
      headers.set('content-type', 'application/json; charset=utf-8');
      headers.set('cache-control', 'no-store');
      return write(context, headers, status, JSON.stringify({ code: status === 507 ? NO_SPACE.code : DELIVERY_ERRORS.TUS, message: (body ?? '').trim() }));
    };
    return server;
  }

  /** What the library needs of a store: it sees the one upload that this request is about. */
  private store(tus: Tus, upload: StagedUpload | null): DataStore {
    const store = new tus.DataStore();
    store.extensions = EXTENSIONS;
    // The library asks for it misspelt, and leaves what it means to others: the controller puts the parts together.
    store.hasExtension = (name) => name === 'concatentation' || EXTENSIONS.includes(name);
    if (!upload) return store;
    const { id, byteLength, createdAt } = upload;
    const { staging } = this.uploads;
    // Asked under the lock of the upload: another request may have written since it was found.
    store.getUpload = async () => new tus.Upload({ id, size: byteLength, offset: upload.finishedAt ? byteLength : await staging.bytes(id), creation_date: createdAt.toISOString() });
    store.write = async (stream: Readable, _id: string, offset: number) => offset + (await staging.append(id, offset, chunksOf(stream, LIMITS.streamIdleMs)));
    store.remove = () => this.uploads.remove([id]);
    return store;
  }
}
