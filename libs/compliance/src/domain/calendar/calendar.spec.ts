import fc from 'fast-check';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { DocumentError, parseDocument } from '../law/document.js';
import { addWorkingDays, type Calendar, CalendarError, Calendars, isWorkingDay, workingDaysBetween } from './calendar.js';
import { due, type StatutoryClock, todayIn, workingDaysTaken } from './clock.js';
import { addDays, addMonths } from './days.js';

const calendars = new Calendars((await packagedLaw()).calendars());
const parseCalendar = (data: unknown, file = 'calendar'): Calendar => parseDocument(data, file).content as Calendar;
const [cn, hk, sg] = ['cn', 'hk', 'sg'].map((id) => calendars.get(id)) as [ReturnType<typeof calendars.get>, ReturnType<typeof calendars.get>, ReturnType<typeof calendars.get>];
const clock = (days: number, unit: StatutoryClock['unit'] = 'WORKING'): StatutoryClock => ({ days, unit, citation: 'a law', confidence: 'verified' });

describe('working days', () => {
  it.each([
    // Spring Festival 2026: 15 to 23 February, 14 and 28 February worked.
    ['cn', '2026-02-10', 10, '2026-03-02'], ['cn', '2026-02-13', 1, '2026-02-14'], ['cn', '2026-02-14', 1, '2026-02-24'], ['cn', '2026-02-27', 1, '2026-02-28'],
    // National Day 2026: 1 to 7 October, 20 September and 10 October worked; Mid-Autumn 25 to 27 September.
    ['cn', '2026-09-18', 10, '2026-10-09'], ['cn', '2026-09-18', 11, '2026-10-10'], ['cn', '2026-09-30', 10, '2026-10-20'], ['cn', '2026-09-19', 1, '2026-09-20'],
    ['cn', '2025-09-30', 10, '2025-10-21'], ['cn', '2024-02-09', 1, '2024-02-18'], ['cn', '2024-04-30', 6, '2024-05-11'],
    ['hk', '2026-04-02', 1, '2026-04-08'], ['hk', '2026-12-24', 1, '2026-12-28'], ['hk', '2026-12-31', 1, '2027-01-04'], ['hk', '2027-02-05', 1, '2027-02-10'],
    ['sg', '2026-05-29', 1, '2026-06-02'], ['sg', '2025-05-02', 1, '2025-05-05'], ['sg', '2027-02-05', 1, '2027-02-09'],
    ['cn', '2026-11-23', 0, '2026-11-23'], ['cn', '2026-10-08', -1, '2026-09-30'], ['cn', '2026-02-24', -2, '2026-02-13'],
  ])('%s: %s and %i working days are %s', (id, from, n, to) => {
    expect(addWorkingDays(calendars.get(id), from, n)).toBe(to);
    if (n !== 0) expect(workingDaysBetween(calendars.get(id), from, to)).toBe(n);
  });

  it('count a worked Sunday, no holiday on a weekday, and no Saturday in Hong Kong', () => {
    expect([isWorkingDay(cn, '2026-01-04'), isWorkingDay(cn, '2026-10-01'), isWorkingDay(cn, '2026-11-21'), isWorkingDay(cn, '2026-11-23')]).toEqual([true, false, false, true]);
    expect([isWorkingDay(hk, '2026-11-21'), isWorkingDay(hk, '2026-10-19'), isWorkingDay(sg, '2026-11-09')]).toEqual([false, false, false]);
  });

  it('are not guessed for a year that is not loaded', () => {
    expect(() => isWorkingDay(cn, '2027-01-04')).toThrow(CalendarError);
    expect(() => addWorkingDays(cn, '2026-12-31', 1)).toThrow('the year 2027 of the calendar cn is not loaded');
    expect(() => workingDaysBetween(cn, '2023-12-29', '2024-01-05')).toThrow(CalendarError);
    expect(() => calendars.get('xx')).toThrow('the calendar xx is not loaded');
    expect(addWorkingDays(cn, '2026-12-30', 1)).toBe('2026-12-31');
    expect(() => addWorkingDays(cn, '2026-01-05', 1.5)).toThrow(RangeError);
    expect(() => addWorkingDays(cn, '2026-01-05', 1_001)).toThrow(RangeError);
  });

  it('there and back again is where one was, and a working day (any day, any number)', () => {
    const day = fc.integer({ min: 120, max: 900 }).map((n) => addDays('2024-01-01', n));
    fc.assert(fc.property(fc.constantFrom(cn, hk, sg), day, fc.integer({ min: 1, max: 60 }), (calendar, from, n) => {
      const to = addWorkingDays(calendar, from, n);
      expect(isWorkingDay(calendar, to)).toBe(true);
      expect(workingDaysBetween(calendar, from, to)).toBe(n);
      expect(addWorkingDays(calendar, from, n + 1) > to).toBe(true);
      expect(workingDaysBetween(calendar, to, from)).toBe(-workingDaysBetween(calendar, from, to) + (isWorkingDay(calendar, from) ? 0 : 1));
    }));
  });
});

