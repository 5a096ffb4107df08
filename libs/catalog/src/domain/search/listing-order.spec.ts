import fc from 'fast-check';
import { stretchesOf } from './listing-order.js';

const holds = (stretches: readonly bigint[], seq: bigint): boolean => stretches.includes(seq >> 10n) || stretches.includes(-1n - (seq >> 15n));

describe('stretches of the order of listings', () => {
  it.each([
    [0n, 10n, [0n]], [1_022n, 1_023n, [0n]], [1_023n, 1_024n, [1n]], [0n, 40_000n, Array.from({ length: 40 }, (_, i) => BigInt(i))],
    [32_767n, 65_535n, [-2n]], [32_767n, 65_536n, [-2n, 64n]],
  ])('after %s and up to %s', (above, upTo, stretches) => expect(stretchesOf(above, upTo)).toEqual(stretches));

  it('each product of the window is in one, and none that is two short stretches away', () => {
    fc.assert(fc.property(fc.bigInt(0n, 10_000_000n), fc.bigInt(0n, 1_000_000n), fc.bigInt(-5_000n, 1_005_000n), (above, length, at) => {
      const stretches = stretchesOf(above, above + length);
      const seq = above + at;
      fc.pre(seq > 0n);
      if (stretches && seq > above && seq <= above + length) expect(holds(stretches, seq)).toBe(true);
      if (stretches && (seq <= above - 1_024n || seq > above + length + 1_024n)) expect(holds(stretches, seq)).toBe(false);
    }));
  });

  it('a window of a million is few of them, one of many millions is none', () => {
    expect(stretchesOf(123_456n, 1_123_456n)!.length).toBeLessThan(80);
    expect(stretchesOf(0n, 2n ** 62n)).toBeNull();
  });
});
