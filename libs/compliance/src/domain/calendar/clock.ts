import { dayAt } from '../days.js';
import type { Confidence } from '../law/in-force.js';
import { addWorkingDays, CalendarError, type Calendars, workingDaysBetween } from './calendar.js';
import { addDays, type Day } from './days.js';

/** A time that the law, or a rule of the exchange, gives for something. */
export interface StatutoryClock {
  readonly days: number;
  readonly unit: 'WORKING' | 'CALENDAR';
  readonly citation: string;
  readonly confidence: Confidence;
}

/** When a time ends; `dueProblem` where a calendar that it runs through is not loaded. */
export type Due =
  | { readonly dueOn: Day; readonly dueProblem: null; readonly soonOn: Day; readonly nextOn: Day }
  | { readonly dueOn: null; readonly dueProblem: 'CALENDAR_MISSING'; readonly soonOn: null; readonly nextOn: null };

/** Reminders: so many working days before the end. */
const SOON = 5;
const NEXT = 1;

const UNKNOWN: Due = { dueOn: null, dueProblem: 'CALENDAR_MISSING', soonOn: null, nextOn: null };

/** The last day of the time that began on `from`, by this calendar. */
export function due(clock: StatutoryClock, calendars: Calendars, calendarId: string, from: Day): Due {
  return unlessMissing(() => {
    const calendar = calendars.get(calendarId);
    const dueOn = clock.unit === 'WORKING' ? addWorkingDays(calendar, from, clock.days) : addDays(from, clock.days);
    const before = (n: number): Day => {
      const day = addWorkingDays(calendar, dueOn, -n);
      // A short time is reminded of from its beginning.
      return day < from ? from : day;
    };
    return { dueOn, dueProblem: null, soonOn: before(SOON), nextOn: before(NEXT) };
  }) ?? UNKNOWN;
}

/** The calendar day of this instant at the place of the calendar; null where that is not loaded. */
export const todayIn = (calendars: Calendars, calendarId: string, now: Date): Day | null => unlessMissing(() => dayAt(now, calendars.get(calendarId).timeZone));

/** Null where a year in between is not loaded. */
export const workingDaysTaken = (calendars: Calendars, calendarId: string, from: Day, to: Day): number | null => unlessMissing(() => workingDaysBetween(calendars.get(calendarId), from, to));

function unlessMissing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof CalendarError) return null;
    throw error;
  }
}
