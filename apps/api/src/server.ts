import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authenticator } from '#identity';
import { asSystem, LIMITS, WorkerRuntime } from '#shared';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule, type AppOptions } from './app.module.js';
import { installOperationTime } from './graphql/operation-time.js';
import { installBodyTime } from './http/body-time.js';
import { jsonParser } from './http/json-body.js';
import { CLOUD_EVENT_TYPES } from './http/media-types.js';
import { closeQuietConnections } from './http/quiet-connections.js';
import { installRequestHook, requestIdOf } from './http/request-hook.js';
import { installScope } from './http/scope-hook.js';
import { RequestLimits } from './http/request-limits.js';
import { installSecurityHeaders } from './http/security-headers.js';
import { NestLogger } from './logging.js';

/** Requests that take longer are logged, whatever they were. */
const SLOW_MS = 1_000;

export interface Server {
  readonly app: NestFastifyApplication;
  /** Stops taking connections, lets running downloads and transactions end, then closes the pool. */
  close(): Promise<void>;
}

/** Builds the HTTP process, not yet listening. The same for `npm start`, the container, tests and benches. */
export async function createServer(options: AppOptions, logger: Logger): Promise<Server> {
  const adapter = new FastifyAdapter({
    bodyLimit: LIMITS.jsonBodyBytes, genReqId: (request: IncomingMessage) => requestIdOf(request), requestTimeout: 0, connectionTimeout: 0,
    keepAliveTimeout: 72_000, multipart: false,
    // How long headers may take is looked at every so often; Node's default is half a minute.
    http: { headersTimeout: LIMITS.headersMs, connectionsCheckingInterval: LIMITS.headersMs / 5 }, forceCloseConnections: 'idle', return503OnClosing: true, trustProxy: options.config.TRUSTED_PROXIES.length ? options.config.TRUSTED_PROXIES : false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(options), adapter, { logger: new NestLogger(logger), rawBody: true, abortOnError: false });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  // Uploads arrive as streams; nothing else may come this way, and the handler counts the bytes.
  fastify.addContentTypeParser(['application/octet-stream', 'application/offset+octet-stream'], (_request, payload, done) => done(null, payload));
  installAnyBody(fastify);
  app.useBodyParser('application/json', { bodyLimit: LIMITS.jsonBodyBytes }, jsonParser(fastify));
  for (const type of CLOUD_EVENT_TYPES) app.useBodyParser(type, { bodyLimit: LIMITS.usageEventBytes }, jsonParser(fastify));
  installSecurityHeaders(app, fastify, options.config);
  closeQuietConnections(fastify);
  installBodyTime(fastify, LIMITS.jsonBodyMs);
  installScope(fastify);
  installRequestHook(fastify, app.get(Authenticator), app.get(RequestLimits));
  installOperationTime(fastify, LIMITS.operationMs);
  installLog(fastify, logger);
  await asSystem(() => app.init());
  await fastify.ready();
  const worker = app.get(WorkerRuntime);
  if (options.config.WORKER) worker.start();
  return {
    app,
    close: async () => {
      await worker.stop();
      await app.close();
    },
  };
}

/** A route that passes bodies on reads them as they come, whatever they are: no parser is looked for by their type. */
function installAnyBody(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.routeOptions.config?.policy?.body === 'any') request.headers['content-type'] = 'application/octet-stream';
    done(null, payload);
  });
}

/** One thin line for what failed or was slow; a line for every request costs a quarter of the throughput. */
function installLog(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode < 500 && reply.elapsedTime < SLOW_MS && !logger.isLevelEnabled('debug')) return;
    const line = { requestId: request.id, method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime), subject: request.authentication?.actor?.subject };
    logger[reply.statusCode >= 500 ? 'error' : 'info'](line, 'request');
  });
}
