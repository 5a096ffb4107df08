/** Days are `YYYY-MM-DD` texts: they compare as texts, and no time zone moves them. */
export type Day = string;

const at = (day: Day): Date => new Date(`${day}T00:00:00Z`);
const dayOf = (instant: Date): Day => instant.toISOString().slice(0, 10);

export const yearOf = (day: Day): number => Number(day.slice(0, 4));

/** 1 for Monday to 7 for Sunday (ISO 8601). */
export const weekdayOf = (day: Day): number => at(day).getUTCDay() || 7;

export function addDays(day: Day, days: number): Day {
  const instant = at(day);
  instant.setUTCDate(instant.getUTCDate() + days);
  return dayOf(instant);
}

/** The same day some months on; the last of the month where that has no such day. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOf(new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))));
}
