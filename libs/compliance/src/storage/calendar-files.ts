import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Calendars } from '../domain/calendar/calendar.js';
import { CalendarFormatError, parseCalendar } from '../domain/calendar/parse-calendar.js';

/** `libs/compliance/law/calendars` of this installation, whether it runs from the sources or from `dist`. */
function calendarFolder(): string {
  for (let at = path.dirname(fileURLToPath(import.meta.url)); at !== path.dirname(at); at = path.dirname(at)) {
    if (readdirSync(at).includes('package.json')) return path.join(at, 'libs', 'compliance', 'law', 'calendars');
  }
  throw new Error('no package.json above the calendars');
}

/** The calendars that the exchange comes with; a malformed one stops the start and names every wrong place. */
export function packagedCalendars(folder = calendarFolder()): Calendars {
  const files = readdirSync(folder).filter((f) => f.endsWith('.json')).sort();
  return new Calendars(files.map((file) => {
    const at = path.join(folder, file);
    const calendar = parseCalendar(read(at), at);
    if (`${calendar.id}.json` !== file) throw new CalendarFormatError([`$.id: the file is called ${file}`], at);
    return calendar;
  }));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CalendarFormatError([`$: ${(error as Error).message}`], file);
  }
}
