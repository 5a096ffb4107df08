import fc from 'fast-check';
import { addDuration, parseDuration, timesIn } from './duration.js';

const at = (text: string): Date => new Date(`${text}T10:30:00.000Z`);
const day = (d: Date): string => d.toISOString().slice(0, 10);

describe('calendar durations', () => {
  it.each([['P30D', { months: 0, days: 30 }], ['P2W', { months: 0, days: 14 }], ['P1M', { months: 1, days: 0 }], ['P1Y6M', { months: 18, days: 0 }], ['P10Y', { months: 120, days: 0 }], ['P3660D', { months: 0, days: 3_660 }]])('%s is read', (text, duration) => expect(parseDuration(text)).toEqual(duration));
  it.each(['', 'P', 'P0D', 'P0M', '1M', 'P1M5D', 'PT1H', 'P1DT1H', 'P-1D', 'P1.5M', 'P11Y', 'P3661D', 'p1m', 'P1M ', 'P99999D'])('%s is none', (text) => expect(parseDuration(text)).toBeUndefined());

  it.each([
    ['2026-01-31', 'P1M', 1, '2026-02-28'], ['2028-01-31', 'P1M', 1, '2028-02-29'], ['2026-01-31', 'P1M', 2, '2026-03-31'], ['2026-01-30', 'P1M', 1, '2026-02-28'], ['2028-02-29', 'P1Y', 1, '2029-02-28'], ['2028-02-29', 'P1Y', 4, '2032-02-29'],
    ['2026-11-30', 'P3M', 1, '2027-02-28'], ['2026-12-31', 'P1M', 14, '2028-02-29'], ['2026-03-29', 'P1D', 1, '2026-03-30'], ['2026-01-01', 'P2W', 3, '2026-02-12'],
  ])('%s and %s, %i times, is %s', (from, text, times, to) => expect(addDuration(at(from), text, times)).toEqual(at(to)));

  it('periods follow each other without gap and overlap, whatever day they begin on, at the same time of the day', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), fc.constantFrom('P1D', 'P7D', 'P30D', 'P1M', 'P3M', 'P6M', 'P1Y'), (from, period) => {
      const starts = Array.from({ length: 24 }, (_, n) => addDuration(from, period, n));
      for (const [n, start] of starts.entries()) {
        if (n > 0) expect(start.getTime()).toBeGreaterThan(starts[n - 1]!.getTime());
        expect(start.toISOString().slice(10)).toBe(from.toISOString().slice(10));
        expect(day(start) <= day(addDuration(from, 'P1D', 24 * 366))).toBe(true);
      }
      expect(starts[0]).toEqual(from);
    }));
  });

  it.each([['P1Y', 'P1M', 12], ['P1Y', 'P1Y', 1], ['P2Y', 'P3M', 8], ['P90D', 'P30D', 3], ['P4W', 'P7D', 4], ['P1Y', 'P30D', undefined], ['P30D', 'P1M', undefined], ['P1M', 'P1Y', undefined], ['P1Y', 'P5M', undefined]])('%s is so many times %s', (whole, part, times) => expect(timesIn(whole, part)).toBe(times));
});
