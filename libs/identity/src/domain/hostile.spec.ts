import fc from 'fast-check';
import { allows, parseAllowed } from './ip-allow-list.js';
import { claimAt, type IssuerPolicy, readIdentity, TOKEN_ALGORITHMS } from './issuer.js';
import { parseKeySet } from './key-set.js';
import { parseRegistryNumber, REGISTRY_SCHEMES } from './registry-number.js';
import { boundKeyOf, isAccessToken, isLetIn } from './token-rules.js';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));
const trap = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '0', '-1', '', '~', '~0', '~1', '~2', '/', '\u0000', '\ud800');
const policy: IssuerPolicy = {
  id: 'row', issuer: 'https://id.example.sg', jurisdiction: 'SG', profile: 'OIDC_BEARER', audiences: ['entrepot'], algorithms: ['ES256'], authorisedParties: ['app'], senderConstrained: false,
  acrLevels: [{ acr: 'high', level: 3 }], defaultLevel: 1, organisationClaims: [{ pointer: '/org', scheme: 'UEN', legalNamePointer: '/name' }], nameClaim: '/name', personClaim: '/sub',
};
const NOW = new Date('2026-11-22T00:00:00Z');
const SECONDS = NOW.getTime() / 1000;

describe('claims', () => {
  it('are those that stand in the token, by any pointer into anything', () => {
    const keys = fc.array(fc.oneof(trap, text), { maxLength: 6 });
    fc.assert(fc.property(fc.json({ maxDepth: 5 }).map((json) => JSON.parse(json) as unknown), keys, fc.oneof(trap, text), (claims, path, raw) => {
      const pointer = path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
      const found = claimAt(claims, pointer || '/x');
      expect(typeof found === 'function').toBe(false);
      if (found !== undefined) expect(JSON.stringify(claims)).toContain(JSON.stringify(found));
      claimAt(claims, raw);
    }), { numRuns: 500 });
    fc.assert(fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), fc.jsonValue(), (path, value) => {
      const claims = JSON.parse(path.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, JSON.stringify(value))) as unknown;
      expect(claimAt(claims, path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''))).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });

  it('make a person whom the database can hold and people can read, or none', () => {
    const claim = fc.oneof(text, fc.jsonValue(), fc.constantFrom('x'.repeat(100_000), '\u202eoc ataD', 'a\u200bb', '\u200b', '\u0000', 1e308, -0, ['p'], { sub: 'p' }));
    fc.assert(fc.property(claim, claim, claim, claim, claim, (sub, name, org, acr, at) => {
      const read = readIdentity(policy, JSON.parse(JSON.stringify({ sub, name, org, acr, auth_time: at, __proto__: null })) as Record<string, unknown>);
      if (!read) return;
      expect(read.subject).toBe(sub);
      expect([read.name.length >= 1 && read.name.length <= 200, read.name.isWellFormed(), /[\p{Cc}\p{Bidi_Control}\u200b]/u.test(read.name)]).toEqual([true, true, false]);
      expect([1, 3]).toContain(read.assurance);
      expect(read.assurance === 3).toBe(acr === 'high');
      expect(Number.isNaN(read.authenticatedAt?.getTime() ?? 0)).toBe(false);
      expect(read.organisationNumbers.every((n) => /^[0-9A-Z]{9,10}$/.test(n.value))).toBe(true);
    }), { numRuns: 1_000 });
    expect(readIdentity(policy, { sub: 'p', name: '\u202eevil\u202c Tan\u200b' })?.name).toBe('evil Tan');
    expect(readIdentity(policy, { sub: '\u200b', name: '\u202e' })?.name).toBe('unnamed');
  });
});

