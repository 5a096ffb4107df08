import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Taken { readonly method: string; readonly url: string; readonly headers: http.IncomingHttpHeaders; readonly rawHeaders: readonly string[]; readonly body: string }
type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void | Promise<void>;

/** A vendor's own system: answers each path as it is told to, knows its callers by a key, and remembers what came. */
export class VendorApi {
  readonly taken: Taken[] = [];
  /** What its callers must show as `X-Api-Key`, unless `accepts` says otherwise. */
  key = 'k3y-of-the-vendor/+=';
  accepts = (headers: http.IncomingHttpHeaders): boolean => headers['x-api-key'] === this.key;
  /** Calls whose connection was ended before their answer was. */
  left = 0;
  private readonly answers = new Map<string, Answer>();

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<VendorApi> {
    const server = http.createServer().listen(0, '127.0.0.1');
    const api = new VendorApi(server);
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => void api.take(request, response));
    await once(server, 'listening');
    return api;
  }

  url(host = '127.0.0.1'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}/data`;
  }
  /** `path` without the query. */
  on(path: string, answer: Answer): void {
    this.answers.set(path, answer);
  }
  at(path: string): Taken[] {
    return this.taken.filter((t) => t.url.split('?')[0] === path);
  }
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    response.once('close', () => void (this.left += response.writableFinished ? 0 : 1));
    const body = await text(request).catch(() => 'broken off');
    this.taken.push({ method: request.method!, url: request.url!, headers: request.headers, rawHeaders: request.rawHeaders, body });
    if (!this.accepts(request.headers)) return void response.writeHead(401).end();
    const answer = this.answers.get(request.url!.split('?')[0]!);
    if (answer) await answer(request, response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ url: request.url, body }));
  }
}
