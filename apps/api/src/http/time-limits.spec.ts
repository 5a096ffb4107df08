import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { installOperationTime } from '../graphql/operation-time.js';
import { installBodyTime } from './body-time.js';
import { closeQuietConnections } from './quiet-connections.js';
import { installScope } from './scope-hook.js';

const BODY_MS = 200;
const OPERATION_MS = 300;

describe('limits of time', () => {
  let server: FastifyInstance;
  let port: number;
  const aborted: string[] = [];
  beforeAll(async () => {
    server = Fastify();
    server.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    installScope(server);
    closeQuietConnections(server);
    installBodyTime(server, BODY_MS);
    installOperationTime(server, OPERATION_MS);
    server.post('/json', (request) => request.body);
    server.post('/early', { onRequest: (_request, reply) => void reply.status(401).send({}) }, () => ({}));
    server.put('/stream', { config: { policy: { body: 'stream' } } }, async (request) => {
      let bytes = 0;
      for await (const chunk of request.body as AsyncIterable<Buffer>) bytes += chunk.length;
      return { bytes };
    });
    server.post<{ Body: { name: string; ms: number; reads: boolean } }>('/graphql', async ({ body, operation }) => {
      operation!.signal.addEventListener('abort', () => aborted.push(body.name));
      if (body.reads) operation!.mayStop();
      await pause(body.ms);
      return { data: body.name };
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = server.server.address() as net.AddressInfo);
  });
  afterAll(() => server.close());

  /** What the server answers to these bytes, each after its pause; ends when the server closes. */
  async function raw(...parts: (string | number)[]): Promise<string> {
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    const closed = once(socket, 'close');
    for (const part of parts) {
      if (typeof part === 'number') await pause(part);
      else if (!socket.destroyed) socket.write(part);
    }
    await closed;
    return answer;
  }
  const head = (method: string, path: string, length: number, type = 'application/json'): string => `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;

  it('end a body that trickles, with 408 and the connection closed', async () => {
    const answer = await raw(head('POST', '/json', 10), '{', 100, '"', 200, 'a');
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*request_timeout/);
    expect(await raw('POST /json HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });
  it('end a connection whose body never comes though the answer has gone', async () => {
    const started = performance.now();
    expect(await raw('POST /early HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')).toMatch(/^HTTP\/1\.1 401 /);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
  it('let a body come in parts, and streams take their time', async () => {
    expect(await raw(head('POST', '/json', 7), '{"a"', 50, ':1}')).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"a":1\}/);
    expect(await raw(head('PUT', '/stream', 4, 'application/octet-stream'), 'ab', 400, 'cd')).toMatch(/\{"bytes":4\}/);
  });

  const operate = (body: object, signal?: AbortSignal): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...(signal ? { signal } : {}) });

  it('answer an operation that takes too long, and stop what it reads but not what it writes', async () => {
    const [query, mutation, quick] = await Promise.all([operate({ name: 'query', ms: 600, reads: true }), operate({ name: 'mutation', ms: 600, reads: false }), operate({ name: 'quick', ms: 10, reads: true })]);
    expect([query!.status, mutation!.status, quick!.status]).toEqual([503, 503, 200]);
    await Promise.all([mutation!.text(), quick!.text()]);
    expect(await query!.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'TIMEOUT' } }] });
    await pause(400);
    expect(aborted).toEqual(['query']);
  });
  it('stop the reads of a client that has gone', async () => {
    aborted.length = 0;
    await Promise.all([operate({ name: 'gone', ms: 250, reads: true }, AbortSignal.timeout(60)).catch(() => undefined), operate({ name: 'gone-writing', ms: 250, reads: false }, AbortSignal.timeout(60)).catch(() => undefined)]);
    await pause(100);
    expect(aborted).toEqual(['gone']);
  });

  it('do not hold up a server that stops, while nobody has asked anything', async () => {
    const silent = net.connect(port, '127.0.0.1').on('error', () => undefined);
    const half = net.connect(port, '127.0.0.1').on('error', () => undefined);
    half.write('POST /json HTTP/1.1\r\n');
    await pause(50);
    const started = performance.now();
    await server.close();
    expect(performance.now() - started).toBeLessThan(2_000);
    silent.destroy();
    half.destroy();
  });
});