describe('tokens', () => {
  const member = fc.oneof(fc.jsonValue(), text, fc.constantFrom<unknown>('none', 'HS256', 'ES256', 'es256', 'at+jwt', 'AT+JWT', 'dpop+jwt', 'application/at+jwt', 'application/application/at+jwt', ['ES256'], { toString: 'ES256' }));
  it('are access tokens by an algorithm of the issuer alone, whatever else their header says', () => {
    const names = fc.constantFrom('alg', 'typ', 'kid', 'jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', '__proto__', 'zip');
    fc.assert(fc.property(fc.dictionary(names, member), fc.constantFrom('OIDC_BEARER', 'FAPI2_DPOP', 'OIDC_SIGN_IN', 'FAPI2_SIGN_IN'), (header, profile) => {
      if (!isAccessToken({ ...policy, profile }, header)) return;
      expect([profile.endsWith('SIGN_IN'), header['alg']]).toEqual([false, 'ES256']);
      expect(['undefined', 'string']).toContain(typeof header['kid']);
    }), { numRuns: 1_000 });
  });

  it('are let in within their time, a clock that is ten minutes off to either side among what is not', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('iat', 'client_id', 'azp', 'nonce', 'cnf', 'events', '__proto__'), fc.oneof(member, fc.constant('app'), fc.integer({ min: SECONDS - 90_000, max: SECONDS + 900 }))), fc.integer({ min: SECONDS - 30, max: SECONDS + 90_000 }), (claims, exp) => {
      if (!isLetIn(policy, { ...claims, exp }, NOW, 30)) return;
      const { iat } = claims as { iat: number };
      expect(Number.isFinite(iat) && iat <= SECONDS + 30 && iat < exp && exp - iat <= 86_400).toBe(true);
      expect([claims['client_id'], claims['azp']].filter((p) => p !== undefined).every((p) => p === 'app')).toBe(true);
    }), { numRuns: 1_000 });
    const life = { client_id: 'app', iat: SECONDS, exp: SECONDS + 600 };
    expect([isLetIn(policy, life, new Date(NOW.getTime() - 600_000), 30), isLetIn(policy, life, NOW, 30)]).toEqual([false, true]);
  });

  it('are bound to a thumbprint, to nothing, or refused', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.record({ jkt: text }), fc.record({ jkt: fc.stringMatching(/^[\w-]{42,44}$/) })), (cnf) => {
      const bound = boundKeyOf({ cnf });
      expect(bound === undefined || /^[\w-]{43}$/.test(bound!)).toBe(true);
    }));
  });
});

describe('key sets', () => {
  it('are public, few, of known algorithms and each kid once, or refused', () => {
    const part = fc.oneof(fc.stringMatching(/^[\w-]{1,400}$/), fc.jsonValue());
    const key = fc.record({ kty: fc.constantFrom('EC', 'OKP', 'RSA', 'oct'), crv: fc.constantFrom('P-256', 'Ed25519', 'P-521', 'secp256k1'), alg: fc.constantFrom(...TOKEN_ALGORITHMS, 'none', 'HS256', 'ES256K'), kid: fc.oneof(text, fc.constantFrom('a', 'b')), use: fc.constantFrom('sig', 'enc'), x: part, y: part, n: part, e: part, d: part, k: part }, { requiredKeys: ['kty', 'kid', 'alg'] });
    const sets = fc.oneof(fc.array(fc.oneof(key, fc.jsonValue()), { maxLength: 7 }).map((keys) => JSON.stringify({ keys })), fc.json(), text, fc.integer({ min: 1, max: 20_000 }).map((n) => '['.repeat(n)));
    fc.assert(fc.property(sets, (json) => {
      const parsed = parseKeySet(json);
      if (typeof parsed === 'string') return;
      expect(parsed.length >= 1 && parsed.length <= 5 && new Set(parsed.map((k) => k.kid)).size === parsed.length).toBe(true);
      for (const k of parsed) expect([Object.keys(k).filter((name) => !['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e'].includes(name)), k.use, ['EdDSA', 'Ed25519', 'ES256', 'PS256'].includes(k.alg)]).toEqual([[], 'sig', true]);
    }), { numRuns: 1_000 });
  });
});

