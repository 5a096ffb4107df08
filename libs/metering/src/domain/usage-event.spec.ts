import fc from 'fast-check';
import { METERING_ERRORS, UsageConflictError, UsageEventError } from '../metering.errors.js';
import { digestOf, keyOf, MAX_BATCH, named, toBatch, type UsageEventInput } from './usage-event.js';

const ID = '0190a000-0000-7000-8000-000000000001';
const event = (over: Partial<UsageEventInput> = {}): UsageEventInput => ({
  source: 'urn:test', eventId: 'e1', licenceId: ID, agreementId: ID, vendorId: ID, buyerId: ID, meter: 'downloads', quantity: 1n,
  occurredAt: new Date(Date.UTC(2026, 10, 22)), subjectId: ID, receiptId: null, dimensions: {}, reportedBy: null, ...over,
});
const code = (act: () => unknown): string | undefined => {
  try {
    act();
  } catch (error) {
    return (error as UsageEventError).code;
  }
  return undefined;
};

describe('a batch of usage events', () => {
  it('counts a name once and refuses other content under it', () => {
    expect(toBatch([event(), event()].map(named))).toMatchObject({ distinct: [{ eventId: 'e1' }], repeated: 1 });
    expect(() => toBatch([event(), event({ quantity: 2n })].map(named))).toThrow(UsageConflictError);
    expect(toBatch([event(), event({ source: 'urn:other', quantity: 2n })].map(named)).distinct).toHaveLength(2);
  });

  it('refuses what cannot be counted', () => {
    for (const over of [{ quantity: 0n }, { quantity: -1n }, { eventId: '' }, { source: 'a b' }, { meter: 'furlongs' as 'bytes' }, { occurredAt: new Date(NaN) }]) {
      expect(code(() => named(event(over)))).toBe(METERING_ERRORS.EVENT_INVALID);
    }
    expect(code(() => toBatch(Array.from({ length: MAX_BATCH + 1 }, (_, i) => named(event({ eventId: `e${i}` })))))).toBe(METERING_ERRORS.BATCH_TOO_LARGE);
  });

  it('keeps every name once, in one order, whatever order and repetitions come in', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (names) => {
      const { distinct, repeated } = toBatch(names.map((n) => named(event({ eventId: `e${n}` }))));
      const keys = distinct.map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual([...keys].sort());
      expect(distinct.length + repeated).toBe(names.length);
      expect(new Set(distinct.map((e) => e.eventId))).toEqual(new Set(names.map((n) => `e${n}`)));
    }));
  });

  it('gives another digest to every other content', () => {
    const first = digestOf(event());
    for (const over of [{ quantity: 2n }, { meter: 'bytes' as const }, { receiptId: ID }, { occurredAt: new Date(0) }, { subjectId: 'x' }, { buyerId: 'x' }, { vendorId: 'x' }, { agreementId: 'x' }]) expect(digestOf(event(over))).not.toBe(first);
  });
});
