import fc from 'fast-check';
import type { ApiOperation } from '#catalog';
import { callTarget, operationOf, withoutParameter } from './call-path.js';

const op = (path: string, method: ApiOperation['method'] = 'GET'): ApiOperation => ({ method, path, cost: 1, charged: 'COMPLETE' });
const OPERATIONS = [op('/v1/quotes/{symbol}'), op('/v1/quotes/all'), op('/v1/quotes/'), op('/'), op('/v1/quotes', 'POST')];
const called = (rest: string, method = 'GET'): string | undefined => {
  const target = callTarget(rest);
  return target ? operationOf(OPERATIONS, method, target)?.path : 'no path';
};

describe('the path of a call', () => {
  it.each([
    ['/v1/quotes/ABC', '/v1/quotes/{symbol}'], ['/v1/quotes/all', '/v1/quotes/all'], ['/v1/quotes/%61ll', '/v1/quotes/all'], ['/v1/quotes/', '/v1/quotes/'], ['/', '/'], ['/v1/quotes/%E4%B8%AD?x=1', '/v1/quotes/{symbol}'], ['/v1/quotes/a:b', '/v1/quotes/{symbol}'],
  ])('%s is %s', (rest, path) => expect(called(rest)).toBe(path));

  it.each(['/v1/quotes', '/v1/quotes/a/b', '/v2/quotes/a', '/V1/quotes/a', '/admin'])('%s may not be called', (rest) => expect(called(rest)).toBeUndefined());

  it.each([
    '/v1/quotes/..', '/v1/quotes/../admin', '/v1/quotes/.', '/v1/quotes/%2e%2e', '/v1/quotes/.%2E/admin', '/v1/quotes/..;x', '/v1/quotes/..%3Bx', '/v1/quotes/a%2Fb', '/v1/quotes/a%5Cb', '/v1/quotes/a\\b', '/v1/quotes/%252e%252e', '/v1/quotes/%00',
    '/v1/quotes/a%0d%0aHost:x', '//v1/quotes/a', '/v1//quotes/a', '/v1/quotes/%ff', '/v1/quotes/%zz', '/v1/quotes/%', '/v1/quotes/a b', '/v1/quotes/é', '/v1/quotes/a#b', '', 'http://evil.example/v1/quotes/a', '/v1/quotes/a?x=\n', `/v1/quotes/${'a'.repeat(8_000)}`,
  ])('%j is no path', (rest) => expect(called(rest)).toBe('no path'));

  it('is the same to whoever reads it after us: one decoding, no dot segment, no other number of segments', () => {
    const piece = fc.oneof(fc.string(), fc.string().map(encodeURIComponent), fc.constantFrom('..', '.', '%2e', '%2f', '/', '%', '%25', ';', '\\', 'a', '%c0%ae', '?', '#'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = callTarget(`/${pieces.join('')}`);
      if (!target) return;
      const url = new URL(`https://vendor.example${target.path}${target.query === null ? '' : `?${target.query}`}`);
      expect(url.host).toBe('vendor.example');
      expect(url.hash).toBe('');
      expect(url.pathname).toBe(target.path);
      expect(url.pathname.slice(1).split('/')).toHaveLength(Math.max(1, target.segments.length));
      for (const s of url.pathname.slice(1).split('/')) expect(decodeURIComponent(decodeURIComponent(s))).toBe(decodeURIComponent(s));
      // Canonical: it is its own canonical form.
      expect(callTarget(target.path)?.path).toBe(target.path);
    }), { numRuns: 2_000 });
  });

  it('fits a template with a name in braces and nothing else', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (symbol) => {
      const encoded = ((): string | null => { try { return encodeURIComponent(symbol); } catch { return null; } })();
      if (encoded === null) return;
      const found = called(`/v1/quotes/${encoded}`);
      expect(['no path', '/v1/quotes/{symbol}', '/v1/quotes/all']).toContain(found);
      if (/^[A-Za-z0-9]+$/.test(symbol) && symbol !== 'all') expect(found).toBe('/v1/quotes/{symbol}');
    }));
  });

  it('has its credential parameter from the exchange alone', () => {
    expect(withoutParameter('a=1&key=x&KEY=y&k%65y=z&key&%zz=1&b', 'key')).toBe('a=1&b');
  });
});
