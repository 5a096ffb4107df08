import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { statusBytes } from '../../../../test/support/credential-issuer.js';
import { StatusList } from './status-lists.js';

const words = { 0: 'VALID', 1: 'REVOKED', 2: 'SUSPENDED', 3: 'REVOKED' } as const;

describe('status lists', () => {
  it('reads the examples of Token Status List', () => {
    const one = StatusList.of({ bits: 1, lst: 'eNrbuRgAAhcBXQ' })!;
    expect([...Array(16).keys()].map((i) => one.at(i))).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1].map((s) => words[s as 0]));
    const two = StatusList.of({ bits: 2, lst: 'eNo76fITAAPfAgc' })!;
    expect([...Array(12).keys()].map((i) => two.at(i))).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].map((s) => words[s as 0]));
  });
  it('says nothing of what it does not reach', () => {
    const list = StatusList.of({ bits: 1, lst: 'eNrbuRgAAhcBXQ' })!;
    for (const index of [16, 1e9, -1, 0.5, Number.NaN, Infinity]) expect([index, list.at(index)]).toEqual([index, undefined]);
  });
  it('finds every status where it was put', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.nat(999), fc.integer({ min: 1, max: 3 })), { selector: ([i]) => i, maxLength: 50 }), (entries) => {
      const statuses = new Map(entries);
      const list = StatusList.of({ bits: 2, lst: deflateSync(statusBytes(1_000, statuses)).toString('base64url') })!;
      for (let i = 0; i < 1_000; i++) expect(list.at(i)).toBe(words[(statuses.get(i) ?? 0) as 0]);
    }), { numRuns: 20 });
  });
  it('is none where it is broken, or inflates without end', () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url');
    expect(bomb.length).toBeLessThan(100_000);
    for (const content of [null, {}, { bits: 1 }, { bits: 3, lst: 'eNrbuRgAAhcBXQ' }, { bits: '1', lst: 'eNrbuRgAAhcBXQ' }, { bits: 1, lst: '' }, { bits: 1, lst: randomBytes(100).toString('base64url') }, { bits: 1, lst: bomb }]) expect(StatusList.of(content)).toBeUndefined();
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (bits, lst) => expect(StatusList.of({ bits, lst })).toBeUndefined()));
  });
});
