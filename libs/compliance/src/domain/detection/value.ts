import type { Value } from './detector.js';

export const MAX_COLUMNS = 2_000;
export const MAX_VALUES = 10_000;
export const MAX_VALUE_LENGTH = 128;
const MAX_HEADER_LENGTH = 100;
const MAX_TOKENS = 24;
/** Shorter values are one token. */
const TEXT_LENGTH = 20;
const NULL_WORDS = new Set(['', 'null', 'nil', 'none', 'n/a', 'na', 'nan', '-', '--', '\\n', 'undefined', 'unknown', '无', '空', '未知', '不详', '暂无']);

/** A cell as the detectors see it; null where nothing stands in it. */
export function toValue(cell: string): Value | null {
  const text = cell.slice(0, MAX_VALUE_LENGTH).normalize('NFKC').slice(0, MAX_VALUE_LENGTH).trim();
  return NULL_WORDS.has(text.toLowerCase()) ? null : { text, bare: bareOf(text) };
}
const bareOf = (text: string): string => text.replace(/[\s\-.()·]/g, '').toUpperCase();

/** The words of a longer text, each a value of its own. */
export function tokensOf({ text }: Value): Value[] {
  if (text.length <= TEXT_LENGTH && !/[\s,;:：，；、]/.test(text)) return [];
  return text.split(/[^0-9A-Za-z@._+-]+/).filter((t) => t.length >= 8).slice(0, MAX_TOKENS).map((t) => ({ text: t, bare: bareOf(t) }));
}

/** Words of a column's name, lower case, parted by one space: `userName`, `user_name` and `USER NAME 2` all hold `user name`. */
export const headerWords = (header: string): string =>
  header.slice(0, MAX_HEADER_LENGTH).normalize('NFKC').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim().replace(/(\p{L})(\d{1,3})$/u, '$1 $2');

const HAN = /\p{Script=Han}/u;
/** Whether a name holds a term: Chinese terms anywhere, others as whole words, also where the name runs them together. */
export function holds(words: string, term: string): boolean {
  if (HAN.test(term)) return words.replaceAll(' ', '').includes(term);
  return ` ${words} `.includes(` ${term} `) || words.replaceAll(' ', '') === term.replaceAll(' ', '');
}

/** First and last character only; of short values less. What is kept of a value is never the value. */
export function mask(text: string): string {
  const characters = [...text];
  const stars = '*'.repeat(Math.min(Math.max(characters.length - (characters.length > 3 ? 2 : 1), 1), 16));
  if (characters.length <= 1) return '*';
  return characters.length <= 3 ? `${characters[0]!}${stars}` : `${characters[0]!}${stars}${characters.at(-1)!}`;
}

/** `YYYY-MM-DD` of a date in one of the usual forms, or null. */
export function dayOf(text: string): string | null {
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ]\d{1,2}:\d{2}.{0,20})?$/.exec(text);
  if (!parts) return null;
  const [, year, month, day] = parts as unknown as [string, string, string, string];
  return isDate(Number(year), Number(month), Number(day)) ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : null;
}

export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** Whole years from a day to another; negative for a day that is still to come. */
export const yearsBetween = (day: string, today: string): number => Number(today.slice(0, 4)) - Number(day.slice(0, 4)) - (today.slice(5) < day.slice(5) ? 1 : 0);
