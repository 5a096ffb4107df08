import { type Day, OTHER_CURRENCIES, SETTLEMENT_CALENDARS, type SettlementCalendar } from './settlement-calendars.js';

export const calendarOf = (currency: string): SettlementCalendar => SETTLEMENT_CALENDARS[currency] ?? OTHER_CURRENCIES;

/** Whether the system of the currency settles on that day of its place. */
export function settlesOn(calendar: SettlementCalendar, day: Day): boolean {
  if (calendar.workedWeekends.includes(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !(calendar.holidays[Number(day.slice(0, 4))] ?? []).includes(day.slice(5));
}

/** The day whose cycle is due at that moment: a day that settles, from its cut-off on. Null: none is. */
export function dueDay(calendar: SettlementCalendar, now: Date): Day | null {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: calendar.timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now);
  const of = (type: string): string => parts.find((p) => p.type === type)!.value;
  const day = `${of('year')}-${of('month')}-${of('day')}`;
  return settlesOn(calendar, day) && `${of('hour')}:${of('minute')}` >= calendar.cutOff ? day : null;
}
