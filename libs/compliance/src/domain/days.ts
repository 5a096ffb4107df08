const formatters = new Map<string, Intl.DateTimeFormat>();
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const made = formatters.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(timeZone, made);
  return made;
}

/** Clocks of places differ by quarters of an hour: within one of UTC no day begins anywhere. */
const QUARTER_MS = 900_000;
const newest = new Map<string, { readonly quarter: number; readonly day: string }>();

/** The calendar day of an instant at a place, `2026-11-22`. Instants are UTC; law counts days and years where it holds. */
export function dayAt(instant: Date, timeZone: string): string {
  const quarter = Math.floor(instant.getTime() / QUARTER_MS);
  const kept = newest.get(timeZone);
  if (kept?.quarter === quarter) return kept.day;
  const day = dayOf(instant, timeZone);
  newest.set(timeZone, { quarter, day });
  return day;
}

function dayOf(instant: Date, timeZone: string): string {
  const parts = formatterOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((p) => p.type === type)!.value;
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

export function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
