import { money } from '#shared';
import { needsApproval, readLimits } from './payout-limits.js';
import { OTHER_CURRENCIES, SETTLEMENT_CALENDARS } from './settlement-calendars.js';
import { calendarOf, dueDay, settlesOn } from './settlement-day.js';

describe('settlement days', () => {
  it.each([
    ['CNY', '2026-10-05', false], ['CNY', '2026-10-10', true], ['CNY', '2026-10-11', false], ['CNY', '2026-11-24', true], ['HKD', '2026-10-19', false], ['SGD', '2026-11-09', false], ['EUR', '2026-04-03', false], ['EUR', '2026-04-07', true],
    ['USD', '2026-11-26', false], ['USD', '2026-07-03', true], ['USD', '2027-07-05', false], ['KWD', '2026-11-27', true], ['KWD', '2026-11-28', false], ['CNY', '2027-01-01', true],
  ])('%s on %s: %s', (currency, day, open) => expect(settlesOn(calendarOf(currency), day)).toBe(open));

  it('is due from its cut-off on, in the place of its system', () => {
    expect(dueDay(calendarOf('CNY'), new Date('2026-11-24T06:59:00Z'))).toBeNull();
    expect(dueDay(calendarOf('CNY'), new Date('2026-11-24T07:00:00Z'))).toBe('2026-11-24');
    expect(dueDay(calendarOf('CNY'), new Date('2026-11-24T15:59:00Z'))).toBe('2026-11-24');
    expect(dueDay(calendarOf('CNY'), new Date('2026-11-24T16:00:00Z'))).toBeNull();
    // Summer and winter time.
    expect([dueDay(calendarOf('USD'), new Date('2026-07-15T17:59:00Z')), dueDay(calendarOf('USD'), new Date('2026-07-15T18:00:00Z'))]).toEqual([null, '2026-07-15']);
    expect([dueDay(calendarOf('USD'), new Date('2026-12-15T18:59:00Z')), dueDay(calendarOf('USD'), new Date('2026-12-15T19:00:00Z'))]).toEqual([null, '2026-12-15']);
  });
  it('every day of the data is a day, and no weekend is listed as a holiday', () => {
    expect(calendarOf('THB')).toBe(OTHER_CURRENCIES);
    for (const calendar of Object.values(SETTLEMENT_CALENDARS)) {
      for (const [year, days] of Object.entries(calendar.holidays)) for (const day of days) expect([day, new Date(`${year}-${day}T00:00:00Z`).toISOString().slice(0, 10), [0, 6].includes(new Date(`${year}-${day}T00:00:00Z`).getUTCDay())]).toEqual([day, `${year}-${day}`, false]);
      for (const day of calendar.workedWeekends) expect([0, 6]).toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
    }
  });
  it('limits are in major units, by currency, and garbage is refused at start', () => {
    expect([needsApproval(money(100_000_000n, 'CNY'), new Map()), needsApproval(money(100_000_001n, 'CNY'), new Map())]).toEqual([false, true]);
    expect([needsApproval(money(20_000_001n, 'JPY'), new Map()), needsApproval(money(40_000_001n, 'KWD'), new Map()), needsApproval(money(40_000_000n, 'KWD'), new Map())]).toEqual([true, true, false]);
    expect(needsApproval(money(10_001n, 'CNY'), readLimits('CNY=100,SGD=5'))).toBe(true);
    expect(() => readLimits('CNY=1,ZZZ=5')).toThrow('ZZZ=5');
  });
});
