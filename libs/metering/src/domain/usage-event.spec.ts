import fc from 'fast-check';
import { METERING_ERRORS, UsageConflictError, UsageEventError } from '../metering.errors.js';
import { digestOf, MAX_BATCH, nameOf, named, toBatch, type UsageEventInput } from './usage-event.js';

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
    expect(toBatch([event(), event()].map(named))).toMatchObject([{ event: { eventId: 'e1' } }]);
    expect(() => toBatch([event(), event({ quantity: 2n })].map(named))).toThrow(UsageConflictError);
    expect(toBatch([event(), event({ source: 'urn:other', quantity: 2n })].map(named))).toHaveLength(2);
  });

  it('refuses what cannot be counted', () => {
    for (const over of [{ quantity: 0n }, { quantity: -1n }, { eventId: '' }, { source: 'a b' }, { meter: 'furlongs' as 'bytes' }, { occurredAt: new Date(NaN) }]) {
      expect(code(() => named(event(over)))).toBe(METERING_ERRORS.EVENT_INVALID);
    }
    expect(code(() => toBatch(Array.from({ length: MAX_BATCH + 1 }, (_, i) => named(event({ eventId: `e${i}` })))))).toBe(METERING_ERRORS.BATCH_TOO_LARGE);
  });

  it('keeps every name once, in one order, whatever order and repetitions come in', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (names) => {
      const batch = toBatch(names.map((n) => named(event({ eventId: `e${n}` }))));
      const kept = batch.map((u) => u.name);
      expect(new Set(kept).size).toBe(kept.length);
      expect(kept).toEqual([...kept].sort());
      expect(new Set(batch.map((u) => u.event.eventId))).toEqual(new Set(names.map((n) => `e${n}`)));
    }));
  });

  it('has one name for vendor, source and id, a UUID of version 8, whatever else it says', () => {
    const name = nameOf(event());
    expect(name).toBe('223cd121-a581-8ccb-9118-525dcbd9a0e6');
    expect(nameOf(event({ licenceId: 'x', quantity: 7n }))).toBe(name);
    for (const over of [{ vendorId: '0190a000-0000-7000-8000-000000000002' }, { source: 'urn:tes', eventId: 'te1' }, { eventId: 'e2' }]) expect(nameOf(event(over))).not.toBe(name);
    fc.assert(fc.property(fc.string(), (eventId) => expect(nameOf(event({ eventId }))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)));
  });

  it('gives another digest to every other content', () => {
    const first = digestOf(event());
    for (const over of [{ quantity: 2n }, { meter: 'bytes' as const }, { receiptId: ID }, { occurredAt: new Date(0) }, { subjectId: 'x' }, { buyerId: 'x' }, { vendorId: 'x' }, { agreementId: 'x' }]) expect(digestOf(event(over))).not.toBe(first);
  });
});
