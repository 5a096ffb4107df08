import fc from 'fast-check';
import { claimAt, type IssuerPolicy, levelOf, readIdentity } from './issuer.js';
import { checkProposal, type ProposeIssuerInput } from './issuer-proposal.js';
import { parseKeySet } from './key-set.js';
import { boundKeyOf, isAccessToken, isLetIn } from './token-rules.js';

const policy: IssuerPolicy = {
  id: 'row', issuer: 'https://id.example.sg', jurisdiction: 'SG', profile: 'OIDC_BEARER', audiences: ['entrepot'], algorithms: ['ES256'], authorisedParties: ['app'], senderConstrained: false,
  acrLevels: [{ acr: 'high', level: 3 }], defaultLevel: 1, organisationClaims: [{ pointer: '/entityInfo/CPEntID', scheme: 'UEN', legalNamePointer: '/entityInfo/CPEntName' }, { pointer: '/https:~1~1gleif.org~1lei', scheme: 'LEI', legalNamePointer: null }], nameClaim: '/profile/name', personClaim: '/sub',
};
const now = new Date('2026-11-22T00:00:00Z');
const seconds = now.getTime() / 1000;

describe('claims of an issuer', () => {
  it('are found by pointer, escaped names too, and never among what is inherited', () => {
    const claims = { a: { 'b/c': [1, { '~': 2 }] } };
    expect([claimAt(claims, '/a/b~1c/1/~0'), claimAt(claims, '/a/b~1c/0'), claimAt(claims, '/a/x/y')]).toEqual([2, 1, undefined]);
    for (const pointer of ['/constructor', '/__proto__', '/a/toString', '/a/b~1c/map']) expect(claimAt(claims, pointer)).toBeUndefined();
    fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, pointer) => {
      claimAt(value, `/${pointer}`);
    }));
  });

  it('name the person, the level and the organisation', () => {
    const claims = { sub: 'p', acr: 'high', auth_time: seconds, profile: { name: 'Tan' }, entityInfo: { CPEntID: 's16fc0121d', CPEntName: 'Straits' }, 'https://gleif.org/lei': '506700GE1G29325QX363' };
    expect(readIdentity(policy, claims)).toEqual({
      issuer: policy.issuer, subject: 'p', name: 'Tan', issuerId: 'row', jurisdiction: 'SG', acr: 'high', assurance: 3, authenticatedAt: now,
      organisationNumbers: [{ scheme: 'UEN', value: 'S16FC0121D', legalName: 'Straits' }, { scheme: 'LEI', value: '506700GE1G29325QX363', legalName: null }],
    });
    expect(readIdentity(policy, { sub: 'p', profile: { name: ' ' } })).toMatchObject({ name: 'p', acr: null, assurance: 1, organisationNumbers: [], authenticatedAt: null });
    expect(levelOf(policy, 'unknown')).toBe(1);
  });

  it('that cannot be read are no claims', () => {
    for (const CPEntID of ['rubbish', 5, {}, [], '', 'x'.repeat(50), false]) expect(readIdentity(policy, { sub: 'p', entityInfo: { CPEntID } })).toBeNull();
    for (const sub of [undefined, '', 5, 'x'.repeat(256), 'a\u0000', '\ud800']) expect(readIdentity(policy, { sub })).toBeNull();
    expect(readIdentity(policy, { sub: 'p', profile: { name: 'a\u0000\ud800' } })!.name.isWellFormed()).toBe(true);
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (claims, sub) => {
      const read = readIdentity(policy, { ...claims, sub });
      if (read) expect([read.subject, read.name.length > 0 && read.name.length <= 200]).toEqual([sub, true]);
    }));
  });
});

