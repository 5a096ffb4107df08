import type { FastifyInstance } from 'fastify';
import { GRAPHQL_PATH } from '../http/media-types.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on GraphQL requests once their body is here. */
    operation?: Operation;
  }
}

/** A GraphQL operation under way. Reads are stopped when nobody waits for them; a mutation that has begun runs to its end, so that nothing is left half done. */
export class Operation {
  private readonly controller = new AbortController();
  private stopped = false;
  private onlyReads = false;

  get signal(): AbortSignal {
    return this.controller.signal;
  }
  /** It is a query: nothing is lost when it stops. */
  mayStop(): void {
    this.onlyReads = true;
    if (this.stopped) this.controller.abort();
  }
  stop(): void {
    this.stopped = true;
    if (this.onlyReads) this.controller.abort();
  }
}

/**
 * Answers 503 when an operation takes longer than `limitMs`, and stops what it reads; the same when its client goes away. Fastify's own
 * `handlerTimeout` and `request.signal` end with the request's body, which a GraphQL request has sent whole before it begins.
 */
export function installOperationTime(fastify: FastifyInstance, limitMs: number): void {
  fastify.addHook('preHandler', (request, reply, done) => {
    if (request.routeOptions.url !== GRAPHQL_PATH) return done();
    const operation = (request.operation = new Operation());
    request.scope.signal = operation.signal;
    const timer = setTimeout(() => {
      operation.stop();
      if (reply.sent) return;
      const message = 'the operation took too long; a write may have happened, so repeat it with the same Idempotency-Key';
      void reply.status(503).header('retry-after', 1).send({ data: null, errors: [{ message, extensions: { code: 'TIMEOUT', requestId: request.id } }] });
    }, limitMs);
    reply.raw.once('close', () => {
      clearTimeout(timer);
      if (!reply.raw.writableFinished) operation.stop();
    });
    done();
  });
}