describe('a statutory clock', () => {
  it('ends after working days or calendar days, with reminders five and one working day before', () => {
    expect(due(clock(10), calendars, 'cn', '2026-02-10')).toEqual({ dueOn: '2026-03-02', dueProblem: null, soonOn: '2026-02-24', nextOn: '2026-02-28' });
    expect(due(clock(14, 'CALENDAR'), calendars, 'cn', '2026-02-10')).toMatchObject({ dueOn: '2026-02-24', nextOn: '2026-02-14' });
    expect(due(clock(2), calendars, 'cn', '2026-11-23')).toEqual({ dueOn: '2026-11-25', dueProblem: null, soonOn: '2026-11-23', nextOn: '2026-11-24' });
  });
  it('says that a calendar is missing, and of what day it is', () => {
    expect(due(clock(45), calendars, 'cn', '2026-11-23')).toEqual({ dueOn: null, dueProblem: 'CALENDAR_MISSING', soonOn: null, nextOn: null });
    expect(due(clock(45), calendars, 'hk', '2026-11-23').dueOn).toBe('2027-01-27');
    expect(due(clock(1), calendars, 'xx', '2026-11-23').dueProblem).toBe('CALENDAR_MISSING');
    expect(todayIn(calendars, 'cn', new Date('2026-11-22T16:00:00Z'))).toBe('2026-11-23');
    expect([todayIn(calendars, 'xx', new Date()), workingDaysTaken(calendars, 'cn', '2026-12-30', '2027-01-10'), workingDaysTaken(calendars, 'cn', '2026-11-20', '2026-11-24')]).toEqual([null, null, 2]);
  });
  it('counts months to the end of a short one', () => expect([addMonths('2026-08-31', -6), addMonths('2026-11-23', 36), addMonths('2027-12-31', 2)]).toEqual(['2026-02-28', '2029-11-23', '2028-02-29']));
});

describe('a calendar file', () => {
  const year = { year: 2026, source: 'gazette', confidence: 'verified', holidays: [{ date: '2026-01-01', name: 'New Year', inLieu: false }], workingDays: ['2026-01-04'] };
  const good = { kind: 'calendar', id: 'xx', version: '1', title: 'X', place: 'X', timeZone: 'Asia/Shanghai', note: 'n', years: [year] };
  it('is taken as it is', () => expect(parseCalendar(good).years).toEqual([year]));
  it.each([
    ['a day that does not exist', { years: [{ ...year, workingDays: ['2026-02-30'] }] }, '$.years[0].workingDays[0]: must be a day'],
    ['a day of another year', { years: [{ ...year, holidays: [{ date: '2027-01-01', name: 'x', inLieu: false }] }] }, '$.years[0].holidays[0].date: 2027-01-01 is not of 2026'],
    ['a weekday as a day worked instead', { years: [{ ...year, workingDays: ['2026-01-05'] }] }, '2026-01-05 is no day of the weekend'],
    ['a day twice', { years: [{ ...year, workingDays: ['2026-01-04', '2026-01-04'] }] }, '2026-01-04 stands there twice'],
    ['a holiday that is worked', { years: [{ ...year, holidays: [{ date: '2026-01-04', name: 'x', inLieu: false }] }] }, '2026-01-04 stands there twice'],
    ['a year twice', { years: [year, year] }, '2026 stands there twice'], ['a year without holidays', { years: [{ ...year, holidays: [] }] }, 'must have at least 1'],
    ['no year', { years: [] }, '$.years: must have at least 1'], ['a year of nonsense', { years: [{ ...year, year: '2026' }] }, '$.years[0].year'], ['another kind', { kind: 'list' }, '$.type'],
    ['an unknown mark', { years: [{ ...year, confidence: 'sure' }] }, '$.years[0].confidence'], ['an unknown zone', { timeZone: 'Mars/Base' }, '$.timeZone'], ['a key too many', { extra: 1 }, '$.extra: is not known'],
  ])('is refused for %s, with file and place', (_, over, message) => {
    expect(() => parseCalendar({ ...good, ...over }, 'law/xx.json')).toThrow(message);
    expect(() => parseCalendar({ ...good, ...over }, 'law/xx.json')).toThrow('law/xx.json is refused');
  });
  it('is refused for anything that is no calendar, without failing otherwise', () => {
    fc.assert(fc.property(fc.jsonValue(), (data) => expect(() => parseCalendar(data)).toThrow(DocumentError)));
  });
  it('comes for three places with a source and a mark each year; 2027 of the mainland is not published', () => {
    expect(calendars.all.map((c) => [c.id, c.years.map((y) => y.year)])).toEqual([['cn', [2024, 2025, 2026]], ['hk', [2024, 2025, 2026, 2027]], ['sg', [2024, 2025, 2026, 2027]]]);
  });
});
