import { addWorkingDays, CalendarError, type Calendars } from '../calendar/calendar.js';
import { addDays, addMonths, type Day } from '../calendar/days.js';
import type { Confidence } from '../law/in-force.js';

interface Renewal {
  readonly before: { readonly workingDays: number; readonly calendar: string; readonly atMostDays: number } | { readonly months: number };
  readonly citation: string;
  readonly confidence: Confidence;
}

/** By when renewal is applied for. */
export const RENEWALS: Readonly<Record<string, Renewal>> = {
  // Sixty working days are at most 120 days, with both long holidays in between.
  security_assessment: { before: { workingDays: 60, calendar: 'cn', atMostDays: 120 }, citation: 'CAC Order 16 (2024) Art. 9', confidence: 'verified' },
  certification: { before: { months: 6 }, citation: 'CAC and SAMR Order 20 (2025)', confidence: 'secondary' },
};

/** The longest time that any of them looks ahead. */
export const RENEWAL_HORIZON_DAYS = 190;

/**
 * The day from which renewal is due; null where its type knows none. Working days of a year that is not published yet cannot be counted:
 * the longest time that they can take is taken then, since to be told early does no harm.
 */
export function renewalFrom(type: string, validUntil: Day, calendars: Calendars): Day | null {
  const renewal = RENEWALS[type];
  if (!renewal) return null;
  if ('months' in renewal.before) return addMonths(validUntil, -renewal.before.months);
  const { workingDays, calendar, atMostDays } = renewal.before;
  try {
    return addWorkingDays(calendars.get(calendar), validUntil, -workingDays);
  } catch (error) {
    if (error instanceof CalendarError) return addDays(validUntil, -atMostDays);
    throw error;
  }
}
