import type { CellType } from './target.js';

interface Form {
  /** The value as the exchange keeps it; null where it is none. */
  readonly read: (text: string) => string | null;
  readonly expected: string;
}

const DECIMAL = /^-?(0|[1-9]\d{0,17})(\.\d{1,17})?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;
const TEXT = 200;

/** A day that does not exist would become another one. */
const isDay = (text: string): boolean => DATE.test(text) && text >= '0001' && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

/** How values of each type are written in a condition. */
export const CELL_VALUES: Readonly<Record<CellType, Form>> = {
  string: { read: (text) => (text.length <= TEXT && text.isWellFormed() && !text.includes('\0') && text.normalize('NFC') === text ? text : null), expected: `a text of at most ${TEXT} characters in Unicode form NFC` },
  decimal: { read: (text) => (DECIMAL.test(text) ? plain(text) : null), expected: 'a number such as -12.5, of at most 18 digits before the point and 17 after it' },
  boolean: { read: (text) => (text === 'true' || text === 'false' ? text : null), expected: 'true or false' },
  date: { read: (text) => (isDay(text) ? text : null), expected: 'a day such as 2026-01-31' },
  dateTime: { read: (text) => (INSTANT.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null), expected: 'an instant in UTC such as 2026-01-31T00:00:00Z' },
};

/** Without what changes nothing, so that the same number is the same condition. */
function plain(text: string): string {
  const short = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return short === '-0' ? '0' : short;
}
