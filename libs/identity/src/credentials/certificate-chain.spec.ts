import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { CHAIN, pem, SIGNED_BY_CHAIN } from '../../../../test/support/certificates.js';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import { certificateOf, keyOfChain } from './certificate-chain.js';
import { CredentialKeys } from './credential-keys.js';

const ISS = 'https://registry.example/companies';
const NOW = new Date('2030-01-01T00:00:00Z');
const found = (x5c: unknown, root = pem(CHAIN.root), iss = ISS, now = NOW): unknown => keyOfChain(x5c, root, iss, now)?.export({ format: 'jwk' });

describe('certificates below a pinned root', () => {
  const leafKey = new X509Certificate(pem(CHAIN.leaf)).publicKey.export({ format: 'jwk' });

  it('give the key of the issuer that they name, by address or by host', () => {
    expect(found([CHAIN.leaf, CHAIN.inter])).toEqual(leafKey);
    expect(found([CHAIN.leaf, CHAIN.inter, CHAIN.root])).toEqual(leafKey);
    expect(found([CHAIN.leaf, CHAIN.inter], pem(CHAIN.root), 'https://registry.example/other')).toEqual(leafKey);
    expect(found([CHAIN.leaf], pem(CHAIN.inter))).toEqual(leafKey);
  });
  it.each([
    ['another root of the same name', [CHAIN.leaf, CHAIN.inter], pem(CHAIN.other)], ['no link between', [CHAIN.leaf], pem(CHAIN.root)], ['the wrong order', [CHAIN.inter, CHAIN.leaf], pem(CHAIN.root)],
    ['a certificate that is no authority above another', [CHAIN.sub, CHAIN.leaf, CHAIN.inter], pem(CHAIN.root)], ['the root alone', [CHAIN.root], pem(CHAIN.root)], ['an authority as issuer', [CHAIN.inter], pem(CHAIN.root)],
    ['none', [], pem(CHAIN.root)], ['no list', CHAIN.leaf, pem(CHAIN.root)], ['too many', Array.from({ length: 6 }, () => CHAIN.leaf), pem(CHAIN.root)], ['a root that is none', [CHAIN.leaf, CHAIN.inter], 'rubbish'],
  ])('give nothing for %s', (_, x5c, root) => expect(found(x5c, root)).toBeUndefined());
  it('give nothing for another name or another time', () => {
    expect(found([CHAIN.leaf, CHAIN.inter], pem(CHAIN.root), 'https://elsewhere.example/companies')).toBeUndefined();
    for (const now of ['2020-01-01T00:00:00Z', '2200-01-01T00:00:00Z']) expect(found([CHAIN.leaf, CHAIN.inter], pem(CHAIN.root), ISS, new Date(now))).toBeUndefined();
  });
  it('never throw, whatever stands in the header', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.base64String(), fc.constantFrom(...Object.values(CHAIN))), { maxLength: 6 })), (x5c) => {
      const key = found(x5c);
      expect(key === undefined || JSON.stringify(key) === JSON.stringify(leafKey)).toBe(true);
    }));
    expect(certificateOf('rubbish')).toBeUndefined();
  });
  it('let a signature count that their key made', async () => {
    const keys = new CredentialKeys(null as never);
    const issuer = { iss: ISS, keySource: 'X5C', jwks: null, rootCertificate: pem(CHAIN.root), algorithms: ['ES256'] } as unknown as CredentialIssuer;
    expect(await keys.verify(issuer, SIGNED_BY_CHAIN, NOW)).toMatchObject({ payload: { vct: 'urn:example:company:1' } });
    const [header, , signature] = SIGNED_BY_CHAIN.split('.');
    expect(await keys.verify(issuer, `${header}.${Buffer.from('{}').toString('base64url')}.${signature}`, NOW)).toEqual({ failure: 'SIGNATURE' });
    expect(await keys.verify({ ...issuer, rootCertificate: pem(CHAIN.other) }, SIGNED_BY_CHAIN, NOW)).toEqual({ failure: 'ISSUER_KEY_UNAVAILABLE' });
    expect(await keys.verify({ ...issuer, algorithms: ['EdDSA'] }, SIGNED_BY_CHAIN, NOW)).toEqual({ failure: 'ALGORITHM' });
  });
});
