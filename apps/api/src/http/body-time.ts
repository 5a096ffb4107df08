import type { FastifyInstance } from 'fastify';

/**
 * A body that is not here whole after `limitMs` ends its connection, with 408 if nothing was answered yet. Node's `requestTimeout` would
 * end long uploads too, so it is off; routes that read a stream watch it themselves.
 */
export function installBodyTime(fastify: FastifyInstance, limitMs: number): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const hasBody = raw.headers['transfer-encoding'] !== undefined || (raw.headers['content-length'] ?? '0') !== '0';
    const { body } = request.routeOptions.config?.policy ?? {};
    if (!hasBody || body === 'stream' || body === 'any') return done();
    const timer = setTimeout(() => {
      if (raw.complete) return;
      const end = (): void => void raw.socket.destroySoon();
      if (reply.sent) return end();
      reply.raw.once('finish', end);
      void reply.status(408).header('connection', 'close').send({ code: 'request_timeout', message: 'the body did not come in time' });
    }, limitMs);
    raw.once('close', () => clearTimeout(timer));
    done();
  });
}