describe('access tokens', () => {
  const header = { alg: 'ES256', typ: 'at+jwt', kid: 'k' };
  it.each([
    [header, true], [{ ...header, typ: 'application/AT+JWT' }, true], [{ ...header, typ: 'JWT' }, true], [{ alg: 'ES256' }, true], [{ ...header, alg: 'HS256' }, false], [{ ...header, alg: 'none' }, false], [{ ...header, alg: ['ES256'] }, false],
    [{ ...header, typ: 'dpop+jwt' }, false], [{ ...header, typ: 5 }, false], [{ ...header, kid: '' }, false], [{ ...header, kid: 'a b' }, false], [{ ...header, kid: {} }, false], [null, false],
  ])('with the header %j: %s', (given, expected) => expect(isAccessToken(policy, given)).toBe(expected));
  it('of FAPI say what they are; those of a sign-in are none', () => {
    for (const typ of ['JWT', undefined]) expect(isAccessToken({ ...policy, profile: 'FAPI2_DPOP' }, { ...header, typ })).toBe(false);
    expect(isAccessToken({ ...policy, profile: 'FAPI2_DPOP' }, header)).toBe(true);
    for (const profile of ['OIDC_SIGN_IN', 'FAPI2_SIGN_IN'] as const) expect(isAccessToken({ ...policy, profile }, header)).toBe(false);
  });
  it('are let in for authorised parties, in their time, and never as id tokens', () => {
    const claims = { iat: seconds, exp: seconds + 600, client_id: 'app' };
    const given = (over: object, of = policy): boolean => isLetIn(of, { ...claims, ...over }, now, 30);
    expect([given({}), given({ client_id: undefined, azp: 'app' }), given({ azp: 'app' }), given({ iat: seconds + 29 })]).toEqual([true, true, true, true]);
    for (const over of [{ client_id: 'other' }, { azp: 'other' }, { client_id: undefined }, { client_id: ['app'] }, { iat: seconds + 31 }, { iat: undefined }, { iat: 'x' }, { exp: seconds }, { exp: seconds + 90_000 }, { nonce: '' }, { at_hash: 'x' }]) expect([over, given(over)]).toEqual([over, false]);
    const any = { ...policy, authorisedParties: null };
    expect([given({ client_id: undefined, iat: undefined }, any), given({ nonce: 'x' }, any), given({}, { ...policy, authorisedParties: [] })]).toEqual([true, false, false]);
  });
  it('are bound by thumbprint or not at all', () => {
    const jkt = 'a'.repeat(43);
    expect([boundKeyOf({}), boundKeyOf({ cnf: { jkt } })]).toEqual([null, jkt]);
    for (const cnf of [null, 'x', {}, { jkt: 'short' }, { 'x5t#S256': jkt }, { jkt, 'x5t#S256': jkt }, { jkt: 5 }]) expect(boundKeyOf({ cnf })).toBeUndefined();
  });
});

describe('key sets and proposals', () => {
  it('hold whatever is thrown at them', () => {
    fc.assert(fc.property(fc.json(), (text) => void parseKeySet(text)));
    fc.assert(fc.property(fc.string(), (text) => expect(typeof parseKeySet(text)).toBe('string')));
    fc.assert(fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (issuer) => {
      const refused = checkProposal({ ...base, issuer }, false) !== undefined;
      if (/[?#]/.test(issuer) || issuer.startsWith('http:')) expect(refused).toBe(true);
    }));
  });
  it('refuse an issuer without TLS where that is not development', () => {
    expect([checkProposal(base, false), checkProposal({ ...base, issuer: 'http://127.0.0.1:4000' }, true)]).toEqual([undefined, undefined]);
    for (const issuer of ['http://id.example.sg', 'https://id.example.sg/ä', 'https://u@id.example.sg', 'id.example.sg', 'javascript:alert(1)', `https://${'a'.repeat(300)}.sg`]) expect(checkProposal({ ...base, issuer }, false)).toMatchObject({ fields: [{ path: 'issuer' }] });
  });
});

const base: ProposeIssuerInput = {
  ...policy, issuer: 'https://id.example.sg', jurisdiction: 'SG', authorisedParties: ['app'], displayName: 'ID', trustFramework: 'OTHER', clientId: null, scopes: [], encryptedIdToken: false, validFrom: null, validTo: null,
};
