/** The form of a calendar day; whether it exists, `isDay` says. */
export const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** Whether it is `YYYY-MM-DD` and exists in the calendar. */
export function isDay(text: string): boolean {
  if (!DAY_PATTERN.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}
