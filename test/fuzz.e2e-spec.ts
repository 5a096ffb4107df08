import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import fc from 'fast-check';
import { getNamedType, type GraphQLField, type GraphQLInputType, type GraphQLOutputType, GraphQLSchema, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isUnionType } from 'graphql';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { Authenticator } from '#identity';
import { asSystem } from '#shared';
import { DpopProofs } from '../libs/identity/src/oidc/dpop-proofs.js';
import { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, join, offerOf, draftProduct } from './support/market.js';
import { officers } from './support/recognition.js';

interface Answer { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: string }

const TELLING = /node_modules|\bat [\w.<>]+ \(|\/(work|home|usr|tmp|var)\/|\.[jt]s:\d|\b(select|insert into|update) [\w".*]+ |syntax error at|pg_|QueryFailedError|TypeError|invalid byte sequence/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const ID = '0191d5a0-0000-7000-8000-000000000000';

describe('random requests', () => {
  let exchange: TestExchange;
  let member: GraphClient;
  let key: { id: string; secret: string };
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    process.on('uncaughtExceptionMonitor', note);
    exchange = await startExchange({ env: { RATE_LIMIT_PER_MINUTE: '1000000', QUERY_COST_PER_MINUTE: '1000000000', TRUSTED_PROXIES: '127.0.0.0/8' } });
    const [officer] = await officers(exchange);
    member = await exchange.client('member');
    await join(officer, member, 'Straits Analytics', { jurisdiction: 'SG' }, 'UEN', '196800306E');
    key = await newKey();
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    process.off('uncaughtExceptionMonitor', note);
    await exchange.close();
  });
  afterEach(async () => {
    expect(await member.ask('{ me { organisation { legalName } } }')).toEqual({ me: { organisation: { legalName: 'Straits Analytics' } } });
    expect(unhandled).toEqual([]);
  });

  const newKey = (over: object = {}): Promise<{ id: string; secret: string }> => done(member, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'k', scopes: ['CATALOG_MANAGE'], expiresAt: new Date(Date.now() + 3_600_000).toISOString(), ...over });

  /** Bytes as they are; what comes back until the server closes or a while has passed. */
  async function raw(bytes: string | Buffer, patience = 400): Promise<string> {
    const { port, hostname } = new URL(exchange.url);
    const socket = net.connect(Number(port), hostname).on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.setTimeout(patience, () => socket.destroy());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.end(bytes);
    await closed;
    return answer;
  }

  async function send(method: string, path: string, headers: http.OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer> {
    const { port, hostname } = new URL(exchange.url);
    const request = http.request({ host: hostname, port, method, path, headers: { ...headers, connection: 'close' }, agent: false, setDefaultHeaders: true });
    request.setTimeout(3_000, () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    request.on('error', () => undefined);
    request.end(body);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode!, headers: response.headers, body: text };
  }

  const tame = ({ status, body, headers }: Answer): void => {
    expect([status, body]).toEqual([status < 500 || status === 503 ? status : `not ${status}`, body]);
    expect(body).not.toMatch(TELLING);
    expect(body).not.toContain('INTERNAL_SERVER_ERROR');
    expect([headers['x-powered-by'], headers['server']]).toEqual([undefined, undefined]);
  };

  const junk = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), fc.constantFrom('\u0000', '\ud800', '__proto__', 'constructor', '../../etc/passwd', "' or 1=1 --", '%00', '${7*7}', '\u202e', 'NaN', '1e999', '-0', '9'.repeat(400), 'x'.repeat(5_000)));
  const segment = fc.oneof(fc.constantFrom('%00', '%zz', '%', '%c0%af', '..', '%2e%2e%2f', '%ff%fe', ID, `${ID}%00`, `ek_${ID}.x`, '__proto__', 'a'.repeat(3_000), '%25', ';', '//', "'", '%ud800', '%ED%A0%80'), junk.map((j) => encodeURIComponent(j.toWellFormed())));
  const path = fc.oneof(
    fc.tuple(fc.constantFrom('/graphql', '/oauth/token', '/webhooks/stripe', '/dev-issuer/token', '/dev-issuer/jwks', '/.well-known/jwks.json', '/.well-known/did.json', '/.well-known/oauth-authorization-server', '/.well-known/client-jwks.json', '/health/live', '/health/ready', '/v1/sign-in/callback', '/v1/uploads', '/v1/usage-events', '/v1/usage-exports', '/v1/receipt-exports'), fc.option(segment, { nil: undefined }), fc.boolean()).map(([p, s, q]) => (s === undefined ? p : `${p}${q ? '?' : '/'}${s}`)),
    fc.tuple(fc.constantFrom('/v1/downloads/', '/v1/sign-in/', '/v1/oid4vp/requests/', '/v1/oid4vp/responses/', '/v1/uploads/', '/'), segment).map((p) => p.join('')),
    segment.map((s) => `/v1/assets/${s}/content`), fc.constantFrom('*', '/', '//', `/${'a/'.repeat(2_000)}`, '/graphql/../graphql', '/?', '/#', '/graphql?query={me{subject}}'),
  );
  const fieldText = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).filter((c) => c !== 0x7f).map((c) => String.fromCharCode(c)), maxLength: 80 }), fc.constantFrom('', ' ', ',', ';', '"', 'bytes=0-', 'bytes=-1,2-3', 'x'.repeat(3_000))).map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, ''));
  const authorization = (): fc.Arbitrary<string> => fc.oneof(
    fc.constantFrom('Bearer', 'Bearer ', 'DPoP x', 'Basic Og==', 'Basic ====', `Basic ${Buffer.from('%zz:%').toString('base64')}`, `Basic ${Buffer.from('\u0000:\u0000').toString('base64')}`, `Bearer ek_${ID}.${'0'.repeat(43)}`, `Bearer ek_${key.id}.`, `Bearer ek_${key.id}`, 'Bearer ek_......', 'Bearer a.b.c', `Bearer ${'a'.repeat(8_000)}`, `Bearer ${'.'.repeat(5_000)}`, 'Bearer eyJhbGciOiJub25lIn0.e30.'),
    fieldText, fc.tuple(fc.constantFrom('Bearer', 'bearer', 'DPoP', 'Basic', 'Negotiate'), fieldText).map((p) => p.join(' ')), jwt.map((j) => `Bearer ${j}`), jwt.map((j) => `DPoP ${j}`),
  );
  const part = fc.oneof(fc.json(), fc.dictionary(fc.constantFrom('alg', 'typ', 'kid', 'jwk', 'iss', 'sub', 'aud', 'exp', 'iat', 'cnf', 'jti', 'htm', 'htu', 'crit', 'b64', 'client_id', 'origin', 'scope'), fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>('none', 'HS256', 'ES256', 'dpop+jwt', 'at+jwt', '../../key', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, { kty: 'oct', k: 'AA' }, { kty: 'RSA', n: 'AQ', e: 'AQ' }, 9e15))).map((o) => JSON.stringify(o)));
  const jwt = fc.tuple(part, part, fc.base64String({ maxLength: 100 })).map(([header, payload, signature]) => [header, payload].map((p) => Buffer.from(p).toString('base64url')).concat(signature.replace(/[+/=]/g, '_')).join('.'));
  const headers = (): fc.Arbitrary<http.OutgoingHttpHeaders> => fc.record({
    authorization: authorization(), dpop: fc.oneof(fieldText, jwt), 'idempotency-key': fieldText, 'x-request-id': fieldText, 'content-type': fc.oneof(fc.constantFrom('application/json', 'application/json; charset=utf-16', 'application/octet-stream', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jose', '/', ';'), fieldText),
    range: fieldText, 'if-range': fieldText, 'content-digest': fieldText, 'stripe-signature': fc.oneof(fieldText, fc.constant('t=1,v1=x')), cookie: fc.oneof(fieldText, fc.constant(`entrepot-sign-in=${'a'.repeat(43)}; entrepot-sign-in=x`)), origin: fieldText, accept: fieldText, 'accept-encoding': fieldText,
    'x-forwarded-for': fc.oneof(fieldText, fc.constantFrom('unknown', '::1%eth0', '192.0.2.1:80', '[::1]:1', '_hidden', '1.2.3.4,,,', '0x7f.1')), 'x-forwarded-proto': fieldText, 'x-forwarded-host': fieldText, 'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'x'),
  }, { requiredKeys: [] });
  const bodies = fc.oneof(
    fc.constant(undefined), fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)), fc.json(), fc.constantFrom('', '{', 'null', '[]', '"x"', '{"query":null}', '{"query":{}}', '{"query":"{me{subject}}","variables":[]}', '{"query":"{me{subject}}","variables":"x"}', '{"query":"{me{subject}}","operationName":{}}', '{"documentId":1}', `${'['.repeat(3_000)}`, '{"subject":"\\u0000"}', '{"subject":{}}', '{"subject":"\\ud800"}'),
    fc.dictionary(fc.constantFrom('grant_type', 'client_id', 'client_assertion', 'client_assertion_type', 'scope', 'response', 'vp_token', 'state', 'wallet_nonce', 'code', 'subject'), fc.oneof(junk, jwt)).map((form) => new URLSearchParams(Object.entries(form).map(([k, v]): [string, string] => [k, v.toWellFormed()])).toString()),
    fc.dictionary(fc.constantFrom('query', 'variables', 'operationName', 'extensions', 'subject', 'name', '__proto__'), fc.oneof(junk, fc.jsonValue())).map((o) => JSON.stringify(o)),
  );

  it('at every route, with any method, header and body, are answered and tell nothing', async () => {
    const tally = new Map<number, number>();
    await fc.assert(fc.asyncProperty(fc.constantFrom(...METHODS), path, headers(), bodies, async (method, at, fields, content) => {
      const answer = await send(method, at.replace(/[^\x21-\xff]/g, ''), fields, method === 'TRACE' ? undefined : content);
      tally.set(answer.status, (tally.get(answer.status) ?? 0) + 1);
      tame(answer);
    }), { numRuns: 900 });
    expect(tally.size).toBeGreaterThan(4);
    // Where no route is, a body that is not parsed is refused as everywhere.
    for (const at of ['/nowhere', '/v1/downloads/x', '/dev-issuer/token']) expect((await send('POST', at, { 'content-type': 'application/json' }, '['.repeat(3_000))).status).toBe(400);
  }, 40_000);

  it('of a member, to uploads, exports and reports, are answered and tell nothing', async () => {
    const content = Buffer.alloc(3_000, 'a,b\n');
    const { assetIds: [assetId] } = await draftProduct({ vendor: member }, [{ fileName: 'a.csv', mediaType: 'text/csv', content }]);
    const metadata = `assetId ${Buffer.from(assetId!).toString('base64')}`;
    const created = await send('POST', '/v1/uploads', member.headers({ 'tus-resumable': '1.0.0', 'upload-length': '3000', 'upload-metadata': metadata }));
    expect(created.status).toBe(201);
    const { pathname } = new URL(created.headers.location!);
    const query = fc.dictionary(fc.constantFrom('window', 'from', 'until', 'format', 'licenceId', 'meter', 'dimension', 'value'), fc.oneof(fieldText, junk, fc.constantFrom('day', 'csv', 'parquet', ID, '2026-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z', 'downloads', 'region')));
    const asked = query.map((q) => new URLSearchParams(Object.entries(q).map(([k, v]): [string, string] => [k, v.toWellFormed()])).toString());
    const at = fc.oneof(fc.constantFrom('/v1/uploads', pathname, pathname, '/v1/usage-events', `/v1/invoices/${ID}/usage-statement`), segment.map((x) => `/v1/uploads/${x}`), segment.map((x) => `/v1/invoices/${x}/usage-statement`), asked.map((q) => `/v1/usage-exports?${q}`), asked.map((q) => `/v1/receipt-exports?${q}`));
    const number = fc.oneof(fieldText, fc.constantFrom('0', '1', '3000', '-1', '1e3', '9'.repeat(30)));
    const tus = fc.record({
      'tus-resumable': fc.oneof({ weight: 5, arbitrary: fc.constant('1.0.0') }, fieldText), 'upload-length': number, 'upload-offset': number, 'upload-metadata': fc.oneof(fieldText, fc.constant(metadata)), 'upload-concat': fc.oneof(fieldText, fc.constantFrom('partial', 'final;', `final;${pathname}`, `final;${pathname} ${pathname}`)),
      'upload-defer-length': fc.oneof(fieldText, fc.constant('1')), 'upload-checksum': fc.oneof(fieldText, fc.constant('sha1 AAAA')), 'x-http-method-override': fc.oneof(fieldText, fc.constantFrom('DELETE', 'PATCH')),
      'content-type': fc.oneof({ weight: 3, arbitrary: fc.constant('application/offset+octet-stream') }, fc.constantFrom('application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json'), fieldText), 'ce-specversion': fieldText, 'ce-id': fieldText,
    }, { requiredKeys: [] });
    const tally = new Map<number, number>();
    await fc.assert(fc.asyncProperty(fc.constantFrom('GET', 'HEAD', 'POST', 'PATCH', 'OPTIONS', 'PUT'), at, tus, bodies, async (method, where, fields, body) => {
      const answer = await send(method, where.replace(/[^\x21-\xff]/g, ''), member.headers(fields as Record<string, string>), body);
      tally.set(answer.status, (tally.get(answer.status) ?? 0) + 1);
      tame(answer);
    }), { numRuns: 400 });
    expect(tally.size).toBeGreaterThan(4);
  }, 60_000);

  it('that break the rules of HTTP are refused by connection, one request at the most', async () => {
    const good = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';
    const post = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const smuggled = [
      `${post}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${good}`, `${post}transfer-encoding: chunked\r\ncontent-length: 60\r\n\r\n0\r\n\r\n${good}`, `${post}content-length: 5\r\ncontent-length: 6\r\n\r\n{}   ${good}`, `${post}content-length: 0, 5\r\n\r\n${good}`, `${post}content-length: +5\r\n\r\n{}   ${good}`, `${post}content-length: -1\r\n\r\n${good}`,
      `${post}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${good}`, `${post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${good}`, `${post}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${good}`, `${post}transfer-encoding: chunked\r\n\r\nzz\r\n${good}`, `${post}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n${good}`, `${post}transfer-encoding: chunked\r\n\r\n5;${'x'.repeat(20_000)}\r\n${good}`,
      `GET /health/live HTTP/1.1\r\nhost: x\r\nx: a\u0000b\r\n\r\n${good}`, `GET /health/live\u0000 HTTP/1.1\r\nhost: x\r\n\r\n${good}`, `GET /health/live HTTP/1.1\r\nhost: x\r\n bad: folded\r\n\r\n${good}`, `GET /health/live HTTP/9.9\r\nhost: x\r\n\r\n${good}`, `GET /health/live HTTP/1.1\nhost: x\n\n${good}`, `\u0016\u0003\u0001\u0002\u0000${good}`, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n${good}`,
      `GET /health/live HTTP/1.1\r\n\r\n${good}`, `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${good}`, `GET /health/live HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(3_000)}\r\n${good}`,
    ];
    for (const bytes of smuggled) {
      const answer = await raw(bytes);
      const said = JSON.stringify(bytes.slice(0, 160));
      expect([said, answer.split('HTTP/1.1 200').length - 1]).toEqual([said, 0]);
      expect(answer).toMatch(/^$|^HTTP\/1\.1 4(00|05|13|14|31) |^HTTP\/1\.1 505 /);
      expect(answer).not.toMatch(TELLING);
    }
    // Two headers of one kind: the first stands, or none.
    const twice = await raw(`POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer wrong-wrong\r\nauthorization: Bearer ${key.secret}\r\nidempotency-key: a\r\nidempotency-key: b\r\ndpop: x\r\ndpop: y\r\ncontent-type: application/json\r\ncontent-length: 25\r\nconnection: close\r\n\r\n{"query":"{me{subject}}"}`);
    expect([twice.includes(`key:${key.id}`), twice]).toEqual([false, expect.stringMatching(/^HTTP\/1\.1 4|UNAUTHENTICATED/)]);
    await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 400 }).map((b) => Buffer.from(b)), fc.tuple(fc.constantFrom(...smuggled), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { minLength: 1, maxLength: 8 })).map(([bytes, changes]) => {
      const buffer = Buffer.from(bytes, 'latin1');
      for (const [at, value] of changes) if (at < buffer.length) buffer[at] = value;
      return buffer;
    })), async (bytes) => {
      const answer = await raw(bytes, 150);
      expect(answer).not.toMatch(/^HTTP\/1\.1 50[0-4]/);
      expect(answer).not.toMatch(TELLING);
    }), { numRuns: 80 });
  }, 40_000);

  it('with any credential make nobody an actor, and never throw', async () => {
    const [authenticator, dpop] = [exchange.app.get(Authenticator), exchange.app.get(DpopProofs, { strict: false })];
    const facts = { requestId: randomUUID(), idempotencyKey: undefined, method: 'POST', url: '/graphql' };
    const anything = fc.oneof(authorization(), fc.string({ unit: 'binary' }), junk);
    await fc.assert(fc.asyncProperty(anything, fc.oneof(junk, jwt), fc.oneof(junk, fc.ipV6(), fc.ipV4()), async (given, proof, address) => {
      expect(await asSystem(() => authenticator.authenticate({ ...facts, authorization: given, dpop: proof, address }))).toEqual({ actor: null, rejected: true });
      expect(await asSystem(() => dpop.check({ method: 'POST', url: address, dpop: proof }, given))).toBeNull();
    }), { numRuns: 500 });
    // Proofs that are signed as they should be, and say anything.
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const now = Math.floor(Date.now() / 1000);
    const right = { jti: 'j', iat: now, htm: 'POST', htu: `${exchange.url}/graphql`, ath: createHash('sha256').update('token').digest('base64url') };
    const over = fc.dictionary(fc.constantFrom('jti', 'iat', 'htm', 'htu', 'ath', 'exp', 'nbf'), fc.oneof(fc.jsonValue(), junk.map((j) => j.toWellFormed()), fc.constantFrom<unknown>('post', `${exchange.url}/graphql/`, `${exchange.url}//graphql`, 'https://a@b/graphql', now - 600, now + 600, String(now), 9e15, [right.htu])), { minKeys: 1 });
    const header = fc.dictionary(fc.constantFrom('typ', 'kid', 'jku', 'x5u', 'crit'), fc.oneof(junk.map((j) => j.toWellFormed()), fc.jsonValue(), fc.constant('dpop+jwt')), { maxKeys: 2 });
    let taken = 0;
    await fc.assert(fc.asyncProperty(over, header, async (claims, fields) => {
      const payload = { ...right, jti: randomUUID(), ...claims };
      const signing = [{ alg: 'ES256', typ: 'dpop+jwt', jwk, ...fields }, payload].map((p) => Buffer.from(JSON.stringify(p)).toString('base64url')).join('.');
      const proof = `${signing}.${Buffer.from(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(signing))).toString('base64url')}`;
      const made = await asSystem(() => dpop.check({ method: 'POST', url: '/graphql?x', dpop: proof }, 'token'));
      if (made === null) return;
      taken++;
      const { htm, htu, ath } = JSON.parse(JSON.stringify(payload)) as Record<string, unknown>;
      expect([made, htm, htu, ath, typeof payload.jti === 'string', Math.abs(payload.iat - now) < 120]).toEqual([await calculateJwkThumbprint(jwk), right.htm, right.htu, right.ath, true, true]);
      // One that is right is among them.
    }), { numRuns: 300, examples: [[{}, {}]] });
    expect(taken).toBeGreaterThan(0);
    // A key's secret with anything about it changed is none.
    await fc.assert(fc.asyncProperty(fc.nat(key.secret.length - 1), fc.constantFrom('A', '_', '.', '~', '='), async (at, c) => {
      const changed = key.secret.slice(0, at) + c + key.secret.slice(at + 1);
      const { actor } = await asSystem(() => authenticator.authenticate({ ...facts, authorization: `Bearer ${changed}`, dpop: undefined, address: '127.0.0.1' }));
      // The id is a UUID, in capitals too; whatever stands behind the dot is the secret to the letter.
      const [id, secret] = [changed.slice(0, 39), changed.slice(39)];
      const good = id.startsWith('ek_') && id.toLowerCase() === key.secret.slice(0, 39) && secret === key.secret.slice(39);
      expect([changed, actor !== null]).toEqual([changed, good]);
    }), { numRuns: 100 });
    for (const changed of [`${key.secret}.more`, `${key.secret}.`, `${key.secret}=`, key.secret.replace('.', '..')]) expect([changed, (await asSystem(() => authenticator.authenticate({ ...facts, authorization: `Bearer ${changed}`, dpop: undefined, address: '127.0.0.1' }))).actor]).toEqual([changed, null]);
  });

  it('in GraphQL, of the schema and with any variables, are answered or refused', async () => {
    const { schema } = exchange.app.get(GraphQLSchemaHost, { strict: false }) as { schema: GraphQLSchema };
    const value = (type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> => {
      if (isNonNullType(type)) return value(type.ofType as GraphQLInputType, depth);
      if (isListType(type)) return fc.array(value(type.ofType as GraphQLInputType, depth + 1), { maxLength: 3 });
      if (isEnumType(type)) return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...type.getValues().map((v) => v.name)) }, junk);
      if (isInputObjectType(type)) return fc.record(Object.fromEntries(Object.values(type.getFields()).map((f) => [f.name, value(f.type, depth + 1)])), { noNullPrototype: true });
      const odd = { weight: 1, arbitrary: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(null)) };
      switch (type.name) {
        case 'Int': return fc.oneof({ weight: 4, arbitrary: fc.integer() }, odd, fc.constantFrom(0, 1, 100));
        case 'Boolean': return fc.oneof({ weight: 9, arbitrary: fc.boolean() }, odd);
        case 'DateTime': return fc.oneof({ weight: 4, arbitrary: fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }).map((d) => d.toISOString()) }, odd, junk);
        default: return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(ID, 'SG', 'https://169.254.169.254/', 'https://[::1]:0/\u0000', 'CN', 'CNY', '1', '0.5', 'RESEARCH', 'a'.repeat(43), 'a'.repeat(64), Buffer.from('["a\\u0000"]').toString('base64url'), Buffer.from(`["${ID}"]`).toString('base64url'), Buffer.from('["infinity","x"]').toString('base64url'), Buffer.from(`["2026-01-01T00:00:00Z","${ID}"]`).toString('base64url')) }, { weight: 3, arbitrary: junk }, odd);
      }
    };
    const selection = (type: GraphQLOutputType, depth = 0): string => {
      const named = getNamedType(type);
      if (isUnionType(named)) return ` { __typename ${named.getTypes().map((t) => `... on ${t.name} { __typename }`).join(' ')} }`;
      if (!isObjectType(named)) return '';
      const inner = Object.values(named.getFields()).filter((f) => f.args.every((a) => !isNonNullType(a.type)) && (depth < 2 || !isObjectType(getNamedType(f.type)) && !isUnionType(getNamedType(f.type)))).slice(0, 6).map((f) => f.name + selection(f.type, depth + 1));
      return ` { __typename ${inner.join(' ')} }`;
    };
    const operation = (kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): { query: string; variables: fc.Arbitrary<object> } => {
      const declared = field.args.map((a) => `$${a.name}: ${String(a.type)}`).join(', ');
      const given = field.args.map((a) => `${a.name}: $${a.name}`).join(', ');
      return { query: `${kind}${declared ? `(${declared})` : ''} { ${field.name}${given ? `(${given})` : ''}${selection(field.type)} }`, variables: fc.record(Object.fromEntries(field.args.map((a) => [a.name, value(a.type)])), { requiredKeys: field.args.filter((a) => isNonNullType(a.type)).map((a) => a.name) }) };
    };
    const gone = /^(leaveOrganisation|revokeApiKey|removeMember|changeMemberRoles)$/;
    const operations = [...Object.values(schema.getQueryType()!.getFields()).map((f) => operation('query', f)), ...Object.values(schema.getMutationType()!.getFields()).filter((f) => !gone.test(f.name)).map((f) => operation('mutation', f))];
    let understood = 0;
    const ask = async (query: unknown, variables: unknown): Promise<void> => {
      const answer = await send('POST', '/graphql', { ...member.headers(), 'content-type': 'application/json' }, JSON.stringify({ query, variables }));
      tame(answer);
      const { errors } = JSON.parse(answer.body) as { errors?: { extensions?: { code?: string } }[] };
      for (const error of errors ?? []) expect(error.extensions?.code).toEqual(expect.any(String));
      if (!errors) understood++;
    };
    for (const { query, variables } of operations) await fc.assert(fc.asyncProperty(variables, (v) => ask(query, v)), { numRuns: 5, endOnFailure: true });
    expect(understood).toBeGreaterThan(20);
    // Documents that are cut, doubled, or have characters changed.
    await fc.assert(fc.asyncProperty(fc.constantFrom(...operations.map((o) => o.query)), fc.nat(400), fc.oneof(junk, fc.constantFrom('{', '}', '(', '...', '@skip(if: true)', '"""', '\ufeff', '#', '$', '!', '__schema { types { name } }')), fc.jsonValue(), (query, at, inserted, variables) => ask(query.slice(0, at) + inserted + query.slice(at), variables)), { numRuns: 150 });
  }, 60_000);

  it('leave the process as large as it was', async () => {
    const round = (): Promise<unknown> => Promise.all(Array.from({ length: 200 }, (_, i) => send(i % 2 ? 'POST' : 'GET', `/v1/downloads/${randomUUID()}`, { authorization: `Bearer ${randomUUID()}`, 'idempotency-key': randomUUID() }, i % 2 ? randomUUID() : undefined)));
    await round();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 5; i++) await round();
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });

  it('with a credential that is not good are refused alike, whatever is wrong with it', async () => {
    const [revoked, ended, elsewhere] = await Promise.all([newKey(), newKey({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() }), newKey({ allowList: ['192.0.2.1'] })]);
    await done(member, 'revokeApiKey', 'ApiKey', 'id', { id: revoked.id });
    await exchange.owner.query(`update identity.api_key set created_at = now() - interval '2 days', expires_at = now() - interval '1 day' where id = $1`, [ended.id]);
    const stranger = (await exchange.client('stranger')).credential!;
    const wrong: Record<string, string> = {
      'unknown key': `ek_${ID}.${'a'.repeat(43)}`, 'no key': `ek_nonsense.${'a'.repeat(43)}`, 'wrong secret': `ek_${key.id}.${'a'.repeat(43)}`, revoked: revoked.secret, ended: ended.secret, elsewhere: elsewhere.secret,
      'no token': 'a.b.c-a.b.c', 'token of nobody': `eyJhbGciOiJFUzI1NiJ9.${Buffer.from('{"iss":"https://nobody.example","sub":"x"}').toString('base64url')}.AAAA`, 'forged token': `${stranger.slice(0, -8)}AAAAAAAA`,
    };
    for (const [at, method, content] of [['/graphql', 'POST', '{"query":"{ me { subject } }"}'], [`/v1/assets/${ID}/content`, 'PUT', '{}']] as const) {
      // The first answers to a document that is not compiled yet say where in it the error is.
      for (let n = 0; n < 3; n++) await send(method, at, { 'content-type': 'application/json' }, content);
      const seen = new Map<string, string[]>();
      let address = 0;
      for (const [what, credential] of Object.entries(wrong)) {
        const answer = await send(method, at, { authorization: `Bearer ${credential}`, 'content-type': method === 'PUT' ? 'application/octet-stream' : 'application/json', 'x-forwarded-for': `198.51.100.${++address}` }, content);
        const { date: _, 'x-request-id': __, ...fields } = answer.headers;
        fields['ratelimit'] = String(fields['ratelimit']).replace(/t=\d+/, '');
        const form = JSON.stringify([answer.status, fields, answer.body.replaceAll(answer.headers['x-request-id'] as string, 'ID')]);
        seen.set(form, [...(seen.get(form) ?? []), what]);
        expect(answer.body).toMatch(/UNAUTHENTICATED|Unauthorized|a valid bearer token/);
      }
      expect([...seen.entries()]).toEqual([[expect.any(String), Object.keys(wrong)]]);
    }
    const seen = new Set<string>();
    for (const [i, credential] of ['unknown key', 'no key', 'wrong secret', 'revoked', 'ended', 'elsewhere'].map((what) => wrong[what]!).entries()) {
      const [id, secret] = [credential.slice(3).split('.')[0]!, credential.split('.')[1]!];
      const answer = await send('POST', '/oauth/token', { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': `203.0.113.${i + 1}` }, 'grant_type=client_credentials');
      const { date: _, 'x-request-id': __, ...fields } = answer.headers;
      fields['ratelimit'] = String(fields['ratelimit']).replace(/t=\d+/, '');
      seen.add(JSON.stringify([answer.status, fields, answer.body]));
      expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('invalid_client')]);
    }
    expect([...seen]).toHaveLength(1);
  });

  it('with names that hide something are invalid input', async () => {
    for (const name of ['Data\u202eoC', 'Da\u200bta', 'Data\u2066', 'Data\u3164', 'Data\u0007']) {
      const results = await Promise.all([
        member.mutate('createApiKey', 'CreatedApiKey', 'id', { name, scopes: ['CATALOG_MANAGE'], expiresAt: new Date(Date.now() + 1e6).toISOString() }),
        member.mutate('createProduct', 'Product', 'id', { title: name, description: 'x', themes: [], exporterIsCIIO: false, exporterHasPRCEntity: false }),
        member.mutate('inviteMember', 'CreatedInvitation', '__typename', { displayName: name, roles: ['BUYER'], expiresInHours: 1 }),
        (await exchange.client('somebody')).mutate('registerOrganisation', 'Organisation', 'id', { legalName: name, jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '12345678' }] }),
        member.mutate('createOffer', 'Offer', 'id', offerOf(ID, { title: name })),
      ]);
      expect(results.map((r) => [r.__typename, r.fields?.map((f) => f.path)])).toEqual(['name', 'title', 'displayName', 'legalName', 'title'].map((field) => ['InvalidInput', [field]]));
    }
  });
});
