import fc from 'fast-check';
import { commitmentLines } from './quote.js';
import type { PricePlan } from './price-plan.js';
import { daysBetween, NO_DAYS, type Rest, restedDays, shareOf } from './rests.js';

const HOUR = 3_600_000;
const FROM = new Date('2026-03-01T09:00:00Z');
const at = (hours: number): Date => new Date(FROM.getTime() + hours * HOUR);
const MARCH = { from: FROM, until: new Date('2026-04-01T09:00:00Z') };
const rest = (from: number, until: number | null, byBuyer = false): Rest => ({ from: at(from), until: until === null ? null : at(until), byBuyer });

describe('days on which a licence rested', () => {
  it.each([
    ['none', [], 0],
    ['a day that has begun', [rest(10, 11)], 1],
    ['hours that add up', [rest(0, 12), rest(48, 60)], 1],
    ['and what goes beyond', [rest(0, 12), rest(48, 61)], 2],
    ['the same hours once, for two causes', [rest(0, 24), rest(0, 24)], 1],
    ['nothing by the buyer', [rest(0, 240, true)], 0],
    ['nothing while the buyer would have it rest anyway', [rest(0, 240), rest(120, 240, true)], 5],
    ['only what lies in the period', [rest(-100, 24), rest(30 * 24, 40 * 24)], 2],
    ['all of it, while it still rests', [rest(-100, null)], 31],
  ] as const)('are %s', (_, rests, days) => expect(restedDays(MARCH, rests, at(2_000))).toEqual({ days, of: 31 }));

  it('are those up to now', () => expect([restedDays(MARCH, [rest(0, null)], at(72)), restedDays(MARCH, [rest(0, null)], at(-5)).days]).toEqual([{ days: 3, of: 31 }, 0]));

  it('never are more than the period has, nor fewer for a longer rest, nor more for one of the buyer', () => {
    const some = fc.record({ from: fc.integer({ min: -100, max: 900 }), hours: fc.integer({ min: 0, max: 400 }), byBuyer: fc.boolean() });
    fc.assert(fc.property(fc.array(some, { maxLength: 8 }), some, (all, one) => {
      const rests = all.map((r) => rest(r.from, r.from + r.hours, r.byBuyer));
      const { days, of } = restedDays(MARCH, rests, at(2_000));
      const more = restedDays(MARCH, [...rests, rest(one.from, one.from + one.hours, one.byBuyer)], at(2_000)).days;
      expect(days).toBeLessThanOrEqual(of);
      expect(one.byBuyer ? more <= days : more >= days).toBe(true);
    }));
  });
});

describe('the share of an amount', () => {
  it('is exact, rounded once in the payer\'s favour, and all of it for all days', () => {
    expect([shareOf(20_000n, { days: 5, of: 31 }), shareOf(1n, { days: 1, of: 31 }), shareOf(20_000n, NO_DAYS), shareOf(20_000n, { days: 31, of: 31 })]).toEqual([3_226n, 1n, 0n, 20_000n]);
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 1, max: 3_660 }), fc.nat(), (minor, of, seed) => {
      const days = seed % (of + 1);
      const share = shareOf(minor, { days, of });
      // Never below the exact part, and less than a minor unit above it.
      const exact = minor * BigInt(days);
      expect(share * BigInt(of) >= exact && share * BigInt(of) < exact + BigInt(of)).toBe(true);
      expect(share <= minor).toBe(true);
      if (days < of) expect(shareOf(minor, { days: days + 1, of }) >= share).toBe(true);
    }));
  });

  it('counts a day that has begun', () => expect([daysBetween(at(0), at(24)), daysBetween(at(0), at(24.5)), daysBetween(at(5), at(0))]).toEqual([1, 2, 0]));

  it('lessens a minimum as what recurs', () => {
    const plan: PricePlan = { id: 'p', label: 'Plan', currency: 'SGD', duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Access', minor: '10000' }], minimumCommitmentMinor: '31000', trial: null };
    expect(commitmentLines(plan, []).map((l) => l.minor)).toEqual([21_000n]);
    expect(commitmentLines(plan, [], { days: 10, of: 30 }).map((l) => [l.minor, l.rested])).toEqual([[14_000n, { days: 10, of: 30 }]]);
    expect(commitmentLines(plan, [], { days: 30, of: 30 })).toEqual([]);
  });
});
