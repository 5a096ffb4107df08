import fc from 'fast-check';
import { completes, HELD_BACK, holdPoint, stillOwed } from './coverage.js';
import { fromMultirange, holds, isWhole, lastMissing, type Span, subtract, toMultirange, union } from './spans.js';

const SIZE = 40;
const span = fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const spans = fc.array(span, { maxLength: 8 });
const bytes = (set: readonly Span[]): Set<number> => new Set(set.flatMap((s) => Array.from({ length: s.to - s.from }, (_, i) => s.from + i)));

describe('sets of bytes', () => {
  it('unite and subtract as sets do, in one form', () => {
    fc.assert(fc.property(spans, spans, span, (a, b, hole) => {
      const united = union(a, b);
      expect(bytes(united)).toEqual(bytes([...a, ...b]));
      expect(united.every((s, i) => s.from < s.to && (i === 0 || united[i - 1]!.to < s.from))).toBe(true);
      const removed = bytes([hole]);
      expect(bytes(subtract(united, hole))).toEqual(new Set([...bytes(united)].filter((n) => !removed.has(n))));
    }));
  });
  it('know what they hold and what is missing last', () => {
    fc.assert(fc.property(spans, span, (a, part) => {
      const set = union(a);
      const missing = [...bytes([part])].filter((n) => !bytes(set).has(n));
      expect(holds(set, part)).toBe(missing.length === 0);
      expect(lastMissing(set, part)).toBe(missing.length ? Math.max(...missing) : undefined);
      expect(isWhole(set, SIZE)).toBe(bytes(set).size === SIZE);
    }));
  });
  it('go to the database and back', () => {
    fc.assert(fc.property(spans, (a) => expect(fromMultirange(toMultirange(union(a)))).toEqual(union(a))));
  });
});

describe('the hold', () => {
  // Plays any run of requests: each reserves, streams up to its hold, is counted or breaks. Whatever the order, nobody holds
  // the whole file before a delivery is completed, and the request that would give it away is the one that completes it.
  it('never lets the last byte go before the delivery is counted', () => {
    const step = fc.record({ range: span.filter((s) => s.from < s.to), fate: fc.constantFrom('finish', 'break', 'linger') });
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), (steps, scale) => {
      const size = SIZE * scale * 1024 * 8;
      const grown = (s: Span): Span => ({ from: s.from * scale * 1024 * 8, to: s.to * scale * 1024 * 8 });
      let handedOut: readonly Span[] = [];
      let running: { first: number; hold: number }[] = [];
      let client: readonly Span[] = [];
      for (const { range: small, fate } of steps) {
        const range = grown(small);
        if (holds(handedOut, range)) continue;
        const hold = holdPoint(handedOut, running, range);
        expect(hold).toBeGreaterThanOrEqual(range.from);
        expect(hold).toBeLessThan(range.to);
        const own = { first: range.from, hold };
        client = union(client, [{ from: range.from, to: hold }]);
        expect(isWhole(client, size)).toBe(false);
        if (fate === 'linger') running = [...running, own];
        if (fate === 'break') handedOut = union(handedOut, [{ from: range.from, to: hold }]);
        if (fate !== 'finish') continue;
        if (completes(handedOut, running, range, size)) return;
        handedOut = union(handedOut, [range]);
        client = union(client, [range]);
        expect(isWhole(client, size)).toBe(false);
      }
    }));
  });
  it('is the last 64 KiB of a plain download, and nothing of a small file goes before it', () => {
    expect(holdPoint([], [], { from: 0, to: 1_000_000 })).toBe(1_000_000 - HELD_BACK);
    expect(holdPoint([], [], { from: 0, to: 1_000 })).toBe(0);
    expect(completes([], [], { from: 0, to: 1_000 }, 1_000)).toBe(true);
    expect(completes([], [], { from: 0, to: 999 }, 1_000)).toBe(false);
  });
  it('is before the one byte that is missing, wherever that lies', () => {
    expect(holdPoint([{ from: 0, to: 300_000 }, { from: 300_001, to: 1_000_000 }], [], { from: 0, to: 1_000_000 })).toBe(300_000);
  });
});

it('owes nothing of a part that was read to its end, wherever the client took it up again', () => {
  const owed = [{ from: 10, to: 20 }, { from: 30, to: 40 }];
  expect(stillOwed(owed, { from: 15, to: 20 })).toEqual([{ from: 30, to: 40 }]);
  expect(stillOwed(owed, { from: 0, to: 40 })).toEqual([]);
  expect(stillOwed(owed, { from: 10, to: 15 })).toEqual([{ from: 15, to: 20 }, { from: 30, to: 40 }]);
  expect(stillOwed(owed, { from: 20, to: 30 })).toEqual([{ from: 30, to: 40 }]);
});
