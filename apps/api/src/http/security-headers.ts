import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '#shared';
import type { FastifyInstance } from 'fastify';
import { GRAPHQL_PATH } from './media-types.js';

const OFF = { crossOriginOpenerPolicy: false, originAgentCluster: false, xDnsPrefetchControl: false, xDownloadOptions: false, xFrameOptions: false, xPermittedCrossDomainPolicies: false, xXssProtection: false } as const;
const CSP = 'content-security-policy';
/** An API shows nothing in a browser, and its answers say so: nothing in them is run, framed, guessed at or kept on the way. */
export function installSecurityHeaders(app: NestFastifyApplication, fastify: FastifyInstance, config: Config): void {
  app.useSecurityHeaders({
    ...OFF, contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': "'none'", 'frame-ancestors': "'none'" } }, crossOriginResourcePolicy: { policy: 'same-origin' },
    strictTransportSecurity: config.publicUrl.startsWith('https:'),
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    if (url === GRAPHQL_PATH) void reply.header('cache-control', 'no-store');
    // The page for developers fetches its scripts from a public host; it is off in production.
    else if (url === '/graphiql') reply.raw.removeHeader(CSP);
    done();
  });
}