describe('addresses of API keys', () => {
  const odd = fc.constantFrom('fe80::1%eth0', '::ffff:192.0.2.1', '::192.0.2.1', '192.0.2.1/33', '::/129', '0/0', '192.0.2.1/', '/8', '192.0.2', '0300.0.2.1', '0xc0.0.2.1', '192.0.2.1%1', '192.0.2.1:80', '[::1]', '１９２.0.2.1', '192。0。2。1', '::ffff:192.0.2.1/95', '', 'unknown');
  it('are a range in its normal form or none, and an address that cannot be read is let in by no list', () => {
    fc.assert(fc.property(fc.oneof(odd, text, fc.ipV4Extended(), fc.ipV6()), fc.oneof(odd, text, fc.ipV4(), fc.ipV6()), (entry, from) => {
      const range = parseAllowed(entry);
      if (range !== undefined) expect(parseAllowed(range)).toBe(range);
      const through = allows(range === undefined ? ['192.0.2.1/32'] : [range], from);
      if (through) expect(from).toMatch(/^[0-9a-fA-F.:]+(%|$)/);
    }), { numRuns: 1_000 });
    for (const from of ['192.0.2.1:80', '１９２.0.2.1', '0300.0.2.1', '192.0.2', '::192.0.2.1', '0xc0.0.2.1']) expect([from, allows(['192.0.2.1/32'], from)]).toEqual([from, false]);
  });
});

describe('registry numbers with letters of elsewhere', () => {
  const USCC = '91350100M000100Y43';
  it.each([
    ['a Cyrillic М', USCC.replace('M', '\u041c')], ['a Greek Μ', USCC.replace('M', '\u039c')], ['a Cyrillic У', USCC.replace('Y', '\u0423')], ['a Cyrillic О for a zero', USCC.replace('0', '\u041e')], ['Arabic digits', '\u0669\u0661350100M000100Y43'], ['Devanagari digits', '\u096f\u0967350100M000100Y43'],
    ['a combining mark', `9\u0301${USCC.slice(1)}`], ['an enclosing mark', `9\u20dd${USCC.slice(1)}`], ['a Kelvin sign lower-cased', USCC.replace('M', '\u0131')], ['a NUL', `${USCC}\u0000`], ['half a surrogate', `${USCC}\ud800`], ['a letter O for a zero', USCC.replace('0', 'O')], ['the ideographic zero', USCC.replace('0', '\u3007')],
  ])('%s is another text', (_, value) => expect(parseRegistryNumber('USCC', value)).toBeUndefined());

  it('are the number itself with whatever is not seen in them, and full-width or mathematical letters are those letters', () => {
    for (const value of [`\u202e${USCC}\u202c`, `\u200f${USCC}`, USCC.split('').join('\u200b'), `\u2066${USCC}\u2069`, '９１３５０１００Ｍ０００１００Ｙ４３', '𝟗𝟏𝟑𝟓𝟎𝟏𝟎𝟎𝐌𝟎𝟎𝟎𝟏𝟎𝟎𝐘𝟒𝟑']) expect(parseRegistryNumber('USCC', value)?.value).toBe(USCC);
  });

  it('are in ASCII whatever was written', () => {
    const mixed = fc.array(fc.oneof(fc.constantFrom(...USCC, ...USCC), fc.constantFrom('\u0410', '\u039c', '\u041c', '\u0301', '\u200f', '\u202e', '\uff11', '\u0661', '\u212a', '\u017f', '\u00df', '\ufb01', '\u2163')), { maxLength: 40 }).map((chars) => chars.join(''));
    fc.assert(fc.property(fc.constantFrom(...REGISTRY_SCHEMES), mixed, (scheme, value) => {
      const parsed = parseRegistryNumber(scheme, value);
      if (parsed) expect(parsed.value).toMatch(/^[0-9A-Z+*]+$/);
    }), { numRuns: 1_000 });
  });
});
