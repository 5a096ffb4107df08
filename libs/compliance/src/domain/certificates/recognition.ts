import { isCountry } from '#shared';
import { isDay } from '../calendar.js';
import { Reader } from '../reader.js';
import { CONFIDENCES, type Confidence } from '../rulebook.js';
import { SCHEME } from './certificate.js';

export const RECOGNISED_FOR = ['transfer', 'listing'] as const;
export type RecognisedFor = (typeof RECOGNISED_FOR)[number];

/** One line of the table of mutual recognition: a jurisdiction accepts a scheme. */
export interface RecognitionEntry {
  /** ISO 3166-1 alpha-2, or EU. */
  readonly jurisdiction: string;
  readonly scheme: string;
  readonly for: RecognisedFor;
  /** Where it must have been granted. */
  readonly grantedIn: readonly string[];
  readonly effectiveFrom: string;
  /** The first day on which it no longer holds. */
  readonly effectiveTo: string | null;
  readonly citation: string;
  readonly confidence: Confidence;
}

export interface Recognition {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly entries: readonly RecognitionEntry[];
}

export class RecognitionError extends Error {
  constructor(readonly file: string, readonly problems: readonly string[]) {
    super(`${file} is refused:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

const WORD = /^[a-z0-9]+([.-][a-z0-9]+)*$/;

/** Takes data for the table only when it is one; throws a RecognitionError with the file and every place that is wrong. */
export function parseRecognition(data: unknown, file: string): Recognition {
  const read = new Reader();
  const list = read.object(data, '$', ['kind', 'type', 'id', 'version', 'title', 'entries']);
  read.oneOf(list['kind'], '$.kind', ['list']);
  read.oneOf(list['type'], '$.type', ['recognition']);
  for (const key of ['id', 'version'] as const) read.check(list[key], `$.${key}`, (text) => WORD.test(text) && text.length <= 60, 'must be lower-case words joined by - or .');
  read.text(list['title'], '$.title');
  const names: string[] = [];
  read.list(list['entries'], '$.entries', (value, path) => names.push(entry(read, value, path)), 1);
  read.unique(names, '$.entries');
  if (read.problems.length) throw new RecognitionError(file, read.problems);
  return data as Recognition;
}

function entry(read: Reader, value: unknown, path: string): string {
  const e = read.object(value, path, ['jurisdiction', 'scheme', 'for', 'grantedIn', 'effectiveFrom', 'effectiveTo', 'citation', 'confidence']);
  read.check(e['jurisdiction'], `${path}.jurisdiction`, (c) => c === 'EU' || isCountry(c), 'must be an ISO 3166-1 alpha-2 code or EU');
  read.check(e['scheme'], `${path}.scheme`, (s) => SCHEME.test(s), 'must be a word in upper case');
  read.oneOf(e['for'], `${path}.for`, RECOGNISED_FOR);
  read.list(e['grantedIn'], `${path}.grantedIn`, (c, at) => read.check(c, at, isCountry, 'must be an ISO 3166-1 alpha-2 code'), 1);
  if (Array.isArray(e['grantedIn'])) read.unique(e['grantedIn'], `${path}.grantedIn`);
  read.check(e['effectiveFrom'], `${path}.effectiveFrom`, isDay, 'must be a day, YYYY-MM-DD');
  if (e['effectiveTo'] !== null) read.check(e['effectiveTo'], `${path}.effectiveTo`, (to) => isDay(to) && to > String(e['effectiveFrom']), 'must be null or a day after effectiveFrom');
  read.text(e['citation'], `${path}.citation`);
  read.oneOf(e['confidence'], `${path}.confidence`, CONFIDENCES);
  return `${String(e['jurisdiction'])} ${String(e['scheme'])} ${String(e['for'])} from ${String(e['effectiveFrom'])}`;
}

/** What a jurisdiction accepts on a day. */
export const inForceOn = (recognition: Pick<Recognition, 'entries'>, jurisdiction: string, day: string): RecognitionEntry[] =>
  recognition.entries.filter((e) => e.jurisdiction === jurisdiction && e.effectiveFrom <= day && (e.effectiveTo === null || day < e.effectiveTo));

/** Which of these schemes, held in `country`, the jurisdiction accepts on that day. */
export function accepted(recognition: Pick<Recognition, 'entries'>, ask: { readonly jurisdiction: string; readonly for: RecognisedFor; readonly day: string; readonly country: string }, schemes: readonly string[]): string[] {
  const good = new Set(inForceOn(recognition, ask.jurisdiction, ask.day).filter((e) => e.for === ask.for && e.grantedIn.includes(ask.country)).map((e) => e.scheme));
  return schemes.filter((s) => good.has(s));
}
