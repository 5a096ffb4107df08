import { randomUUID } from 'node:crypto';
import { asSystem, LIMITS } from '#shared';
import type { Authentication, Authenticator } from '#identity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusedByForm } from './media-types.js';
import type { RequestLimits } from './request-limits.js';
import { scopeOf } from './scope-hook.js';

declare module 'fastify' {
  interface FastifyRequest {
    authentication?: Authentication;
  }
  interface FastifyInstance {
    requestLimits: RequestLimits;
  }
}

const REQUEST_ID = /^[\w.-]{8,64}$/;
const ISSUER_RETRY_SECONDS = 5;
const IDEMPOTENCY_KEY = new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.idempotencyKeyLength}}$`);

/** A caller's own request id when it is harmless, else a new one. */
export const requestIdOf = (request: { headers: Record<string, string | string[] | undefined> }): string => {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
};

/** Before every route: who is it, is he asking too often, and is it a request that the route takes at all? What he may do is decided later, by guard and use case. */
export function installRequestHook(fastify: FastifyInstance, authenticator: Authenticator, limits: RequestLimits): void {
  fastify.decorate('requestLimits', limits);
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('x-request-id', request.id);
    const { authorization, dpop, 'idempotency-key': given } = request.headers as Record<string, string | undefined>;
    // What is one caller's is kept by nobody on the way.
    if (authorization !== undefined) void reply.header('cache-control', 'no-store');
    const idempotencyKey = typeof given === 'string' && IDEMPOTENCY_KEY.test(given) ? given : undefined;
    const own = request.routeOptions.config?.policy?.credential === 'own';
    request.authentication = await asSystem(() => authenticator.authenticate({ requestId: request.id, authorization: own ? undefined : authorization, idempotencyKey, address: request.ip, method: request.method, url: request.url, dpop }));
    const { actor, unavailable } = request.authentication;
    if (actor) Object.assign(request.scope, scopeOf(actor));
    const seconds = await limits.request(request, reply);
    if (seconds !== null) return reply.status(429).header('retry-after', seconds).send({ code: 'too_many_requests', message: `try again in ${seconds} s` });
    // Not a refusal: the credential may be good.
    if (unavailable) return reply.status(503).header('retry-after', ISSUER_RETRY_SECONDS).send({ code: 'identity.issuer_unavailable', message: 'the issuer of this token does not answer: try again soon' });
    const refusal = refusedByForm(request);
    if (refusal) return reply.status(refusal.status).headers(refusal.headers).send({ code: refusal.code, message: refusal.message });
    if (given !== idempotencyKey) return reply.status(400).send({ code: 'invalid_input', message: `Idempotency-Key: 1 to ${LIMITS.idempotencyKeyLength} printable characters` });
  });
}
