import fc from 'fast-check';
import { partName } from '../part.js';
import { GIVE_UP_AFTER_MS, nextPush, objectKeyOf } from './push.js';

describe('a push', () => {
  it('is tried again ever more seldom for three days, and then no more', () => {
    const first = new Date('2026-11-23T08:00:00Z');
    const pauses: number[] = [];
    let at = first;
    for (let next = nextPush(1, first, at); next; next = nextPush(pauses.length + 1, first, at)) {
      pauses.push(next.getTime() - at.getTime());
      at = next;
    }
    expect(pauses.slice(0, 3)).toEqual([5_000, 30_000, 120_000]);
    expect(pauses.every((p, i) => i === 0 || p >= pauses[i - 1]!)).toBe(true);
    const lasted = at.getTime() - first.getTime();
    expect([lasted <= GIVE_UP_AFTER_MS, lasted > GIVE_UP_AFTER_MS - 6 * 3_600_000 - 1]).toEqual([true, true]);
  });
  it('never lies where another revision lies', () => {
    const asset = { productId: 'p', datasetId: 'd', revisionNumber: 1 };
    expect(objectKeyOf('in/', asset, 'calls.csv')).toBe('in/p/d/1/calls.csv');
    expect(objectKeyOf('in/', { ...asset, revisionNumber: 11 }, 'calls.csv')).not.toBe(objectKeyOf('in/', { ...asset, revisionNumber: 1 }, 'calls.csv'));
  });
});

describe('the name of a part', () => {
  it.each([['calls.csv', 'text/csv', 'calls.part.csv'], ['wind.arrow', 'application/vnd.apache.parquet', 'wind.part.parquet'], ['港口', 'application/x-ndjson', '港口.part.jsonl'], ['a.b.json', 'application/json', 'a.b.part.json']])('of %s as %s is %s', (name, mediaType, expected) => expect(partName(name, mediaType)).toBe(expected));
  it('is one that a delivery takes, however long the whole is called', () => fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (name) => {
    const made = partName(name, 'text/csv');
    expect([made.length <= 200, made.isWellFormed(), made.endsWith('.part.csv')]).toEqual([true, true, true]);
  })));
});
