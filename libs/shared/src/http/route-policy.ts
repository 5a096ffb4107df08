import { RouteConfig } from '@nestjs/platform-fastify';

/** What a route says of itself to the hooks that stand before every route. The default is the strictest. */
export interface RoutePolicy {
  /**
   * `caller`, the default: a caller by himself, others by address. `token`: the address too, in a bucket of its own, for links whose
   * token is the credential. `none`: probes, and messages that carry a signature of their own, which a stranger must not crowd out.
   */
  readonly limit?: 'caller' | 'token' | 'none';
  /** What a body may be: `json`, the default; `form` (application/x-www-form-urlencoded); `stream`: read by the handler, with limits of its own; `events`: CloudEvents; `any`: whatever it says it is, read by the handler with limits of its own. */
  readonly body?: 'json' | 'form' | 'stream' | 'events' | 'any';
  /** `own`: the handler reads `Authorization` by itself, as a token endpoint does (RFC 6749, 2.3.1); to all others the caller is nobody there. */
  readonly credential?: 'own';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly policy?: RoutePolicy;
  }
}

/** Says what the hooks before a handler should know of it. Which route it is, the router decides, never a prefix of the address. */
export const Route = (policy: RoutePolicy): MethodDecorator => RouteConfig({ policy });
