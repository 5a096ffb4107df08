import type { Actor } from '#identity';
import { type RequestScope, withScope } from '#shared';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    scope: RequestScope;
  }
}

/**
 * Every request runs in a scope of its own, which begins as nobody's: row-level security then shows public rows only. Entered again
 * after the body was read, because the events of a socket do not carry it.
 */
export function installScope(fastify: FastifyInstance): void {
  fastify.decorateRequest('scope', null as never);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.scope = { reach: 'none', tenantId: null, subject: '' };
    withScope(request.scope, done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => withScope(request.scope, done));
}

/** What the actor's rows are, once it is known who he is. */
export function scopeOf(actor: Actor): Pick<RequestScope, 'reach' | 'tenantId' | 'subject'> {
  const { subject, tenantId, roles } = actor;
  if (tenantId === null) return { reach: 'none', tenantId: null, subject };
  if (actor.organisationKind !== 'EXCHANGE') return { reach: 'tenant', tenantId, subject };
  return { reach: actor.organisationState === 'VERIFIED' && roles.some((r) => r !== 'AUDITOR') ? 'staff' : 'auditor', tenantId, subject };
}
