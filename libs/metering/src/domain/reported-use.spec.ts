import type { Licence } from '#contracts';
import type { UsageClaim } from './cloud-event.js';
import { countable, EARLY_MS, LATE_MS } from './reported-use.js';

const NOW = new Date('2026-11-22T08:00:00Z');
const at = (ms: number): Date => new Date(NOW.getTime() + ms);
const licence = (over: Partial<Licence> = {}): Licence => ({ id: 'l', agreementId: 'a', vendorId: 'v', buyerId: 'b', state: 'ACTIVE', validFrom: at(-2 * LATE_MS), validUntil: at(LATE_MS), ...over }) as Licence;
const claim = (occurredAt = at(-1_000)): UsageClaim => ({ source: 's', eventId: 'e', licenceId: 'l', meter: 'calls', quantity: 1n, occurredAt, subjectId: null, dimensions: {} });
const outcome = (c: UsageClaim, l: Licence | undefined, vendorId: string | null = 'v'): string => {
  const report = countable(c, l, { vendorId, subject: 'key:1' }, NOW);
  return 'refusal' in report ? report.refusal.code : 'counts';
};

describe('a use that a vendor reports', () => {
  it('is recorded for both sides of the licence, under the name of who told of it', () => {
    expect(countable(claim(), licence(), { vendorId: 'v', subject: 'key:1' }, NOW)).toEqual({
      use: { source: 's', eventId: 'e', licenceId: 'l', meter: 'calls', quantity: 1n, occurredAt: at(-1_000), subjectId: null, dimensions: {}, agreementId: 'a', vendorId: 'v', buyerId: 'b', receiptId: null, reportedBy: 'key:1' },
    });
  });
  it('is under a licence of his own; of others he learns nothing', () => {
    expect([outcome(claim(), undefined), outcome(claim(), licence(), 'other'), outcome(claim(), licence(), null)]).toEqual(Array(3).fill('metering.licence_unknown'));
  });
  it('lies within the time in which it can be told', () => {
    expect([EARLY_MS, EARLY_MS + 1, -LATE_MS, -LATE_MS - 1].map((ms) => outcome(claim(at(ms)), licence()))).toEqual(['counts', 'metering.too_early', 'counts', 'metering.too_late']);
  });
  it('lies within the time of the licence, whose end is not in it', () => {
    const short = licence({ validFrom: at(-60_000), validUntil: at(-1_000) });
    expect([-60_001, -60_000, -1_001, -1_000].map((ms) => outcome(claim(at(ms)), { ...short, state: 'EXPIRED' }))).toEqual(['metering.outside_licence', 'counts', 'counts', 'metering.outside_licence']);
    expect(outcome(claim(), licence({ validFrom: null }))).toBe('metering.outside_licence');
  });
  it('is under a licence that is active, or was until its time was over', () => {
    expect((['PENDING', 'SUSPENDED', 'TERMINATED', 'EXPIRED'] as const).map((state) => outcome(claim(), licence({ state })))).toEqual([...Array(3).fill('metering.licence_not_active'), 'counts']);
  });
});
