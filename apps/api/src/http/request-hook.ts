import { randomUUID } from 'node:crypto';
import { LIMITS } from '#shared';
import type { Authentication, Authenticator } from '#identity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

declare module 'fastify' {
  interface FastifyRequest {
    authentication?: Authentication;
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

/** Before every route: who is it, and is he asking too often? What he may do is decided later, by guard and use case. */
export function installRequestHook(fastify: FastifyInstance, authenticator: Authenticator, requestsPerMinute: number): void {
  const known = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  const unknown = new RateLimiterMemory({ points: LIMITS.anonymousRequestsPerMinute, duration: 60 });
  const tokens = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('x-request-id', request.id);
    const idempotencyKey = request.headers['idempotency-key'];
    if (idempotencyKey !== undefined && (typeof idempotencyKey !== 'string' || !IDEMPOTENCY_KEY.test(idempotencyKey))) {
      return reply.status(400).send({ code: 'invalid_input', message: `Idempotency-Key: 1 to ${LIMITS.idempotencyKeyLength} printable characters` });
    }
    const { authorization, dpop } = request.headers as { authorization?: string; dpop?: string };
    request.authentication = await authenticator.authenticate({ requestId: request.id, authorization, idempotencyKey, method: request.method, url: request.url, dpop });
    const { actor, unavailable } = request.authentication;
    try {
      if (actor) await known.consume(actor.subject);
      else if (isToken(request.url)) await tokens.consume(request.ip);
      else if (!isExempt(request.url)) await unknown.consume(request.ip);
    } catch (rejected) {
      const seconds = Math.ceil((rejected as RateLimiterRes).msBeforeNext / 1000);
      return reply.status(429).header('retry-after', seconds).send({ code: 'too_many_requests', message: `try again in ${seconds} s` });
    }
    // Not a refusal: the credential may be good.
    if (unavailable) return reply.status(503).header('retry-after', ISSUER_RETRY_SECONDS).send({ code: 'identity.issuer_unavailable', message: 'the issuer of this token does not answer: try again soon' });
  });
}

/** A download's token is its credential; behind a proxy many buyers share one address. */
const isToken = (url: string): boolean => url.startsWith('/v1/downloads/');
/** Probes, and events that carry a signature of their own: a stranger must not be able to crowd them out. */
const isExempt = (url: string): boolean => url.startsWith('/health/') || url.startsWith('/webhooks/') || url.startsWith('/dev-issuer/');
