/**
 * Calendar durations of ISO 8601, the date part alone: `P30D`, `P2W`, `P1M`, `P1Y6M`. Counted in UTC. Months and years go by the
 * calendar: where a month is too short its last day stands in, and the next step counts from the first day again (31 January,
 * 28 February, 31 March).
 */
export interface CalendarDuration {
  readonly months: number;
  readonly days: number;
}

const PATTERN = /^P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?$/;
/** Ten years: longer than any licence that was ever renewed unread. */
const MAX_DAYS = 3_660;
const DAY_MS = 86_400_000;

/** Undefined where it is none, is nothing, is longer than ten years, or mixes what the calendar counts with days. */
export function parseDuration(text: string): CalendarDuration | undefined {
  const found = PATTERN.exec(text);
  if (!found) return undefined;
  const [years, months, weeks, days] = found.slice(1).map((n) => Number(n ?? 0)) as [number, number, number, number];
  const duration = { months: years * 12 + months, days: weeks * 7 + days };
  if ((duration.months === 0) === (duration.days === 0)) return undefined;
  return duration.months * 30.5 + duration.days > MAX_DAYS ? undefined : duration;
}

/** The instant so many durations after another; counted from there at once, so that ends of months do not wear off. */
export function addDuration(from: Date, text: string, times = 1): Date {
  const duration = parseDuration(text);
  if (!duration) throw new Error(`not a duration: ${text}`);
  if (duration.days) return new Date(from.getTime() + duration.days * times * DAY_MS);
  const month = from.getUTCMonth() + duration.months * times;
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const to = new Date(from);
  to.setUTCFullYear(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDay));
  return to;
}

/** How often one goes into the other; undefined where it does not without a rest. */
export function timesIn(whole: string, part: string): number | undefined {
  const [a, b] = [parseDuration(whole), parseDuration(part)];
  if (!a || !b) return undefined;
  const times = b.days ? a.days / b.days : a.months / b.months;
  return Number.isInteger(times) && times >= 1 ? times : undefined;
}
