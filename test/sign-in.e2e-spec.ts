import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { RotateSecrets, Signer, verifySigned } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { OidcIssuer, type SigningKey, signingKey } from './support/issuer.js';
import { done } from './support/market.js';
import { PeopleIssuer, type Person } from './support/people-issuer.js';
import { forge, officers, recognise } from './support/recognition.js';

const CEO: Person = { sub: 's=S8979373D', name: 'Tan Ah Kow', acr: 'urn:loa:3', uen: 'S16FC0121D' };
const COMPANY = { legalName: 'Straits Analytics', jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value: 'S16FC0121D' }] };
const SIGN_IN = { clientId: 'entrepot', acrLevels: [{ acr: 'urn:loa:3', level: 3 }], organisationClaims: [{ pointer: '/entityInfo/CPEntID', scheme: 'UEN', legalNamePointer: '/entityInfo/CPEntName' }] };

describe('sign-in at issuers that give id tokens (profile c)', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let staff: readonly [GraphClient, GraphClient];
  let provider: PeopleIssuer;
  let plain: PeopleIssuer;
  let key: SigningKey;
  let row: string;
  let plainRow: string;

  const asClient = (over: object = {}): object => ({
    client_id: 'entrepot', redirect_uris: [`${exchange.url}/v1/sign-in/callback`], grant_types: ['authorization_code'], response_types: ['code'], jwks_uri: `${exchange.url}/.well-known/client-jwks.json`,
    token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', id_token_signed_response_alg: 'ES256', ...over,
  });

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    // The rows are of a while ago, so that a clock that is behind finds them in force.
    clock.advance(-3_600);
    staff = await officers(exchange);
    key = await signingKey('corppass');
    const [{ url }, { url: plainUrl }] = [await OidcIssuer.reserve(), await OidcIssuer.reserve()];
    row = await recognise(staff, { issuer: url, profile: 'FAPI2_SIGN_IN', trustFramework: 'CORPPASS', encryptedIdToken: true, ...SIGN_IN });
    plainRow = await recognise(staff, { issuer: plainUrl, profile: 'OIDC_SIGN_IN', ...SIGN_IN });
    provider = new PeopleIssuer({ url, fapi: true, clients: [asClient({ dpop_bound_access_tokens: true, id_token_encrypted_response_alg: 'ECDH-ES+A256KW', id_token_encrypted_response_enc: 'A256GCM', authorization_signed_response_alg: 'ES256' })] });
    plain = new PeopleIssuer({ url: plainUrl, fapi: false, clients: [asClient()] });
    await provider.start([key]);
    await plain.start([key]);
  });
  afterAll(async () => {
    await provider.stop();
    await plain.stop();
    await exchange.close();
  });
  beforeEach(async () => {
    clock.advance((Date.now() - clock.now().getTime()) / 1_000);
    await provider.is(CEO);
    await plain.is(CEO);
  });

  interface Begun { readonly status: number; readonly location: string; readonly cookie: string; readonly setCookie: string }
  const begin = async (id = row): Promise<Begun> => {
    const response = await fetch(`${exchange.url}/v1/sign-in/${id}`, { redirect: 'manual' });
    const setCookie = response.headers.get('set-cookie') ?? '';
    return { status: response.status, location: response.headers.get('location') ?? '', cookie: setCookie.split(';')[0]!, setCookie };
  };
  const callback = async (url: string, cookie?: string): Promise<{ status: number; body: { access_token?: string; code?: string } & Record<string, unknown>; headers: Headers }> => {
    const response = await fetch(url, { headers: cookie ? { cookie } : {} });
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, headers: response.headers };
  };
  const signIn = async (at: PeopleIssuer = provider, id = row): Promise<string> => {
    const { location, cookie } = await begin(id);
    const { body } = await callback(await at.follow(location), cookie);
    if (!body.access_token) throw new Error(JSON.stringify(body));
    return body.access_token;
  };
  const subject = async (token: string): Promise<string> => {
    const answer = await new GraphClient(exchange.url, token).raw<{ me: { subject: string } }>('{ me { subject } }');
    return answer.data?.me?.subject ?? answer.errors![0]!.extensions.code;
  };
  const FAILED = [400, 'identity.sign_in_failed'];
  const outcome = async (url: string, cookie?: string): Promise<unknown[]> => {
    const { status, body } = await callback(url, cookie);
    return [status, body.code ?? typeof body.access_token];
  };
  const GOOD = [200, 'string'];

  it('publishes the keys with which it is a client, and never their private halves', async () => {
    const { keys } = (await (await fetch(`${exchange.url}/.well-known/client-jwks.json`)).json()) as { keys: JWK[] };
    expect(keys.map((k) => [k.use, k.alg]).sort()).toEqual([['enc', 'ECDH-ES+A256KW'], ['enc', 'ECDH-ES+A256KW'], ['sig', 'ES256'], ['sig', 'ES256']]);
    expect(keys.flatMap((k) => Object.keys(k)).filter((k) => !['kty', 'crv', 'x', 'y', 'kid', 'use', 'alg'].includes(k))).toEqual([]);
    const sealed = await (exchange.owner.query('select sealed from identity.issuer_client_key') as Promise<{ sealed: string }[]>);
    for (const { sealed: text } of sealed) expect(decodeProtectedHeader(text)).toMatchObject({ enc: 'A256GCM', use: 'identity.issuer-client-key' });
  });

  it('pushes the request, binds the browser, and answers with a token for the person, his level and his organisation', async () => {
    const begun = await begin();
    expect(begun.status).toBe(302);
    expect([...new URL(begun.location).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    expect(begun.setCookie).toMatch(/^entrepot-sign-in=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const back = await provider.follow(begun.location);
    expect(new URL(back).searchParams.get('iss')).toBe(provider.url);
    const { status, body, headers } = await callback(back, begun.cookie);
    expect([status, headers.get('cache-control'), body]).toEqual([200, 'no-store', { access_token: expect.any(String), token_type: 'Bearer', expires_in: 900 }]);
    const token = body.access_token!;
    expect([decodeProtectedHeader(token), decodeJwt(token)]).toMatchObject([{ typ: 'at+jwt', alg: 'EdDSA' }, { iss: exchange.url, aud: 'entrepot', sub: CEO.sub, acr: 'urn:loa:3' }]);
    const client = new GraphClient(exchange.url, token);
    expect(await client.ask('{ me { subject assurance } }')).toEqual({ me: { subject: `identity:${provider.url}|${CEO.sub}`, assurance: 3 } });
    expect(await client.mutate('registerOrganisation', 'Organisation', 'state assuranceLevel', COMPANY)).toMatchObject({ state: 'VERIFIED', assuranceLevel: 3 });
    const lines = await (exchange.owner.query(`select details from audit.entry where act = 'session.open' and object_id = $1`, [row]) as Promise<object[]>);
    expect(lines).toEqual([{ details: expect.objectContaining({ issuer: provider.url, acr: 'urn:loa:3', assurance: 3 }) }]);
    // For another organisation he is not this member; for none he is.
    await provider.is({ ...CEO, uen: '00192200M' });
    expect(await subject(await signIn())).toBe('UNAUTHENTICATED');
    await provider.is({ sub: CEO.sub, name: CEO.name, acr: 'urn:loa:1' });
    expect(await new GraphClient(exchange.url, await signIn()).ask('{ me { assurance roles } }')).toEqual({ me: { assurance: 1, roles: ['ORG_ADMIN'] } });
    clock.advance(901 + 5);
    expect(await subject(token)).toBe('UNAUTHENTICATED');
  });

  it('is used up by the first who comes back, also when two come at once', async () => {
    const { location, cookie } = await begin();
    const back = await provider.follow(location);
    const both = await Promise.all([outcome(back, cookie), outcome(back, cookie)]);
    expect(both.map(String).sort()).toEqual([GOOD, FAILED].map(String).sort());
    expect(await outcome(back, cookie)).toEqual(FAILED);
  });

  it('is completed by the browser that began it, and by no other', async () => {
    const [mine, foreign] = [await begin(), await begin()];
    const back = await provider.follow(mine.location);
    for (const cookie of [undefined, foreign.cookie, 'entrepot-sign-in=', 'entrepot-sign-in=x', `${mine.cookie}; ${foreign.cookie}`, mine.cookie.replace('entrepot-sign-in', '__Host-entrepot-sign-in')]) expect([cookie, await outcome(back, cookie)]).toEqual([cookie, FAILED]);
    expect(await outcome(back, mine.cookie)).toEqual(GOOD);
  });

  it('refuses an answer that was changed, and one that is an error', async () => {
    const changed = async (change: (url: URL) => void): Promise<unknown[]> => {
      const { location, cookie } = await begin();
      const url = new URL(await provider.follow(location));
      change(url);
      return outcome(url.href, cookie);
    };
    expect(await changed(() => undefined)).toEqual(GOOD);
    expect(await changed((u) => u.searchParams.set('iss', plain.url))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.delete('iss'))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.set('state', 'x'.repeat(43)))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.delete('state'))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.append('state', u.searchParams.get('state')!))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.set('code', 'another'))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.delete('code'))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.append('code', 'another'))).toEqual(FAILED);
    expect(await changed((u) => u.searchParams.set('error', 'server_error'))).toEqual(FAILED);
    await provider.is({ ...CEO, refuses: true });
    const { location, cookie } = await begin();
    const back = await provider.follow(location);
    expect(new URL(back).searchParams.get('error')).toBe('access_denied');
    expect(await outcome(back, cookie)).toEqual(FAILED);
    expect(await outcome(`${exchange.url}/v1/sign-in/callback`)).toEqual(FAILED);
    expect(await outcome(`${exchange.url}/v1/sign-in/callback?${'a=b&'.repeat(2_000)}`)).toEqual(FAILED);
  });

  it("does not take one person's code in another person's sign-in", async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const [back, other] = [new URL(await provider.follow(mine.location)), new URL(await provider.follow(theirs.location))];
    back.searchParams.set('code', other.searchParams.get('code')!);
    expect(await outcome(back.href, mine.cookie)).toEqual(FAILED);
  });

  it('lasts ten minutes, and leaves nothing behind', async () => {
    const { location, cookie } = await begin();
    const back = await provider.follow(location);
    clock.advance(601);
    expect(await outcome(back, cookie)).toEqual(FAILED);
    await exchange.drain();
    expect(await (exchange.owner.query('select 1 from identity.sign_in') as Promise<object[]>)).toEqual([]);
  });

  it('is not begun with an issuer that is none of sign-in', async () => {
    const bearer = await recognise(staff, { issuer: 'https://id.example.sg', profile: 'OIDC_BEARER', audiences: ['entrepot'], authorisedParties: ['app'] });
    for (const id of [bearer, '0191d5a0-0000-7000-8000-000000000000', 'rubbish', "x'y", '..%2f..%2fhealth']) expect([id, (await begin(id)).status]).toEqual([id, 404]);
  });

  it('keeps its secrets sealed, and goes on while the envelope key turns', async () => {
    const { location, cookie } = await begin();
    const [sealed] = await (exchange.owner.query('select sealed from identity.sign_in') as Promise<{ sealed: string }[]>);
    expect(decodeProtectedHeader(sealed!.sealed)).toMatchObject({ use: 'identity.sign-in' });
    const back = await provider.follow(location);
    const rotation = await exchange.app.get(RotateSecrets).execute();
    expect(rotation.resealed).toMatchObject({ 'identity.issuer_client_key.sealed': 4, 'identity.sign_in.sealed': 1 });
    expect(await outcome(back, cookie)).toEqual(GOOD);
  });

  it('takes a plain provider without pushed requests, and demands encryption and algorithms where its row does', async () => {
    const begun = await begin(plainRow);
    expect(new URL(begun.location).searchParams.get('code_challenge_method')).toBe('S256');
    expect(new URL(begun.location).searchParams.get('nonce')).toBeTruthy();
    expect(await subject(await signIn(plain, plainRow))).toBe(`identity:${plain.url}|${CEO.sub}`);
    clock.advance(-1_800);
    const change = (over: object): Promise<string> => {
      clock.advance(1);
      return recognise(staff, { issuer: plain.url, ...SIGN_IN, ...over });
    };
    const encrypted = await change({ profile: 'OIDC_SIGN_IN', encryptedIdToken: true });
    const { location, cookie } = await begin(encrypted);
    expect(await outcome(await plain.follow(location), cookie)).toEqual(FAILED);
    const other = await change({ profile: 'OIDC_SIGN_IN', algorithms: ['PS256'] });
    expect((await begin(other)).status).toBe(400);
    const fapi = await change({ profile: 'FAPI2_SIGN_IN' });
    expect((await begin(fapi)).status).toBe(400);
    // The row with which it began ended meanwhile.
    expect((await begin(plainRow)).status).toBe(404);
    plainRow = await change({ profile: 'OIDC_SIGN_IN' });
  });

  it('refuses when the clocks are ten minutes apart', async () => {
    clock.advance(-660);
    const early = await begin(plainRow);
    expect(await outcome(await plain.follow(early.location), early.cookie)).toEqual(FAILED);
    clock.advance(660 + 700);
    const late = await begin(plainRow);
    expect(await outcome(await plain.follow(late.location), late.cookie)).toEqual(FAILED);
  });

  it('follows a rotation of the keys, and says so when the issuer is down', async () => {
    const turned = await signingKey('turned');
    await plain.stop();
    const begun = await begin(plainRow);
    expect(begun.status).toBe(302);
    await plain.start([turned]);
    await plain.is(CEO);
    expect(await subject(await signIn(plain, plainRow))).toMatch(/^identity:/);
    const { location, cookie } = await begin(plainRow);
    const back = await plain.follow(location);
    await plain.stop();
    const { status, headers } = await callback(back, cookie);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    await plain.start([turned]);
    const unreachable = await recognise(staff, { issuer: 'http://127.0.0.1:1', profile: 'OIDC_SIGN_IN', ...SIGN_IN });
    expect((await begin(unreachable)).status).toBe(503);
  });

  it('makes tokens that are no documents, and takes no document or id token for a token', async () => {
    const token = await signIn();
    const signer = exchange.app.get(Signer);
    const claims = decodeJwt(token);
    for (const typ of ['receipt+jws', 'JWT', 'certificate']) expect([typ, await subject(await signer.sign(typ, claims))]).toEqual([typ, 'UNAUTHENTICATED']);
    expect(() => signer.sign('at+jwt', claims)).toThrow('no access token');
    expect(() => signer.sign('application/at+jwt', claims)).toThrow('no access token');
    await expect(verifySigned(await signer.publicKeys(), 'receipt+jws', token)).rejects.toThrow();
    // A key of the issuer makes no session, and its own tokens are none here.
    expect(await subject(await forge(key, claims))).toBe('UNAUTHENTICATED');
    expect(await subject(await forge(key, { iss: provider.url, aud: 'entrepot', sub: CEO.sub, client_id: 'entrepot', iat: claims.iat!, exp: claims.exp! }))).toBe('UNAUTHENTICATED');
    const [header, , signature] = token.split('.') as [string, string, string];
    const raised = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody' })).toString('base64url');
    expect(await subject(`${header}.${raised}.${signature}`)).toBe('UNAUTHENTICATED');
  });

  it('ends the sessions of an issuer with its withdrawal', async () => {
    const token = await signIn();
    expect(await subject(token)).toMatch(/^member:/);
    const { location, cookie } = await begin();
    const back = await provider.follow(location);
    await done(staff[0], 'withdrawIssuer', 'RecognisedIssuer', 'id', { id: row, reason: 'its keys were stolen' });
    expect(await subject(token)).toBe('UNAUTHENTICATED');
    expect(await outcome(back, cookie)).toEqual(FAILED);
    expect((await begin()).status).toBe(404);
  });
});
