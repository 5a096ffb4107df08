import fc from 'fast-check';
import { callsDigest, type Credential, credentialHeader, credentialProblem, secretsOf } from './api-call.js';
import { SecretScan } from './secret-scan.js';

const credential = (over: Partial<Credential> = {}): Credential => ({ placement: 'HEADER', name: 'X-Api-Key', value: 'k3y-of-the-vendor', ...over });

describe('the credential of an API', () => {
  it('stands where the vendor’s system looks for it', () => {
    expect(credentialHeader(credential())).toEqual({ 'x-api-key': 'k3y-of-the-vendor' });
    expect(credentialHeader(credential({ placement: 'BEARER', name: null }))).toEqual({ authorization: 'Bearer k3y-of-the-vendor' });
    expect(credentialHeader(credential({ placement: 'BASIC', name: null, value: 'me:password1' }))).toEqual({ authorization: `Basic ${Buffer.from('me:password1').toString('base64')}` });
    expect(credentialHeader(credential({ placement: 'QUERY', name: 'key' }))).toEqual({});
    expect(secretsOf(credential({ placement: 'BASIC', name: null, value: 'me:password1' }))).toEqual(['me:password1', 'me%3Apassword1', Buffer.from('me:password1').toString('base64'), 'password1']);
  });

  it.each<[Partial<Credential>, string]>([
    [{ name: null }, 'name'], [{ placement: 'BEARER' }, 'name'], [{ name: 'Host' }, 'name'], [{ name: 'a b' }, 'name'], [{ name: 'x\r\ny' }, 'name'], [{ placement: 'QUERY', name: 'a&b' }, 'name'], [{ value: 'short' }, 'value'], [{ value: 'with space' }, 'value'],
    [{ value: 'line\r\nbreak-here' }, 'value'], [{ placement: 'BASIC', name: null }, 'value'],
  ])('%j is none, for its %s', (over, path) => expect(credentialProblem(credential(over))?.path).toBe(path));

  it('is sound else', () => expect(credentialProblem(credential())).toBeNull());

  it('is found in an answer however that is cut into chunks', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (before, after, sizes) => {
      const secret = 'k3y-of-the-vendor';
      const run = (text: string): boolean => {
        const scan = new SecretScan(['never-there', secret]);
        const bytes = Buffer.from(text);
        let found = false;
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length]!;
          found = scan.finds(bytes.subarray(at, at + size)) || found;
          at += size;
        }
        return found;
      };
      expect(run(before + secret + after)).toBe(true);
      expect(run(before + after)).toBe((before + after).includes(secret));
    }));
  });

  it('leaves a digest of calls that knows no order', () => {
    expect(callsDigest(['b', 'a'])).toBe(callsDigest(['a', 'b']));
    expect(callsDigest(['a'])).not.toBe(callsDigest(['a', 'b']));
  });
});
