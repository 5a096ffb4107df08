import { isDay, isTimeZone } from '../days.js';
import { Reader } from '../law/reader.js';
import { CONFIDENCES } from '../law/in-force.js';
import type { Calendar } from './calendar.js';
import { weekdayOf } from './days.js';

/** A malformed calendar, with every place that is wrong. */
export class CalendarFormatError extends Error {
  constructor(readonly problems: readonly string[], file = 'calendar') {
    super(problems.map((p) => `${file}: ${p}`).join('\n'));
  }
}

const WHOLE = { least: 2000, most: 2200 };

/** A calendar from a file's data, checked to the last day; throws `CalendarFormatError` with path and reason. */
export function parseCalendar(data: unknown, file?: string): Calendar {
  const reader = new Reader();
  const top = reader.object(data, '$', ['kind', 'id', 'place', 'timeZone', 'note', 'years']);
  reader.oneOf(top['kind'], '$.kind', ['calendar']);
  reader.check(top['id'], '$.id', (id) => /^[a-z][a-z0-9-]{1,19}$/.test(id), 'must be a short word in lower case');
  reader.check(top['timeZone'], '$.timeZone', isTimeZone, 'must be an IANA time zone');
  for (const key of ['place', 'note'] as const) reader.text(top[key], `$.${key}`);
  const years: unknown[] = [];
  reader.list(top['years'], '$.years', (item, path) => years.push(readYear(reader, item, path)), 1);
  reader.unique(years, '$.years');
  if (reader.problems.length) throw new CalendarFormatError(reader.problems, file);
  const { id, place, timeZone, note, years: loaded } = data as Calendar;
  return { id, place, timeZone, note, years: loaded };
}

function readYear(reader: Reader, item: unknown, path: string): unknown {
  const { year, holidays, workingDays, ...rest } = reader.object(item, path, ['year', 'source', 'confidence', 'holidays', 'workingDays']);
  if (!Number.isInteger(year) || (year as number) < WHOLE.least || (year as number) > WHOLE.most) reader.note(`${path}.year`, `must be a year from ${WHOLE.least} to ${WHOLE.most}`);
  reader.text(rest['source'], `${path}.source`);
  reader.oneOf(rest['confidence'], `${path}.confidence`, CONFIDENCES);
  const days: string[] = [];
  const readDay = (value: unknown, at: string): string | null => {
    if (typeof value !== 'string' || !isDay(value)) return reader.note(at, 'must be a day, YYYY-MM-DD') ?? null;
    if (!value.startsWith(`${String(year)}-`)) reader.note(at, `${value} is not of ${String(year)}`);
    days.push(value);
    return value;
  };
  // A year without a single holiday is a table that somebody forgot to fill.
  reader.list(holidays, `${path}.holidays`, (holiday, at) => {
    const { date, name, inLieu } = reader.object(holiday, at, ['date', 'name', 'inLieu']);
    readDay(date, `${at}.date`);
    reader.text(name, `${at}.name`);
    reader.flag(inLieu, `${at}.inLieu`);
  }, 1);
  reader.list(workingDays, `${path}.workingDays`, (value, at) => {
    const day = readDay(value, at);
    if (day && weekdayOf(day) <= 5) reader.note(at, `${day} is no day of the weekend: it is worked anyway`);
  });
  reader.unique(days, path);
  return year;
}
