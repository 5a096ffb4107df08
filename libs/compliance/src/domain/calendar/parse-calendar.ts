import { isDay } from '#shared';
import { isTimeZone } from '../days.js';
import { Reader } from '../law/reader.js';
import { CONFIDENCES } from '../law/in-force.js';
import type { Calendar } from './calendar.js';
import { weekdayOf } from './days.js';

const WHOLE = { least: 2000, most: 2200 };

/** Notes every place where data is not a calendar, to the last day; answers the calendar where there is none. */
export function readCalendar(reader: Reader, data: Record<string, unknown>, path: string): Calendar | null {
  const top = reader.object(data, path, ['kind', 'id', 'version', 'title', 'place', 'timeZone', 'note', 'years']);
  reader.text(top['title'], `${path}.title`);
  reader.check(top['timeZone'], `${path}.timeZone`, isTimeZone, 'must be an IANA time zone');
  for (const key of ['place', 'note'] as const) reader.text(top[key], `${path}.${key}`);
  const years: unknown[] = [];
  reader.list(top['years'], `${path}.years`, (item, at) => years.push(readYear(reader, item, at)), 1);
  reader.unique(years, `${path}.years`);
  return reader.problems.length ? null : (data as unknown as Calendar);
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
