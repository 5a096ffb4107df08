import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Connections on which nobody has asked anything yet: Node waits for them when it closes, and no longer looks at how long they take. */
export function closeQuietConnections(fastify: FastifyInstance): void {
  const quiet = new Set<Socket>();
  fastify.server.on('connection', (socket) => {
    quiet.add(socket);
    socket.once('close', () => quiet.delete(socket));
  });
  fastify.server.on('request', (request) => quiet.delete(request.socket));
  fastify.addHook('preClose', (done) => {
    for (const socket of quiet) socket.destroy();
    done();
  });
}
