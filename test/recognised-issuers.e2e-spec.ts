import { jest } from '@jest/globals';
import { createHash, createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { calculateJwkThumbprint, type CryptoKey, decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload } from 'jose';
import * as oidc from 'openid-client';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { OidcIssuer, publicHalf, type SigningKey, signingKey } from './support/issuer.js';
import { done, join, orderOf } from './support/market.js';
import { PeopleIssuer } from './support/people-issuer.js';
import { DpopKey, forge, officers, recognise } from './support/recognition.js';

const BEARER = { profile: 'OIDC_BEARER', audiences: ['entrepot'], authorisedParties: ['newcomer', 'vendor-person'], acrLevels: [{ acr: 'loa2', level: 2 }, { acr: 'loa3', level: 3 }], organisationClaims: [{ pointer: '/org/uen', scheme: 'UEN', legalNamePointer: '/org/name' }] };
const REFUSED = 'UNAUTHENTICATED';
const NOWHERE = '0191d5a0-0000-7000-8000-000000000000';

describe('recognised issuers', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let staff: readonly [GraphClient, GraphClient];
  let issuer: OidcIssuer;
  let key: SigningKey;

  beforeAll(async () => {
    for (const level of ['warn', 'info'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);
    exchange = await startExchange({ clock });
    staff = await officers(exchange);
    issuer = await OidcIssuer.reserve();
    key = await signingKey('first');
    await issuer.start([key]);
    await recognise(staff, { issuer: issuer.url, ...BEARER });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await exchange.close();
    await issuer.stop();
  });
  beforeEach(() => clock.advance((Date.now() - clock.now().getTime()) / 1_000));

  const subject = async (token: string, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await new GraphClient(exchange.url, token).raw<{ me: { subject: string } }>('{ me { subject } }', {}, headers);
    return answer.data?.me?.subject ?? answer.errors![0]!.extensions.code;
  };
  const now = (): number => Math.floor(clock.now().getTime() / 1000);
  const claims = (over: JWTPayload = {}): JWTPayload => ({ iss: issuer.url, aud: 'entrepot', sub: 'person', client_id: 'newcomer', iat: now(), exp: now() + 600, ...over });
  const token = (over: JWTPayload = {}, header = {}): Promise<string> => forge(key, claims(over), header);
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const status = async (credential: string): Promise<number> => (await fetch(`${exchange.url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }, body: '{"query":"{ me { subject } }"}' })).status;

  describe('the rows', () => {
    const proposal = (over: object = {}): object => ({ issuer: 'https://id.example.sg', displayName: 'ID', jurisdiction: 'SG', trustFramework: 'OTHER', defaultLevel: 2, algorithms: ['ES256'], ...BEARER, ...over });

    it('are proposed by one officer and approved by another; nobody else decides', async () => {
      const trader = await exchange.client('trader');
      expect(await trader.mutate('proposeIssuer', 'RecognisedIssuer', 'id', proposal())).toMatchObject({ __typename: 'NotPermitted' });
      const { id } = await done(staff[0], 'proposeIssuer', 'RecognisedIssuer', 'id', proposal());
      expect(await staff[0].mutate('approveIssuer', 'RecognisedIssuer', 'id', { id })).toMatchObject({ code: 'identity.issuer_four_eyes' });
      expect(await trader.mutate('approveIssuer', 'RecognisedIssuer', 'id', { id })).toMatchObject({ __typename: 'NotPermitted' });
      expect((await new GraphClient(exchange.url).ask<{ recognisedIssuers: { nodes: { id: string }[] } }>('{ recognisedIssuers(state: PROPOSED) { nodes { id } } }')).recognisedIssuers.nodes).toEqual([]);
      expect((await staff[1].ask<{ recognisedIssuers: { nodes: { id: string }[] } }>('{ recognisedIssuers(state: PROPOSED) { nodes { id } } }')).recognisedIssuers.nodes).toEqual([{ id }]);
      const twice = await Promise.all([1, 2].map(() => staff[1].mutate('approveIssuer', 'RecognisedIssuer', 'state', { id })));
      expect(twice.map((r) => r.__typename).sort()).toEqual(['RecognisedIssuer', 'StateConflict']);
      await done(staff[0], 'withdrawIssuer', 'RecognisedIssuer', 'id', { id, reason: 'mistaken' });
      expect(await staff[0].mutate('withdrawIssuer', 'RecognisedIssuer', 'id', { id, reason: 'mistaken' })).toMatchObject({ code: 'issuer.not_possible' });
      expect(await staff[1].mutate('approveIssuer', 'RecognisedIssuer', 'id', { id })).toMatchObject({ code: 'issuer.not_possible' });
      expect(await staff[1].mutate('approveIssuer', 'RecognisedIssuer', 'id', { id: NOWHERE })).toMatchObject({ __typename: 'NotFound' });
    });

    it.each([
      ['issuer', { issuer: 'ftp://id.example.sg' }], ['issuer', { issuer: 'https://id.example.sg/?a=1' }], ['issuer', { issuer: 'https://a:b@id.example.sg' }], ['issuer', { issuer: 'urn:entrepot:dev-issuer' }],
      ['jurisdiction', { jurisdiction: 'XX' }], ['authorisedParties', { authorisedParties: [] }], ['audiences', { audiences: [] }], ['senderConstrained', { profile: 'FAPI2_DPOP', senderConstrained: false }],
      ['algorithms', { profile: 'FAPI2_DPOP', algorithms: ['RS256'] }], ['clientId', { clientId: 'us' }], ['clientId', { profile: 'OIDC_SIGN_IN' }], ['scopes', { profile: 'OIDC_SIGN_IN', clientId: 'us', scopes: ['profile'] }],
      ['organisationClaims.0.pointer', { organisationClaims: [{ pointer: 'org', scheme: 'UEN' }] }], ['acrLevels', { acrLevels: [{ acr: 'a', level: 1 }, { acr: 'a', level: 2 }] }], ['personClaim', { personClaim: '/a/~2' }],
      ['validTo', { validTo: '2020-01-01T00:00:00Z' }], ['encryptedIdToken', { encryptedIdToken: true }],
    ])('are refused with a wrong %s: %j', async (field, over) => {
      expect(await staff[0].mutate('proposeIssuer', 'RecognisedIssuer', 'id', proposal(over))).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: field }] });
    });

    it('are never those of the exchange itself', async () => {
      expect(await staff[0].mutate('proposeIssuer', 'RecognisedIssuer', 'id', proposal({ issuer: exchange.url }))).toMatchObject({ code: 'identity.issuer_is_ours' });
    });

    it('tell everybody what each level suffices for', async () => {
      const { recognisedIssuers } = await new GraphClient(exchange.url).ask<{ recognisedIssuers: { nodes: { issuer: string; levels: { acr: string | null; level: number; permits: string[] }[] }[] } }>('{ recognisedIssuers { nodes { issuer levels { acr level permits } } } }');
      const { levels } = recognisedIssuers.nodes.find((n) => n.issuer === issuer.url)!;
      expect(levels.map((l) => [l.acr, l.level])).toEqual([['loa2', 2], ['loa3', 3], [null, 1]]);
      expect(levels[2]!.permits).toContain('CONTRACTS_READ');
      expect(levels[2]!.permits).not.toContain('CONTRACTS_ORDER');
      expect(levels[0]!.permits).toContain('CONTRACTS_ORDER');
      expect(levels[0]!.permits).not.toContain('IDENTITY_VERIFY');
      expect(levels[1]!.permits).toContain('IDENTITY_VERIFY');
    });

    it('hold between their dates, and a change takes the place of the row before', async () => {
      const dated = await OidcIssuer.reserve();
      const own = await signingKey('dated');
      await dated.start([own]);
      const good = (over: JWTPayload = {}): Promise<string> => forge(own, claims({ iss: dated.url, ...over }));
      const at = (seconds: number): string => new Date(clock.now().getTime() + seconds * 1000).toISOString();
      await recognise(staff, { issuer: dated.url, ...BEARER, validFrom: at(3_600), validTo: at(7_200) });
      expect(await subject(await good())).toBe(REFUSED);
      clock.advance(3_601);
      const kept = await good();
      expect(await subject(kept)).toBe(`identity:${dated.url}|person`);
      // Another audience from now on: the row of before ends.
      await recognise(staff, { issuer: dated.url, ...BEARER, audiences: ['entrepot-2'] });
      expect(await subject(kept)).toBe(REFUSED);
      expect(await subject(await good({ aud: 'entrepot-2', jti: 'a' }))).toBe(`identity:${dated.url}|person`);
      const { id } = await done(staff[0], 'proposeIssuer', 'RecognisedIssuer', 'id', { displayName: 'ID', jurisdiction: 'SG', trustFramework: 'OTHER', defaultLevel: 1, algorithms: ['ES256'], issuer: dated.url, ...BEARER, validFrom: at(1_000), validTo: at(2_000) });
      await done(staff[1], 'approveIssuer', 'RecognisedIssuer', 'id', { id });
      clock.advance(1_001);
      expect(await subject(await good({ jti: 'b' }))).toBe(`identity:${dated.url}|person`);
      clock.advance(1_000);
      expect(await subject(await good({ jti: 'c' }))).toBe(REFUSED);
      await dated.stop();
      const rows = await (exchange.owner.query(`select count(*)::int as n from identity.recognised_issuer where issuer = $1 and state = 'ACTIVE'`, [dated.url]) as Promise<object[]>);
      expect(rows).toEqual([{ n: 3 }]);
      await expect(exchange.owner.query(`update identity.recognised_issuer set default_level = 4`)).rejects.toThrow('a change is a new row');
      await expect(exchange.owner.query(`delete from identity.recognised_issuer`)).rejects.toThrow('a change is a new row');
    });
  });

  describe('a plain OpenID provider (profile a)', () => {
    it("lets its people in, apart from another issuer's people of the same name", async () => {
      const real = await issuer.token('newcomer');
      expect([decodeProtectedHeader(real)['typ'], decodeJwt(real)['client_id']]).toEqual(['at+jwt', 'newcomer']);
      expect(await subject(real)).toBe(`identity:${issuer.url}|newcomer`);
      const second = await OidcIssuer.reserve();
      await second.start([await signingKey('first')]);
      const other = await second.token('newcomer');
      expect(await subject(other)).toBe(REFUSED);
      await recognise(staff, { issuer: second.url, ...BEARER });
      expect(await subject(other)).toBe(`identity:${second.url}|newcomer`);
      expect(await subject(await exchange.client('newcomer').then((c) => c.credential!))).toBe('identity:urn:entrepot:dev-issuer|newcomer');
      // The key of one issuer signs nothing for another, though both call it by one name.
      expect(await subject(await forge(key, claims({ iss: second.url })))).toBe(REFUSED);
      await second.stop();
    });

    it('is held to audience, client, time and kind', async () => {
      expect(await subject(await token())).toBe(`identity:${issuer.url}|person`);
      expect(await subject(await token({ azp: 'vendor-person' }))).toMatch(/^identity:/);
      expect(await subject(await token({}, { typ: 'JWT' }))).toMatch(/^identity:/);
      expect(await subject(await issuer.token('staff-person'))).toBe(REFUSED);
      expect(await subject(await issuer.token('newcomer', 'urn:another-service'))).toBe(REFUSED);
      for (const over of [
        { aud: 'elsewhere' }, { aud: [] }, { client_id: 'stranger' }, { client_id: undefined }, { azp: 'stranger' }, { exp: now() - 31 }, { exp: undefined }, { iat: now() + 600, exp: now() + 1200 }, { iat: now() - 1200, exp: now() - 600 },
        { nbf: now() + 600 }, { iat: undefined }, { exp: now() + 90_000 }, { iat: 'yesterday' as never }, { sub: undefined }, { sub: '' }, { sub: 'a'.repeat(256) }, { sub: 'a\u0000b' }, { sub: 5 as never },
        { nonce: 'n' }, { at_hash: 'x' }, { events: {} }, { cnf: { 'x5t#S256': 'x' } }, { cnf: 'x' }, { iss: `${issuer.url}/` }, { iss: 5 as never },
      ] as JWTPayload[]) expect([over, await subject(await token(over))]).toEqual([over, REFUSED]);
      for (const typ of ['dpop+jwt', 'logout+jwt', 'secevent+jwt', 'receipt+jws', '']) expect([typ, await subject(await token({}, { typ }))]).toEqual([typ, REFUSED]);
    });

    it('is not fooled by algorithm, kid or a key that the token brings', async () => {
      const mine = await signingKey('mine');
      const publicJwk = publicHalf(key);
      const pem = createPublicKey({ key: publicJwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      const hs = `${part({ alg: 'HS256', kid: 'first', typ: 'at+jwt' })}.${part(claims())}`;
      expect(await subject(`${hs}.${createHmac('sha256', pem).update(hs).digest('base64url')}`)).toBe(REFUSED);
      for (const alg of ['none', 'NONE', 'RS256', 'ES384']) expect(await subject(`${part({ alg, kid: 'first', typ: 'at+jwt' })}.${part(claims())}.AAAA`)).toBe(REFUSED);
      for (const kid of ['../../etc/passwd', '/dev/null', 'https://evil.example/key', "first' or '1'='1", 'first\u0000', ' first', 'a'.repeat(201), '', 'constructor', '__proto__', 'café']) expect([kid, await subject(await forge(mine, claims(), { kid }))]).toEqual([kid, REFUSED]);
      for (const kid of [5, ['first'], { toString: 'first' }, null]) expect([kid, await subject(`${part({ alg: 'ES256', kid, typ: 'at+jwt' })}.${part(claims())}.${'A'.repeat(86)}`)]).toEqual([kid, REFUSED]);
      const bait = await signingKey('bait');
      let asked = 0;
      const trap = http.createServer((_request, response) => {
        asked++;
        response.end(JSON.stringify({ keys: [bait.jwk] }));
      }).listen(0, '127.0.0.1');
      await once(trap, 'listening');
      const address = `http://127.0.0.1:${(trap.address() as { port: number }).port}/jwks`;
      const baitJwk = publicHalf(bait);
      for (const header of [{ jku: address }, { x5u: address }, { jwk: baitJwk as never }, { jku: address, jwk: baitJwk as never, kid: 'first' }]) expect(await subject(await forge(bait, claims(), header))).toBe(REFUSED);
      trap.close();
      expect(asked).toBe(0);
      for (const rubbish of ['a.b.c', `${'e30.'.repeat(2)}AA`, `${part({ alg: 'ES256' })}.W10.AA`, part({}), `${part({ alg: 'ES256' })}.${Buffer.from('null').toString('base64url')}.AA`, '.'.repeat(40), 'e30'.repeat(2000)]) expect(await subject(rubbish)).toBe(REFUSED);
    });

    it('is not read beyond a size', async () => {
      expect(await subject(await token({ padding: 'x'.repeat(5_000) }))).toMatch(/^identity:/);
      expect(await subject(await token({ padding: 'x'.repeat(7_000) }))).toBe(REFUSED);
      expect(await status('x'.repeat(20_000))).toBe(431);
      expect(await subject(await token())).toMatch(/^identity:/);
    });

    it('may turn its keys at any time, and strangers cannot make the exchange ask without end', async () => {
      const second = await signingKey('second');
      let readings = 0;
      const rotating = await OidcIssuer.reserve();
      let keys = [key];
      const server = http.createServer((request, response) => {
        response.setHeader('content-type', 'application/json');
        if (request.url === '/jwks') readings++;
        const published = keys.map(publicHalf);
        response.end(JSON.stringify(request.url === '/jwks' ? { keys: published } : { issuer: rotating.url, jwks_uri: `${rotating.url}/jwks` }));
      }).listen(Number(new URL(rotating.url).port), '127.0.0.1');
      await recognise(staff, { issuer: rotating.url, ...BEARER });
      const of = (signer: SigningKey, over: JWTPayload = {}, header = {}): Promise<string> => forge(signer, claims({ iss: rotating.url, ...over }), header);
      expect(await subject(await of(key))).toMatch(/^identity:/);
      keys = [second, key];
      expect(await subject(await of(second))).toMatch(/^identity:/);
      expect(readings).toBe(2);
      const before = readings;
      for (let i = 0; i < 20; i++) expect(await subject(await of(second, {}, { kid: `guess-${i}` }))).toBe(REFUSED);
      expect(readings - before).toBeLessThanOrEqual(4);
      // Even now a key that is new is found within five seconds.
      const third = await signingKey('third');
      keys = [third];
      let found = REFUSED;
      for (let waited = 0; waited < 60 && found === REFUSED; waited++) {
        found = await subject(await of(third, { jti: String(waited) }));
        if (found === REFUSED) await pause(100);
      }
      expect(found).toMatch(/^identity:/);
      // A key that was taken back signs nothing new.
      expect(await subject(await of(second, { jti: 'late' }))).toBe(REFUSED);
      server.closeAllConnections();
      server.close();
    });

    it('answers 503 while its issuer cannot be asked, and 401 for issuers that are not recognised', async () => {
      const down = await OidcIssuer.reserve();
      const own = await signingKey('down');
      await recognise(staff, { issuer: down.url, ...BEARER });
      const waiting = await forge(own, claims({ iss: down.url }));
      expect(await status(waiting)).toBe(503);
      expect(await status(await forge(own, claims({ iss: 'http://127.0.0.1:1' })))).toBe(200);
      expect(await subject(await forge(own, claims({ iss: 'http://127.0.0.1:1' })))).toBe(REFUSED);
      await down.start([own]);
      expect(await subject(waiting)).toBe(`identity:${down.url}|person`);
      await down.stop();
      // Its keys are known: people go on.
      expect(await subject(await forge(own, claims({ iss: down.url, jti: '2' })))).toMatch(/^identity:/);
    });

    it('is believed no more at once when it is withdrawn, and within five seconds where another process did it', async () => {
      const brief = await OidcIssuer.reserve();
      await brief.start([await signingKey('brief')]);
      const row = await recognise(staff, { issuer: brief.url, ...BEARER });
      const held = await brief.token();
      expect(await subject(held)).toMatch(/^identity:/);
      await done(staff[0], 'withdrawIssuer', 'RecognisedIssuer', 'id', { id: row, reason: 'compromised' });
      expect(await subject(held)).toBe(REFUSED);
      const again = await recognise(staff, { issuer: brief.url, ...BEARER });
      expect(await subject(held)).toBe(REFUSED);
      const fresh = await brief.token('vendor-person');
      expect(await subject(fresh)).toMatch(/^identity:/);
      await exchange.owner.query(`update identity.recognised_issuer set state = 'WITHDRAWN', withdrawn_by = proposed_by, withdrawn_at = now() where id = $1`, [again]);
      await pause(5_100);
      expect(await subject(fresh)).toBe(REFUSED);
      await brief.stop();
    });
  });

  describe('assurance and organisation', () => {
    const client = async (sub: string, over: JWTPayload = {}): Promise<GraphClient> => new GraphClient(exchange.url, await token({ sub, jti: randomUUID(), ...over }));
    const company = (value: string, legalName = 'Straits Analytics'): object => ({ legalName, jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value }] });
    const FIELDS = 'id state assuranceLevel registryNumbers { value proven }';

    it('lets a person of level 1 register and read, and not order', async () => {
      const low = await client('level-one');
      await join(staff[0], low, 'Straits Analytics', { jurisdiction: 'SG' }, 'UEN', '197401143C');
      const { me } = await low.ask<{ me: { assurance: number; acts: string[]; roles: string[] } }>('{ me { assurance acts roles } }');
      expect([me.assurance, me.roles, me.acts.includes('CONTRACTS_READ'), me.acts.includes('CONTRACTS_ORDER')]).toEqual([1, ['ORG_ADMIN'], true, false]);
      expect(await low.mutate('placeOrder', 'Agreement', 'id', orderOf(NOWHERE))).toMatchObject({ __typename: 'NotPermitted', code: 'identity.assurance_too_low', message: expect.stringContaining('level 2') });
      const high = await client('level-one', { acr: 'loa2' });
      expect(await high.mutate('placeOrder', 'Agreement', 'id', orderOf(NOWHERE))).toMatchObject({ __typename: 'NotFound' });
      expect((await high.ask<{ me: { assurance: number } }>('{ me { assurance } }')).me.assurance).toBe(2);
      expect(await low.mutate('verifyOrganisation', 'Organisation', 'id', { organisationId: NOWHERE, assuranceLevel: 2, schemes: ['UEN'], evidence: 'none' })).toMatchObject({ code: 'not_permitted' });
    });

    it("verifies at once the organisation whose number the jurisdiction's issuer asserts, and says in the log why", async () => {
      const person = await client('ceo', { acr: 'loa3', org: { uen: 's16fc0121d', name: 'STRAITS ANALYTICS' }, auth_time: now() });
      expect(await person.mutate('registerOrganisation', 'Organisation', FIELDS, company('196800306E'))).toMatchObject({ __typename: 'InvalidInput', code: 'identity.registry_number_missing' });
      const made = await person.mutate<{ id: string }>('registerOrganisation', 'Organisation', FIELDS, company('S16FC0121D'));
      expect(made).toMatchObject({ state: 'VERIFIED', assuranceLevel: 3, registryNumbers: [{ value: 'S16FC0121D', proven: true }] });
      const [line] = await (exchange.owner.query(`select details, reason from audit.entry where object_id = $1 and act = 'organisation.verify'`, [made.id]) as Promise<{ details: object; reason: string }[]>);
      expect(line).toMatchObject({ details: { issuer: issuer.url, acr: 'loa3', assuranceLevel: 3, schemes: ['UEN'] }, reason: expect.stringContaining(issuer.url) });
      // Under another name than the register's it is no proof: an officer looks.
      for (const [i, name] of [['a', 'Straits Analytics Holdings'], ['b', undefined]] as const) {
        const disguised = await client(`disguised-${i}`, { acr: 'loa3', org: { uen: '200312345A', name } });
        expect(await disguised.mutate('registerOrganisation', 'Organisation', FIELDS, company('200312345A', 'DBS Bank'))).toMatchObject({ state: 'PENDING_VERIFICATION', registryNumbers: [{ proven: false }] });
      }
      // Somebody else comes with the same number: it is proven already, so staff must look.
      const rival = await client('rival', { acr: 'loa3', org: { uen: 'S16FC0121D', name: 'Another' } });
      expect(await rival.mutate('registerOrganisation', 'Organisation', FIELDS, company('S16FC0121D', 'Another'))).toMatchObject({ state: 'PENDING_VERIFICATION', registryNumbers: [{ proven: false }] });
      expect(await (await client('ceo', { acr: 'loa2', org: { uen: 'S16FC0121D' } })).ask('{ me { organisation { legalName } } }')).toEqual({ me: { organisation: { legalName: 'Straits Analytics' } } });
      // The same person, signed in for another organisation, is not this member; nor with a number that is none.
      for (const org of [{ uen: '00192200M' }, { uen: 'rubbish' }, { uen: 5 }, { uen: {} }]) expect(await subject(await token({ sub: 'ceo', org }))).toBe(REFUSED);
      expect(await subject(await token({ sub: 'ceo' }))).toMatch(/^member:/);
    });

    it('verifies one of two who assert the same number at once, and none below level 2 or from another jurisdiction', async () => {
      const both = await Promise.all(['left', 'right'].map(async (sub) => (await client(sub, { acr: 'loa3', org: { uen: '00192200M', name: 'Straits Analytics' } })).mutate('registerOrganisation', 'Organisation', FIELDS, company('00192200M'))));
      expect(both.map((r) => r.state).sort()).toEqual(['PENDING_VERIFICATION', 'VERIFIED']);
      expect(await (await client('weak', { org: { uen: 'T01FC6132D', name: 'Straits Analytics' } })).mutate('registerOrganisation', 'Organisation', FIELDS, company('T01FC6132D'))).toMatchObject({ state: 'PENDING_VERIFICATION' });
      const second = await client('second', { acr: 'loa2', org: { uen: 'T01FC6132D', name: 'Straits Analytics' } });
      expect(await second.mutate('registerOrganisation', 'Organisation', FIELDS, company('T01FC6132D'))).toMatchObject({ state: 'VERIFIED', assuranceLevel: 2 });
      const abroad = await client('abroad', { acr: 'loa3', org: { uen: '198000009D' } });
      expect(await abroad.mutate('registerOrganisation', 'Organisation', FIELDS, { legalName: 'HK Ltd', jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '12345678' }, { scheme: 'UEN', value: '198000009D' }] })).toMatchObject({ state: 'PENDING_VERIFICATION' });
    });
  });

  describe('a FAPI 2.0 provider with DPoP (profile b)', () => {
    let fapi: PeopleIssuer;
    let fapiKey: SigningKey;
    let dpop: DpopKey;
    let bound: string;
    let configuration: oidc.Configuration;
    const graph = (): string => `${exchange.url}/graphql`;
    const call = async (credential: string, proof: string | undefined, scheme = 'DPoP', path = '/graphql'): Promise<string> => {
      const response = await fetch(exchange.url + path, { method: 'POST', headers: { authorization: `${scheme} ${credential}`, ...(proof === undefined ? {} : { dpop: proof }), 'content-type': 'application/json' }, body: '{"query":"{ me { subject assurance } }"}' });
      const answer = (await response.json()) as { data?: { me?: { subject: string } }; errors?: { extensions: { code: string } }[] };
      return answer.data?.me?.subject ?? answer.errors![0]!.extensions.code;
    };

    beforeAll(async () => {
      fapiKey = await signingKey('fapi');
      const clientKey = await signingKey('pipeline');
      const publicJwk = publicHalf(clientKey);
      const { url } = await OidcIssuer.reserve();
      const redirect = 'https://app.example.com/callback';
      fapi = new PeopleIssuer({
        url, fapi: true,
        clients: [{ client_id: 'data-app', redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [publicJwk] }, dpop_bound_access_tokens: true, id_token_signed_response_alg: 'ES256', authorization_signed_response_alg: 'ES256' }],
      });
      await fapi.start([fapiKey]);
      await fapi.is({ sub: 'representative', name: 'Tan Ah Kow', acr: 'urn:loa:2' });
      await recognise(staff, { issuer: url, profile: 'FAPI2_DPOP', audiences: ['entrepot'], authorisedParties: ['data-app'], acrLevels: [{ acr: 'urn:loa:2', level: 2 }] });
      dpop = await DpopKey.make();
      configuration = await oidc.discovery(new URL(url), 'data-app', { id_token_signed_response_alg: 'ES256' }, oidc.PrivateKeyJwt({ key: (await importJWK(clientKey.jwk, 'ES256')) as CryptoKey, kid: 'pipeline' }), { execute: [oidc.allowInsecureRequests] });
      const DPoP = oidc.getDPoPHandle(configuration, dpop);
      const verifier = oidc.randomPKCECodeVerifier();
      const location = await oidc.buildAuthorizationUrlWithPAR(configuration, { redirect_uri: redirect, scope: 'openid trade', resource: 'urn:entrepot', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }, { DPoP });
      const back = await fapi.follow(location.href);
      bound = (await oidc.authorizationCodeGrant(configuration, new URL(back), { pkceCodeVerifier: verifier }, { resource: 'urn:entrepot' }, { DPoP })).access_token;
    });
    afterAll(() => fapi.stop());

    it('lets the app in with the token that it got for its person', async () => {
      expect(decodeJwt(bound)).toMatchObject({ iss: fapi.url, client_id: 'data-app', cnf: { jkt: await calculateJwkThumbprint(dpop.publicJwk) } });
      const response = await oidc.fetchProtectedResource(configuration, bound, new URL(graph()), 'POST', '{"query":"{ me { subject assurance } }"}', new Headers({ 'content-type': 'application/json' }), { DPoP: oidc.getDPoPHandle(configuration, dpop) });
      expect(await response.json()).toEqual({ data: { me: { subject: `identity:${fapi.url}|representative`, assurance: 2 } } });
      expect(await call(bound, await dpop.proof('POST', `${graph()}?x=1#y`, bound), 'DPoP', '/graphql?operation=1')).toMatch(/^identity:/);
    });

    it('takes a proof once, also when it comes twice at once', async () => {
      const proof = await dpop.proof('POST', graph(), bound);
      const twice = await Promise.all([call(bound, proof), call(bound, proof)]);
      expect(twice.filter((r) => r === REFUSED)).toHaveLength(1);
      expect(await call(bound, proof)).toBe(REFUSED);
      clock.advance(400);
      await exchange.drain();
      expect(await (exchange.owner.query('select 1 from identity.dpop_proof') as Promise<object[]>)).toEqual([]);
    });

    it('refuses the token without a proof, as a bearer token, and with a proof that is not of this call', async () => {
      const other = await DpopKey.make();
      const good = (): Promise<string> => dpop.proof('POST', graph(), bound);
      expect(await call(bound, undefined)).toBe(REFUSED);
      expect(await call(bound, await good(), 'Bearer')).toBe(REFUSED);
      expect(await call(await issuer.token(), await dpop.proof('POST', graph(), await issuer.token()))).toBe(REFUSED);
      expect(await call(bound, `${await good()}, ${await good()}`)).toBe(REFUSED);
      const publicFapi = publicHalf(fapiKey);
      const wrong: Record<string, string> = {
        'another key': await other.proof('POST', graph(), bound), 'another method': await dpop.proof('GET', graph(), bound), 'lower case': await dpop.proof('post', graph(), bound), 'another path': await dpop.proof('POST', `${exchange.url}/graphiql`, bound),
        'another host': await dpop.proof('POST', graph().replace('127.0.0.1', 'localhost'), bound), 'another scheme': await dpop.proof('POST', graph().replace('http:', 'https:'), bound), 'no address': await dpop.proof('POST', 'graphql', bound),
        'another token': await dpop.proof('POST', graph(), 'another'), 'no token': await dpop.proof('POST', graph(), null), 'too old': await dpop.proof('POST', graph(), bound, { iat: now() - 90 }), 'too early': await dpop.proof('POST', graph(), bound, { iat: now() + 90 }),
        'clock off by ten minutes': await dpop.proof('POST', graph(), bound, { iat: now() - 600 }), 'no iat': await dpop.proof('POST', graph(), bound, { iat: undefined }), 'no jti': await dpop.proof('POST', graph(), bound, { jti: undefined }), 'long jti': await dpop.proof('POST', graph(), bound, { jti: 'x'.repeat(257) }),
        'another type': await dpop.proof('POST', graph(), bound, {}, { typ: 'JWT' }), 'the private key': await dpop.proof('POST', graph(), bound, {}, { jwk: { ...dpop.publicJwk, d: 'AAAA' } as never }), 'no key': await dpop.proof('POST', graph(), bound, {}, { jwk: undefined as never }),
        'the key of somebody else': await other.proof('POST', graph(), bound, {}, { jwk: dpop.publicJwk as never }), "the issuer's key": await other.proof('POST', graph(), bound, {}, { jwk: publicFapi as never }), 'rubbish': 'a.b.c', 'long': `${'a'.repeat(5_000)}.b.c`,
      };
      for (const [name, proof] of Object.entries(wrong)) expect([name, await call(bound, proof)]).toEqual([name, REFUSED]);
      const secret = createHash('sha256').update('x').digest();
      const hs = `${part({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: secret.toString('base64url') } })}.${part({ jti: 'x', htm: 'POST', htu: graph(), iat: now() })}`;
      expect(await call(bound, `${hs}.${createHmac('sha256', secret).update(hs).digest('base64url')}`)).toBe(REFUSED);
      expect(await call(bound, await good())).toMatch(/^identity:/);
    });

    it('demands what its profile promises', async () => {
      const at = { iss: fapi.url, client_id: 'data-app', sub: 'representative' };
      const unbound = await forge(fapiKey, claims(at));
      expect(await call(unbound, undefined, 'Bearer')).toBe(REFUSED);
      expect(await call(unbound, await dpop.proof('POST', graph(), unbound))).toBe(REFUSED);
      const cnf = { cnf: { jkt: await calculateJwkThumbprint(dpop.publicJwk) } };
      const plain = await forge(fapiKey, claims({ ...at, ...cnf }), { typ: 'JWT' });
      expect(await call(plain, await dpop.proof('POST', graph(), plain))).toBe(REFUSED);
      const typed = await forge(fapiKey, claims({ ...at, ...cnf }));
      expect(await call(typed, await dpop.proof('POST', graph(), typed))).toMatch(/^identity:/);
    });
  });
});
