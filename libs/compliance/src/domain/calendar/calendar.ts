import type { Confidence } from '../law/in-force.js';
import { addDays, type Day, weekdayOf, yearOf } from './days.js';

export interface Holiday {
  readonly date: Day;
  readonly name: string;
  /** Given instead of a holiday that fell on another free day. */
  readonly inLieu: boolean;
}

/** What was published for one year at one place. */
export interface CalendarYear {
  readonly year: number;
  readonly source: string;
  readonly confidence: Confidence;
  readonly holidays: readonly Holiday[];
  /** Days of the weekend that are worked (调休). */
  readonly workingDays: readonly Day[];
}

/** The working days of a place: Monday to Friday without its holidays, and the days worked instead. Saturday alone is no working day, in Hong Kong neither. */
export interface Calendar {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly place: string;
  readonly timeZone: string;
  readonly note: string;
  readonly years: readonly CalendarYear[];
}

/** A calendar, or a year of it, that is not loaded: when a time ends is then not known, and nobody guesses it. */
export class CalendarError extends Error {
  readonly code = 'CALENDAR_MISSING';

  constructor(readonly calendar: string, readonly year: number | null) {
    super(year === null ? `the calendar ${calendar} is not loaded` : `the year ${year} of the calendar ${calendar} is not loaded`);
  }
}

/** Throws `CalendarError` where the day's year is not loaded. */
export function isWorkingDay(calendar: Calendar, day: Day): boolean {
  const year = calendar.years.find((y) => y.year === yearOf(day));
  if (!year) throw new CalendarError(calendar.id, yearOf(day));
  if (weekdayOf(day) > 5) return year.workingDays.includes(day);
  return !year.holidays.some((h) => h.date === day);
}

/**
 * The n-th working day after `day`, which itself does not count (PRC Civil Code Art. 201); the n-th before it where n is negative; `day` for 0.
 * Throws `CalendarError` where it would have to look into a year that is not loaded.
 */
export function addWorkingDays(calendar: Calendar, day: Day, n: number): Day {
  if (!Number.isSafeInteger(n) || Math.abs(n) > MAX_WORKING_DAYS) throw new RangeError(`working days: a whole number of at most ${MAX_WORKING_DAYS}`);
  const step = Math.sign(n);
  let at = day;
  for (let left = Math.abs(n); left > 0; ) {
    at = addDays(at, step);
    if (isWorkingDay(calendar, at)) left--;
  }
  return at;
}

/** Working days after `from` up to and including `to`; negative where `to` is earlier, so that it undoes `addWorkingDays`. */
export function workingDaysBetween(calendar: Calendar, from: Day, to: Day): number {
  if (to < from) return 0 - workingDaysFrom(calendar, to, from, false);
  return workingDaysFrom(calendar, from, to, true);
}

/** Of the days between, the later end counts going forward and the earlier one going back. */
function workingDaysFrom(calendar: Calendar, early: Day, late: Day, forward: boolean): number {
  let count = 0;
  for (let at = forward ? addDays(early, 1) : early; forward ? at <= late : at < late; at = addDays(at, 1)) if (isWorkingDay(calendar, at)) count++;
  return count;
}

/** No clock of any law is longer than a year or two. */
const MAX_WORKING_DAYS = 1_000;

/** The calendars in force, by id. */
export class Calendars {
  private readonly byId = new Map<string, Calendar>();

  constructor(calendars: readonly Calendar[] = []) {
    this.replace(calendars);
  }
  /** The law in force has changed. */
  replace(calendars: readonly Calendar[]): void {
    this.byId.clear();
    for (const calendar of calendars) this.byId.set(calendar.id, calendar);
  }
  /** Throws `CalendarError` where there is none of this id. */
  get(id: string): Calendar {
    const found = this.byId.get(id);
    if (!found) throw new CalendarError(id, null);
    return found;
  }
  get all(): readonly Calendar[] {
    return [...this.byId.values()];
  }
}
