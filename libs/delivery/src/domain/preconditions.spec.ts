import { precondition } from './preconditions.js';

const ETAG = '"abc"';

describe('preconditions', () => {
  it.each([
    [undefined, undefined, null], ['*', undefined, null], [ETAG, undefined, null], ['"x", "abc"', undefined, null],
    ['"x"', undefined, 412], ['W/"abc"', undefined, 412], ['', undefined, 412], ['abc', undefined, 412], ['"x"', ETAG, 412],
    [undefined, ETAG, 304], [undefined, 'W/"abc"', 304], [undefined, '"x" , "abc"', 304], [undefined, ' * ', 304], [ETAG, ETAG, 304],
    [undefined, '"x"', null], [undefined, '"ab,c"', null], [undefined, 'abc', null], [undefined, '', null],
  ] as const)('If-Match %s, If-None-Match %s: %s', (match, noneMatch, outcome) => {
    expect(precondition(match, noneMatch, ETAG)).toBe(outcome);
  });
  it('are read in time that grows with their length', () => {
    const began = performance.now();
    for (const field of ['"'.repeat(16_000), 'W/'.repeat(8_000), '"a'.repeat(8_000)]) expect(precondition(undefined, field, ETAG)).toBeNull();
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
