import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** In front of an S3 server: a line that can be cut, slowed, or held at a part, and a door that knows one key. */
export class S3Gate {
  /** `hang`: parts from this number on wait until they are let go; `down`: connections break. */
  mode: 'open' | 'down' | { readonly hangFrom: number } = 'open';
  /** Only requests signed with this key pass; null: every one. */
  onlyKey: string | null = null;
  readonly seen: { readonly method: string; readonly path: string; readonly part: number | null; readonly passed: boolean }[] = [];
  private readonly held: (() => void)[] = [];

  private constructor(private readonly server: http.Server) {}

  static async start(target: string): Promise<S3Gate> {
    const { hostname, port } = new URL(target);
    // A client that goes while its body is read is no failure of the gate.
    const server = http.createServer((request, response) => void gate.pass(request, response, hostname, Number(port)).catch(() => request.socket.destroy()));
    const gate = new S3Gate(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gate;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get parts(): number[] {
    return this.seen.filter((s) => s.passed && s.part !== null).map((s) => s.part!);
  }
  /** What was held is answered, or broken off where the other side has gone. */
  letGo(): void {
    this.mode = 'open';
    for (const go of this.held.splice(0)) go();
  }
  async stop(): Promise<void> {
    this.letGo();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close').catch(() => undefined);
  }

  private async pass(request: http.IncomingMessage, response: http.ServerResponse, host: string, port: number): Promise<void> {
    const url = new URL(request.url!, 'http://gate');
    const part = url.searchParams.has('partNumber') ? Number(url.searchParams.get('partNumber')) : null;
    const note = (passed: boolean): void => void this.seen.push({ method: request.method!, path: url.pathname, part, passed });
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    if (typeof this.mode === 'object' && part !== null && part >= this.mode.hangFrom) await new Promise<void>((go) => this.held.push(go));
    if (this.mode === 'down' || response.destroyed || request.socket.destroyed) {
      note(false);
      return void request.socket.destroy();
    }
    if (this.onlyKey !== null && !request.headers.authorization?.includes(`Credential=${this.onlyKey}/`)) {
      note(false);
      return void response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>InvalidAccessKeyId</Code><Message>SECRET of the server</Message></Error>');
    }
    note(true);
    const onward = http.request({ host, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.on('error', () => request.socket.destroy()).pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    onward.end(Buffer.concat(body));
  }
}
