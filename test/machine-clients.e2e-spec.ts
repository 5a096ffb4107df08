import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { publicHalf, type SigningKey, signingKey } from './support/issuer.js';
import { done, hire, join, orderOf } from './support/market.js';
import { DpopKey, officers } from './support/recognition.js';

const NOWHERE = '0191d5a0-0000-7000-8000-000000000000';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface Answer { readonly status: number; readonly headers: Headers; readonly body: Record<string, string> }

describe('pipelines with OAuth client credentials', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let buyer: GraphClient;
  let staff: readonly [GraphClient, GraphClient];
  let organisation: string;
  let machine: { id: string; secret: string };
  let key: SigningKey;

  const newKey = (scopes: string[]): Promise<{ id: string; secret: string }> => done(buyer, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'pipeline', scopes, expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString() });
  const publicSet = (...keys: SigningKey[]): string => JSON.stringify({ keys: keys.map(publicHalf) });
  const request = async (form: Record<string, string> | URLSearchParams | string, headers: Record<string, string> = {}): Promise<Answer> => {
    const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
    const response = await fetch(`${exchange.url}/oauth/token`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, string> };
  };
  const basic = (id: string, secret: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}` });
  const GRANT = { grant_type: 'client_credentials' };
  const now = (): number => Math.floor(clock.now().getTime() / 1000);
  const assertion = async (over: JWTPayload = {}, signer = key, header: object = {}): Promise<Record<string, string>> => ({
    ...GRANT, client_assertion_type: ASSERTION_TYPE,
    client_assertion: await new SignJWT({ iss: machine.id, sub: machine.id, aud: exchange.url, jti: randomUUID(), iat: now(), exp: now() + 60, ...over }).setProtectedHeader({ alg: signer.jwk.alg, kid: signer.jwk.kid, ...header }).sign(await importJWK(signer.jwk, signer.jwk.alg)),
  });
  const me = async (token: string): Promise<unknown> => {
    const answer = await new GraphClient(exchange.url, token).raw<{ me: { subject: string; acts: string[] } }>('{ me { subject acts } }');
    return answer.data?.me ?? answer.errors![0]!.extensions.code;
  };

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    staff = await officers(exchange);
    buyer = await exchange.client('buyer');
    organisation = await join(staff[0], buyer, 'Straits Analytics', { jurisdiction: 'SG' }, 'UEN', '196800306E');
    machine = await newKey(['CONTRACTS_READ', 'CONTRACTS_ORDER', 'DELIVERY_DOWNLOAD']);
    key = await signingKey('pipeline');
    await done(buyer, 'registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks: publicSet(key) });
  });
  afterAll(() => exchange.close());
  beforeEach(() => clock.advance((Date.now() - clock.now().getTime()) / 1_000));

  it('tells clients what it can do', async () => {
    const response = await fetch(`${exchange.url}/.well-known/oauth-authorization-server`);
    expect(await response.json()).toMatchObject({
      issuer: exchange.url, token_endpoint: `${exchange.url}/oauth/token`, grant_types_supported: ['client_credentials'], response_types_supported: [],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'], scopes_supported: expect.arrayContaining(['contracts:order']),
    });
  });

  it('serves a client library as it is, with secret, with signature, and with DPoP', async () => {
    const execute = [oidc.allowInsecureRequests];
    const bySecret = await oidc.discovery(new URL(exchange.url), machine.id, {}, oidc.ClientSecretBasic(machine.secret), { algorithm: 'oauth2', execute });
    const plain = await oidc.clientCredentialsGrant(bySecret, { scope: 'contracts:read' });
    expect(plain).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'contracts:read' });
    expect(await me(plain.access_token)).toEqual({ subject: `key:${machine.id}`, acts: ['CONTRACTS_READ'] });
    const bySignature = await oidc.discovery(new URL(exchange.url), machine.id, {}, oidc.PrivateKeyJwt({ key: await importJWK(key.jwk, 'ES256') as never, kid: 'pipeline' }), { algorithm: 'oauth2', execute });
    const dpop = await DpopKey.make();
    const DPoP = oidc.getDPoPHandle(bySignature, dpop);
    const bound = await oidc.clientCredentialsGrant(bySignature, {}, { DPoP });
    expect([bound.token_type, decodeJwt(bound.access_token)]).toMatchObject(['dpop', { iss: exchange.url, sub: `key:${machine.id}`, cnf: { jkt: await calculateJwkThumbprint(dpop.publicJwk) } }]);
    const response = await oidc.fetchProtectedResource(bySignature, bound.access_token, new URL(`${exchange.url}/graphql`), 'POST', '{"query":"{ me { acts } }"}', new Headers({ 'content-type': 'application/json' }), { DPoP });
    expect(await response.json()).toEqual({ data: { me: { acts: ['CONTRACTS_ORDER', 'CONTRACTS_READ', 'DELIVERY_DOWNLOAD'] } } });
    expect(await me(bound.access_token)).toBe('UNAUTHENTICATED');
  });

  it('narrows the token to the acts that were asked for, and never widens it', async () => {
    const { status, headers, body } = await request({ ...GRANT, scope: 'contracts:read' }, basic(machine.id, machine.secret));
    expect([status, headers.get('cache-control'), headers.get('pragma'), body['token_type']]).toEqual([200, 'no-store', 'no-cache', 'Bearer']);
    expect([decodeProtectedHeader(body['access_token']!)['typ'], decodeJwt(body['access_token']!)]).toMatchObject(['at+jwt', { client_id: machine.id, scope: 'contracts:read' }]);
    const narrow = new GraphClient(exchange.url, body['access_token']);
    expect(await narrow.mutate('placeOrder', 'Agreement', 'id', orderOf(NOWHERE))).toMatchObject({ __typename: 'NotPermitted', code: 'not_permitted' });
    const wide = (await request(GRANT, basic(machine.id, machine.secret))).body;
    expect(await new GraphClient(exchange.url, wide['access_token']).mutate('placeOrder', 'Agreement', 'id', orderOf(NOWHERE))).toMatchObject({ __typename: 'NotFound' });
    for (const scope of ['billing:pay', 'contracts:read billing:pay', 'identity:verify', 'rubbish', 'CONTRACTS_READ', '__proto__']) expect((await request({ ...GRANT, scope }, basic(machine.id, machine.secret))).body['error']).toBe('invalid_scope');
    const lines = await (exchange.owner.query(`select 1 from audit.entry where act = 'api-key.token' and object_id = $1 and tenant_id = $2`, [machine.id, organisation]) as Promise<object[]>);
    expect(lines.length).toBeGreaterThanOrEqual(3);
  });

  it('refuses in the words of RFC 6749', async () => {
    const good = basic(machine.id, machine.secret);
    const cases: [unknown, Answer][] = [
      ['invalid_request', await request({}, good)], ['unsupported_grant_type', await request({ grant_type: 'password' }, good)], ['unsupported_grant_type', await request({ grant_type: 'authorization_code' }, good)],
      ['invalid_request', await request('grant_type=client_credentials&grant_type=client_credentials', good)], ['invalid_request', await request('grant_type=client_credentials&scope=a&scope=b', good)],
      ['invalid_request', await request({ ...(await assertion()) }, good)], ['invalid_request', await request({ ...GRANT, client_id: machine.id, client_secret: machine.secret })],
      ['invalid_request', await request({ ...(await assertion()), client_assertion_type: 'other' })],
      ['invalid_dpop_proof', await request(GRANT, { ...good, dpop: 'rubbish' })], ['invalid_dpop_proof', await request(GRANT, { ...good, dpop: await (await DpopKey.make()).proof('POST', `${exchange.url}/graphql`, null) })],
    ];
    for (const [error, answer] of cases) expect([answer.status, answer.body['error']]).toEqual([400, error]);
    expect((await request(JSON.stringify(GRANT), { ...good, 'content-type': 'application/json' })).status).toBe(415);
    const unknown = [
      await request(GRANT), await request(GRANT, basic(machine.id, 'wrong')), await request(GRANT, basic(NOWHERE, machine.secret)), await request(GRANT, basic('rubbish', 'x')), await request(GRANT, basic('', '')), await request(GRANT, { authorization: 'Basic !!!' }),
      await request(GRANT, { authorization: `Basic ${Buffer.from('%zz:%zz').toString('base64')}` }), await request(GRANT, { authorization: `Basic ${Buffer.from('nocolon').toString('base64')}` }), await request(GRANT, { authorization: `Bearer ${machine.secret}` }),
    ];
    for (const { status, headers, body } of unknown) expect([status, headers.get('www-authenticate'), body]).toEqual([401, 'Basic realm="entrepot"', { error: 'invalid_client', error_description: 'the client did not prove who it is' }]);
    expect((await fetch(`${exchange.url}/oauth/token`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'grant_type=client_credentials' })).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${exchange.url}/oauth/token`)).status).toBe(404);
  });

  it('takes as long to refuse a key that is not there as one that is', async () => {
    const time = async (headers: Record<string, string>): Promise<number> => {
      const started = performance.now();
      await request(GRANT, headers);
      return performance.now() - started;
    };
    for (const headers of [basic(machine.id, 'wrong'), basic(NOWHERE, 'wrong'), basic('rubbish', 'wrong')]) expect(await time(headers)).toBeGreaterThanOrEqual(38);
  });

  it('takes an assertion once, for this minute, from the registered key alone', async () => {
    const good = await assertion();
    const twice = await Promise.all([request(good), request(good)]);
    expect(twice.map((r) => r.status).sort()).toEqual([200, 401]);
    expect((await request(good)).status).toBe(401);
    for (const over of [{ aud: `${exchange.url}/oauth/token` }, { aud: [exchange.url] }, { iat: undefined }]) expect([over, (await request(await assertion(over))).status]).toEqual([over, 200]);
    const other = await newKey(['CONTRACTS_READ']);
    const stranger = await signingKey('pipeline');
    for (const over of [
      { iss: other.id }, { sub: other.id }, { iss: other.id, sub: other.id }, { sub: NOWHERE, iss: NOWHERE }, { aud: 'https://elsewhere.example' }, { aud: [exchange.url, 'https://elsewhere.example'] }, { aud: undefined }, { exp: undefined }, { exp: now() + 200 },
      { exp: now() - 40 }, { iat: now() - 600, exp: now() - 540 }, { iat: now() + 600, exp: now() + 660 }, { nbf: now() + 600 }, { jti: undefined }, { jti: '' }, { jti: 'x'.repeat(257) }, { iat: now() - 50, exp: now() + 60 },
    ] as JWTPayload[]) expect([over, (await request(await assertion(over))).status]).toEqual([over, 401]);
    for (const typ of ['at+jwt', 'dpop+jwt']) expect((await request(await assertion({}, key, { typ }))).status).toBe(401);
    expect((await request(await assertion({}, key, { typ: 'JWT' }))).status).toBe(200);
    expect((await request(await assertion({}, stranger))).status).toBe(401);
    expect((await request({ ...(await assertion()), client_id: other.id })).status).toBe(401);
    expect((await request({ ...(await assertion()), client_id: machine.id })).status).toBe(200);
    for (const rubbish of ['a.b.c', 'x', `${'a'.repeat(3_000)}.b.c`, 'e30.e30.e30']) expect((await request({ ...GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion: rubbish })).status).toBe(401);
    clock.advance(1_000);
    await exchange.drain();
    expect(await (exchange.owner.query('select 1 from identity.client_assertion') as Promise<object[]>)).toEqual([]);
  });

  it('registers public keys of one’s own API key only, and keys that are keys', async () => {
    const stranger = await exchange.client('stranger');
    await join(staff[0], stranger, 'Another', { jurisdiction: 'SG' }, 'UEN', '197401143C');
    expect(await stranger.mutate('registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks: publicSet(key) })).toMatchObject({ __typename: 'NotFound' });
    // Another administrator of the same organisation would sign in the maker's name.
    const deputy = await hire(exchange, buyer, 'deputy', 'ORG_ADMIN');
    expect(await deputy.mutate('registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks: publicSet(key) })).toMatchObject({ __typename: 'StateConflict', code: 'identity.key_of_another' });
    expect(await staff[0].mutate('registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks: publicSet(key) })).toMatchObject({ __typename: 'NotPermitted' });
    const publicJwk = publicHalf(key);
    const set = (...keys: object[]): string => JSON.stringify({ keys });
    for (const jwks of [
      'rubbish', '[]', '{}', set(), set(key.jwk), set(publicJwk, publicJwk), set({ ...publicJwk, kid: undefined }), set({ ...publicJwk, alg: 'HS256' }), set({ ...publicJwk, use: 'enc' }), set({ kty: 'oct', kid: 'a', alg: 'HS256', k: 'AAAA' }),
      set({ ...publicJwk, x: 'AAAA' }), set({ ...publicJwk, x: publicJwk.y, y: publicJwk.x }), set({ kty: 'RSA', kid: 'a', alg: 'PS256', n: 'AQAB', e: 'AQAB' }), set(...Array.from({ length: 6 }, (_, i) => ({ ...publicJwk, kid: String(i) }))), 'null', set(null as never),
    ]) expect([jwks, await buyer.mutate('registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks })]).toEqual([jwks, expect.objectContaining({ __typename: 'InvalidInput', fields: [expect.objectContaining({ path: 'jwks' })] })]);
    expect((await request(await assertion())).status).toBe(200);
    const next = await signingKey('next');
    await done(buyer, 'registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks: publicSet(next) });
    expect((await request(await assertion())).status).toBe(401);
    expect((await request(await assertion({}, next))).status).toBe(200);
    await done(buyer, 'registerKeyJwks', 'ApiKey', 'id', { id: machine.id, jwks: publicSet(key) });
    const [stored] = await (exchange.owner.query('select jwks from identity.api_key_jwks where key_id = $1', [machine.id]) as Promise<{ jwks: { keys: JWK[] } }[]>);
    expect(Object.keys(stored!.jwks.keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('lets a revocation, a suspension and an end bite at the next request', async () => {
    const brief = await newKey(['CONTRACTS_READ']);
    const token = async (): Promise<string> => (await request(GRANT, basic(brief.id, brief.secret))).body['access_token']!;
    const held = await token();
    expect(await me(held)).toEqual({ subject: `key:${brief.id}`, acts: ['CONTRACTS_READ'] });
    await done(staff[0], 'suspendOrganisation', 'Organisation', 'id', { organisationId: organisation, reason: 'false evidence' });
    expect(await me(held)).toEqual({ subject: `key:${brief.id}`, acts: [] });
    await done(staff[0], 'reinstateOrganisation', 'Organisation', 'id', { organisationId: organisation, reason: 'cleared' });
    await done(buyer, 'revokeApiKey', 'ApiKey', 'id', { id: brief.id });
    expect(await me(held)).toBe('UNAUTHENTICATED');
    expect((await request(GRANT, basic(brief.id, brief.secret))).status).toBe(401);
    expect(await buyer.mutate('registerKeyJwks', 'ApiKey', 'id', { id: brief.id, jwks: publicSet(key) })).toMatchObject({ code: 'identity.key_revoked', current: 'REVOKED' });
    const ten = (await request(GRANT, basic(machine.id, machine.secret))).body['access_token']!;
    expect(await me(ten)).toMatchObject({ subject: `key:${machine.id}` });
    clock.advance(606);
    expect(await me(ten)).toBe('UNAUTHENTICATED');
  });

  it('still takes the key itself, as a bearer credential and in no other way', async () => {
    expect(await me(machine.secret)).toMatchObject({ subject: `key:${machine.id}` });
    const dpop = await DpopKey.make();
    const response = await fetch(`${exchange.url}/graphql`, { method: 'POST', headers: { authorization: `DPoP ${machine.secret}`, dpop: await dpop.proof('POST', `${exchange.url}/graphql`, machine.secret), 'content-type': 'application/json' }, body: '{"query":"{ me { subject } }"}' });
    expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code).toBe('UNAUTHENTICATED');
    expect((await new GraphClient(exchange.url, machine.secret).ask<{ me: { acts: string[] } }>('{ me { acts assurance } }')).me).toEqual({ acts: ['CONTRACTS_ORDER', 'CONTRACTS_READ', 'DELIVERY_DOWNLOAD'], assurance: 2 });
  });
});
