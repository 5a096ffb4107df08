import { isOutOfSpace } from './out-of-space.js';

describe('no space', () => {
  it('is known by its code, however deep it lies', () => {
    const coded = (code: string): Error => Object.assign(new Error(code), { code });
    for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG', '53100']) {
      expect([code, isOutOfSpace(coded(code))]).toEqual([code, true]);
      expect([code, isOutOfSpace(Object.assign(new Error('query'), { driverError: coded(code) }))]).toEqual([code, true]);
      expect([code, isOutOfSpace(new Error('outer', { cause: coded(code) }))]).toEqual([code, true]);
    }
    for (const other of [coded('53200'), coded('EIO'), new Error('ENOSPC'), null, undefined, 'ENOSPC']) expect(isOutOfSpace(other)).toBe(false);
  });
});
