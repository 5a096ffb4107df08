import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const LOCATION = '/entrepot-objects/';
const KEPT = ['content-type', 'content-disposition', 'cache-control', 'etag', 'repr-digest', 'x-request-id'];

/** Does before an exchange what docs/nginx/entrepot.conf has nginx do: asks it, and sends the file that it names, or the part of it that the client asked for. */
export async function startStandIn(exchangeUrl: string, objects: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = http.createServer((request, response) => void serve(request, response).catch(() => response.destroy()));

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // Internal: nobody comes here but by the yes.
    if (request.url!.startsWith(LOCATION)) return void response.writeHead(404).end();
    const { connection: _, 'x-sendfile-type': __, 'x-client-cert': ___, ...headers } = request.headers;
    const asking = http.request(exchangeUrl + request.url!, { method: request.method!, agent: false, headers: { ...headers, 'x-forwarded-for': '127.0.0.1', ...(request.url!.startsWith('/v1/downloads/') ? { 'x-sendfile-type': 'X-Accel-Redirect' } : {}) } });
    await pipeline(request, asking);
    const [answer] = (await once(asking, 'response')) as [http.IncomingMessage];
    const named = answer.headers['x-accel-redirect'];
    if (typeof named !== 'string') return pipeline(answer, response.writeHead(answer.statusCode!, answer.headers));
    answer.resume();
    await send(path.join(objects, decodeURIComponent(named).slice(LOCATION.length).split('/').slice(1).join('/')), request, answer, response);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: async () => (server.closeAllConnections(), void (await new Promise((closed) => server.close(closed)))) };
}

async function send(file: string, { headers: { range } }: http.IncomingMessage, { headers }: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { size } = await stat(file);
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  const part = first !== '';
  const [from, until] = [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
  const kept = Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  response.writeHead(part ? 206 : 200, {
    ...kept, server: 'stand-in of nginx', 'accept-ranges': 'bytes', 'x-content-type-options': 'nosniff', 'content-length': until - from + 1, ...(part ? { 'content-range': `bytes ${from}-${until}/${size}` } : {}),
  });
  await pipeline(createReadStream(file, { start: from, end: until }), response);
}
