import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { createHmac, createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload, SignJWT } from 'jose';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { enlist } from './support/market.js';
import { OidcIssuer, type SigningKey, signingKey } from './support/issuer.js';

const COMPANY = { legalName: 'Lingang Data Co', jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '12345678' }] };

describe('tokens of a real OpenID provider', () => {
  const clock = new TestClock();
  let issuer: OidcIssuer;
  let exchange: TestExchange;
  let first: SigningKey;

  beforeAll(async () => {
    // The provider warns that its in-memory storage is for tests.
    for (const level of ['warn', 'info'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);
    issuer = await OidcIssuer.reserve();
    first = await signingKey('first');
    exchange = await startExchange({ clock, env: { OIDC_ISSUER: issuer.url, STAFF_ADMIN_SUBJECT: 'staff-person' } });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await exchange.close();
    await issuer.stop();
  });
  beforeEach(() => clock.advance((Date.now() - clock.now().getTime()) / 1_000));

  const subject = async (token: string): Promise<string> => {
    const answer = await new GraphClient(exchange.url, token).raw<{ me: { subject: string } }>('{ me { subject } }');
    return answer.data?.me?.subject ?? answer.errors![0]!.extensions.code;
  };
  const REFUSED = 'UNAUTHENTICATED';
  const forge = async (key: SigningKey, claims: JWTPayload, kid = key.jwk.kid): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: key.jwk.alg, kid, typ: 'at+jwt' }).sign(await importJWK(key.jwk, key.jwk.alg));
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');

  it('waits for a provider that is down and needs no restart when it comes', async () => {
    const early = await forge(first, { iss: issuer.url, aud: 'entrepot', sub: 'newcomer', exp: Math.floor(Date.now() / 1_000) + 600 });
    const down = await fetch(`${exchange.url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${early}`, 'content-type': 'application/json' }, body: '{"query":"{ me { subject } }"}' });
    expect([down.status, down.headers.get('retry-after'), await down.json()]).toEqual([503, '5', expect.objectContaining({ code: 'identity.issuer_unavailable' })]);
    expect((await fetch(`${exchange.url}/health/ready`)).status).toBe(200);
    await issuer.start([first]);
    expect(await subject(await issuer.token())).toBe(`identity:${issuer.url}|newcomer`);
    expect(await subject(early)).toBe(`identity:${issuer.url}|newcomer`);
  });

  it('switches the development issuer off by itself', async () => {
    expect((await fetch(`${exchange.url}/dev-issuer/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"subject":"staff-person"}' })).status).toBe(404);
    expect((await fetch(`${exchange.url}/dev-issuer/jwks`)).status).toBe(404);
  });

  it('takes a token: a newcomer registers, and the named administrator is staff', async () => {
    const token = await issuer.token('vendor-person');
    expect([decodeProtectedHeader(token), decodeJwt(token)]).toMatchObject([{ alg: 'ES256', kid: 'first' }, { iss: issuer.url, aud: 'entrepot', sub: 'vendor-person' }]);
    const vendor = new GraphClient(exchange.url, token);
    expect(await vendor.mutate('registerOrganisation', 'Organisation', 'state legalName', COMPANY)).toMatchObject({ __typename: 'Organisation', state: 'PENDING_VERIFICATION' });
    expect(await subject(token)).toMatch(/^member:/);
    const staff = new GraphClient(exchange.url, await issuer.token('staff-person'));
    expect(await staff.ask('{ me { roles assurance organisation { kind } } }')).toEqual({ me: { roles: ['STAFF_ADMIN'], assurance: 3, organisation: { kind: 'EXCHANGE' } } });
    const newcomer = new GraphClient(exchange.url, await issuer.token('newcomer'));
    await enlist(staff, newcomer, 'Officer', 'COMPLIANCE_OFFICER');
    expect(await newcomer.ask('{ me { roles } }')).toEqual({ me: { roles: ['COMPLIANCE_OFFICER'] } });
  });

  it('refuses a token for another audience', async () => {
    const token = await issuer.token('vendor-person', 'urn:another-service');
    expect(decodeJwt(token).aud).toBe('another-service');
    expect(await subject(token)).toBe(REFUSED);
  });

  it('refuses an expired token, one that was good a moment ago too', async () => {
    const token = await issuer.token('vendor-person');
    expect(await subject(token)).toMatch(/^member:/);
    clock.advance(3_600 - 10);
    expect(await subject(token)).toMatch(/^member:/);
    clock.advance(60);
    expect(await subject(token)).toBe(REFUSED);
  });

  it('refuses what this issuer did not sign', async () => {
    const claims = { ...decodeJwt(await issuer.token('staff-person')) };
    const other = await signingKey('other');
    expect(await subject(await forge(first, claims))).toMatch(/^member:/);
    expect(await subject(await forge(other, claims))).toBe(REFUSED);
    expect(await subject(await forge(other, claims, 'first'))).toBe(REFUSED);
    expect(await subject(await forge(first, { ...claims, iss: 'https://elsewhere.example' }))).toBe(REFUSED);
    for (const missing of ['exp', 'sub', 'iss', 'aud'] as const) expect([missing, await subject(await forge(first, { ...claims, [missing]: undefined }))]).toEqual([missing, REFUSED]);
    const [header, payload, signature] = (await issuer.token('vendor-person')).split('.') as [string, string, string];
    const raised = part({ ...decodeJwt(`${header}.${payload}.${signature}`), sub: 'staff-person' });
    expect(await subject(`${header}.${raised}.${signature}`)).toBe(REFUSED);
    const elsewhere = await OidcIssuer.reserve();
    await elsewhere.start([other]);
    const foreign = await elsewhere.token('staff-person');
    await elsewhere.stop();
    expect(await subject(foreign)).toBe(REFUSED);
  });

  it('is not fooled by the algorithm that a token names', async () => {
    const payload = part(decodeJwt(await issuer.token('staff-person')));
    for (const alg of ['none', 'None', 'NONE']) for (const signature of ['', 'AAAA']) expect([alg, await subject(`${part({ alg, kid: 'first' })}.${payload}.${signature}`)]).toEqual([alg, REFUSED]);
    const { d: _, ...publicJwk } = first.jwk;
    const published = createPublicKey({ key: publicJwk as never, format: 'jwk' });
    for (const secret of [published.export({ type: 'spki', format: 'pem' }), published.export({ type: 'spki', format: 'der' }), JSON.stringify(publicJwk)]) {
      const signed = `${part({ alg: 'HS256', kid: 'first', typ: 'at+jwt' })}.${payload}`;
      expect(await subject(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)).toBe(REFUSED);
    }
    const mine = await signingKey('mine');
    const embedded = await new SignJWT(decodeJwt(await issuer.token('staff-person'))).setProtectedHeader({ alg: 'ES256', jwk: { ...mine.jwk, d: undefined } as never }).sign(await importJWK(mine.jwk, 'ES256'));
    expect(await subject(embedded)).toBe(REFUSED);
  });

  it('follows a rotation of the keys, to another algorithm as well', async () => {
    const old = await issuer.token('vendor-person');
    const second = await signingKey('second', 'RS256');
    await issuer.stop();
    await issuer.start([second, first]);
    // The connections that this process kept to the former one close.
    await pause(100);
    const token = await issuer.token('vendor-person');
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: 'second' });
    expect(await subject(token)).toMatch(/^member:/);
    expect(await subject(old)).toMatch(/^member:/);
    await issuer.stop();
    expect(await subject(token)).toMatch(/^member:/);
  });
});
