import { randomBytes } from 'node:crypto';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { hasher, publicPart, signerOf } from '../../../../test/support/credential-issuer.js';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import { failed, PRESENTATION_FAILURES } from '../domain/credential-states.js';
import { CredentialKeys } from './credential-keys.js';
import { type Expected, SdJwtVerifier } from './sd-jwt.js';

const NOW = new Date('2026-11-23T08:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const ISS = 'https://registry.example';

describe('presentations, whatever they are', () => {
  const verifier = new SdJwtVerifier(new CredentialKeys(null as never));
  let key: JWK;
  let holder: JWK;
  let expected: Expected;
  let good: string;

  const issue = async (payload: object, disclosed: readonly string[], header: object = {}): Promise<string> => {
    const library = new SDJwtVcInstance({ hasher, hashAlg: 'sha-256', saltGenerator: (n) => randomBytes(n).toString('base64url'), signer: await signerOf(key, 'EdDSA'), signAlg: 'EdDSA' });
    return library.issue({ iss: ISS, vct: 'v', exp: SECONDS + 60, cnf: { jwk: publicPart(holder) }, ...payload } as never, { _sd: disclosed } as never, { header: header as never });
  };
  const present = async (credential: string): Promise<string> =>
    new SDJwtVcInstance({ hasher, kbSigner: await signerOf(holder, 'EdDSA'), kbSignAlg: 'EdDSA' }).present(credential, { uen: true }, { kb: { payload: { iat: SECONDS, aud: 'us', nonce: 'n'.repeat(43) } } });
  const outcome = async (compact: string): Promise<string> => {
    const verdict = await verifier.verify(compact, expected);
    return 'failure' in verdict ? verdict.failure : 'GOOD';
  };

  beforeAll(async () => {
    [key, holder] = await Promise.all([1, 2].map(async () => exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey))) as [JWK, JWK];
    const issuer = { iss: ISS, keySource: 'JWKS', jwks: { keys: [publicPart(key)] }, algorithms: ['EdDSA'], statusRequired: false } as unknown as CredentialIssuer;
    expected = { issuerOf: (iss) => (iss === ISS ? issuer : failed('ISSUER_UNTRUSTED')), nonce: 'n'.repeat(43), audience: 'us', now: NOW };
    good = await present(await issue({ uen: '197401143C', name: 'x' }, ['uen', 'name']));
  });

  it('takes a good one with what it discloses', async () => {
    expect(await verifier.verify(good, expected)).toMatchObject({ vct: 'v', claims: { uen: '197401143C' }, status: null });
    expect(good.split('~')).toHaveLength(3);
  });
  it('refuses what an issuer must not hide, and what hides the machinery', async () => {
    expect(await outcome(await present(await issue({ uen: '1', sub: 's' }, ['uen', 'sub'])))).toBe('GOOD');
    const hidden = await issue({ uen: '1' }, ['uen']);
    const [jwt, disclosure] = hidden.split('~') as [string, string];
    for (const more of [['salt', 'exp', 9_999_999_999], ['salt', '_sd', []], ['salt', '...', 'x'], ['salt', 'cnf', {}]]) {
      expect(await outcome(await present(`${jwt}~${disclosure}~${Buffer.from(JSON.stringify(more)).toString('base64url')}~`).then((p) => p.replace(`~${disclosure}`, `~${disclosure}~${Buffer.from(JSON.stringify(more)).toString('base64url')}`)))).toBe('DISCLOSURE');
    }
  });
  it('refuses a key that is not one to hold', async () => {
    for (const jwk of [null, 'x', {}, { kty: 'oct', k: 'AAAA' }, holder, { kty: 'OKP', crv: 'X25519', x: 'AAAA' }]) expect(await outcome(await present(await issue({ uen: '1', cnf: { jwk } }, ['uen'])))).toBe('HOLDER_PROOF');
  });

  const typed = [...PRESENTATION_FAILURES];
  it('answers any text with a typed refusal', async () => {
    const part = fc.oneof(fc.string(), fc.base64String(), fc.jsonValue().map((v) => Buffer.from(JSON.stringify(v)).toString('base64url')), fc.constantFrom(...good.split(/[.~]/)));
    const text = fc.oneof(fc.string(), fc.array(part, { maxLength: 9 }).chain((parts) => fc.array(fc.constantFrom('.', '~', ''), { minLength: parts.length, maxLength: parts.length }).map((seams) => parts.map((p, i) => p + seams[i]!).join(''))));
    await fc.assert(fc.asyncProperty(text, async (compact) => expect(typed).toContain(await outcome(compact))), { numRuns: 400 });
  });
  it('refuses a good one with any character of it changed', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(good.length - 1), fc.constantFrom(...'ABCxyz019-_.~ "'), async (at, character) => {
      fc.pre(good[at] !== character);
      const changed = good.slice(0, at) + character + good.slice(at + 1);
      // The last character of a base64url part carries bits that are not read: jose refuses nothing there, and nothing changes.
      const result = await outcome(changed);
      expect([...typed, 'GOOD']).toContain(result);
      if (result === 'GOOD') expect([...good.matchAll(/[.~]|$/g)].map((m) => m.index - 1)).toContain(at);
    }), { numRuns: 300 });
  });
  it('answers any header and any payload, signed or not, with a typed refusal', async () => {
    const json = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('iss', 'vct', 'exp', 'cnf', 'status', '_sd', '_sd_alg', 'typ', 'alg', 'kid', 'crit', 'x5c', 'jwk'), fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(ISS, 'v', 'EdDSA', 'none', 'HS256', 'dc+sd-jwt', ['b64']))));
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    await fc.assert(fc.asyncProperty(json, json, async (header, payload) => expect(typed).toContain(await outcome(`${encode(header)}.${encode(payload)}.AAAA~`))), { numRuns: 300 });
    await fc.assert(fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), async (status, cnf, exp) => {
      const signed = await issue({ uen: '1', status, cnf, exp }, ['uen']);
      expect(typed).toContain(await outcome(signed));
    }), { numRuns: 60 });
  });
  it('answers depth without end and a thousand disclosures', async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    const [header] = good.split('.');
    expect(typed).toContain(await outcome(`${header}.${Buffer.from(deep).toString('base64url')}.AAAA~`));
    expect(await outcome(good.replace('~', `~${'AAAA~'.repeat(1_000)}`))).toBe('MALFORMED');
  });
});
