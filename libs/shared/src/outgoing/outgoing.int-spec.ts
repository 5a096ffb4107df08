import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { loadConfig } from '../config/config.js';
import { LIMITS } from '../config/limits.js';
import { AddressGuard, OutgoingRefusedError } from './address-guard.js';
import { OutgoingHttp } from './outgoing-http.js';

const refused = (target: string, guard = new AddressGuard([])): boolean => {
  try {
    const { hostname, protocol } = new URL(target);
    guard.checkTarget(hostname, protocol);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(OutgoingRefusedError);
    return true;
  }
};

describe('the guard of outgoing calls', () => {
  it.each([
    '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0.0.0.0', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1',
    '[::1]', '[::]', '[fe80::1]', '[fc00::1]', '[fd00:ec2::254]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001:db8::1]', '[ff02::1]',
  ])('does not call %s', (host) => expect(refused(`https://${host}/`)).toBe(true));

  it('calls public addresses with TLS only', () => {
    expect(refused('https://8.8.8.8/')).toBe(false);
    expect(refused('https://[2606:4700::1111]/')).toBe(false);
    expect(refused('https://issuer.example/')).toBe(false);
    expect(refused('http://issuer.example/')).toBe(true);
    expect(refused('ftp://issuer.example/')).toBe(true);
  });

  it('has a list of exceptions, and one of the only hosts', () => {
    const guard = new AddressGuard(['10.0.0.0/8', 'vault.internal', '::1']);
    expect(refused('http://10.9.9.9/', guard)).toBe(false);
    expect(refused('http://vault.internal/', guard)).toBe(false);
    expect(refused('http://[::1]/', guard)).toBe(false);
    expect(refused('http://172.16.0.1/', guard)).toBe(true);
    const only = new AddressGuard([], ['issuer.example']);
    expect(refused('https://issuer.example/', only)).toBe(false);
    expect(refused('https://issuer.example.evil.example/', only)).toBe(true);
  });

  it('refuses every private IPv4 address however it is written', () => {
    const inside = fc.oneof(fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)), fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)), fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)), fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)));
    fc.assert(fc.property(inside, ([a, b, c, d]) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d;
      for (const form of [`${a}.${b}.${c}.${d}`, String(number), `0x${number.toString(16)}`, `[::ffff:${a}.${b}.${c}.${d}]`, `${a}.${b}.${c * 256 + d}`]) expect([form, refused(`https://${form}/`)]).toEqual([form, true]);
    }));
  });

  it('refuses a name that leads inside, whatever else it leads to', async () => {
    const guard = new AddressGuard([]);
    const error = await new Promise<Error | null>((resolve) => guard.lookup('localhost', { all: true }, (e) => resolve(e)));
    expect(error).toBeInstanceOf(OutgoingRefusedError);
    const allowed = new AddressGuard(['localhost']);
    expect(await new Promise<Error | null>((resolve) => allowed.lookup('localhost', { all: true }, (e) => resolve(e)))).toBeNull();
  });
});

describe('the outgoing client', () => {
  let server: http.Server;
  let base: string;
  let seen: string[];
  beforeAll(async () => {
    server = http.createServer((request, response) => {
      seen.push(request.url!);
      if (request.url === '/inside') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
      else if (request.url === '/large') response.end(Buffer.alloc(LIMITS.outgoingAnswerBytes + 1));
      else if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(8 * LIMITS.outgoingAnswerBytes)));
      else if (request.url === '/slow') response.write('a');
      else if (request.url === '/echo') request.pipe(response);
      else response.end('{"ok":true}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => (seen = []));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = (env: Record<string, string>): OutgoingHttp => new OutgoingHttp(loadConfig({ NODE_ENV: 'test', ...env }));

  it('calls what is allowed, as fetch does, with a request object too', async () => {
    const outgoing = client({ OUTGOING_ALLOW: '127.0.0.0/8' });
    expect(await (await outgoing.fetch(`${base}/fine`)).json()).toEqual({ ok: true });
    expect(await (await outgoing.fetch(new Request(`${base}/echo`, { method: 'POST', body: 'hello' }))).text()).toBe('hello');
    await outgoing.onApplicationShutdown();
  });

  it('does not reach an address inside: no request arrives', async () => {
    const outgoing = client({ OUTGOING_ALLOW: 'elsewhere.example' });
    await expect(outgoing.fetch(`${base}/fine`)).rejects.toBeInstanceOf(OutgoingRefusedError);
    await expect(outgoing.fetch(base.replace('127.0.0.1', 'localhost').replace('http:', 'https:'))).rejects.toBeInstanceOf(OutgoingRefusedError);
    expect(seen).toEqual([]);
    await outgoing.onApplicationShutdown();
  });

  it('streams under the same guard: no private address, by whatever form or name, and no redirect', async () => {
    const { port } = new URL(base);
    const get = { method: 'GET', headers: {}, body: null, signal: AbortSignal.timeout(5_000) };
    const guarded = client({ OUTGOING_ALLOW: 'elsewhere.example' });
    for (const host of ['http://127.0.0.1', 'https://127.0.0.1', 'https://localhost', 'https://[::1]', 'https://[::ffff:127.0.0.1]', 'https://2130706433', 'https://10.0.0.1', 'https://169.254.169.254', 'https://[fd00::1]']) {
      await expect(guarded.stream(new URL(`${host}:${port}/fine`), get)).rejects.toBeInstanceOf(OutgoingRefusedError);
    }
    expect(seen).toEqual([]);
    await guarded.onApplicationShutdown();
    const outgoing = client({ OUTGOING_ALLOW: '127.0.0.0/8' });
    const redirect = await outgoing.stream(new URL(`${base}/inside`), get);
    expect([redirect.status, seen]).toEqual([302, ['/inside']]);
    redirect.body.resume();
    const echo = await outgoing.stream(new URL(`${base}/echo`), { ...get, method: 'POST', body: Readable.from(['a', 'b']) });
    expect(await text(echo.body)).toBe('ab');
    await outgoing.onApplicationShutdown();
  });

  it('checks a redirect as it checks the first address, and follows none unless asked', async () => {
    const outgoing = client({ OUTGOING_ALLOW: '127.0.0.0/8' });
    await expect(outgoing.fetch(`${base}/inside`, { redirect: 'follow' })).rejects.toBeInstanceOf(OutgoingRefusedError);
    await expect(outgoing.fetch(`${base}/inside`)).rejects.toThrow();
    await outgoing.onApplicationShutdown();
  });

  it('ends an answer that is too large or does not end', async () => {
    const outgoing = client({ OUTGOING_ALLOW: '127.0.0.0/8' });
    await expect(outgoing.fetch(`${base}/bomb`).then((r) => r.arrayBuffer())).rejects.toBeInstanceOf(OutgoingRefusedError);
    await expect(outgoing.fetch(`${base}/large`).then((r) => r.arrayBuffer())).rejects.toThrow();
    const begun = Date.now();
    await expect(outgoing.fetch(`${base}/slow`).then((r) => r.text())).rejects.toThrow();
    expect(Date.now() - begun).toBeLessThan(2 * LIMITS.outgoingMs);
    await outgoing.onApplicationShutdown();
  });
});
