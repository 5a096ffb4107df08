import { isCountry } from '#shared';
import { isDay, isTimeZone } from './calendar.js';
import { checkCondition } from './condition-schema.js';
import { Reader } from './reader.js';
import { isAlways } from './condition.js';
import { CONFIDENCES, OUTCOMES, type Rule, type Rulebook } from './rulebook.js';

export class RulebookError extends Error {}

const ID = /^[a-z0-9]+([.-][a-z0-9]+)*$/;
const isId = (text: string): boolean => ID.test(text) && text.length <= 60;
const DURATION = /^P(\d+[YMWD])+$/;

/** Takes data for a rulebook only when it is one. The error names the rulebook and every place that is wrong. */
export function parseRulebook(data: unknown): Rulebook {
  const read = new Reader();
  const book = read.object(data, 'rulebook', ['id', 'version', 'origin', 'title', 'timeZone', 'effectiveFrom', 'effectiveTo', 'obligations', 'rules']);
  for (const key of ['id', 'version'] as const) read.check(book[key], `rulebook.${key}`, isId, 'must be lower-case words joined by - or .');
  read.check(book['origin'], 'rulebook.origin', isCountry, 'must be an ISO 3166-1 alpha-2 code');
  read.text(book['title'], 'rulebook.title');
  read.check(book['timeZone'], 'rulebook.timeZone', isTimeZone, 'must be an IANA time zone');
  inForce(read, book, 'rulebook');
  read.list(book['obligations'], 'rulebook.obligations', (o, path) => obligation(read, o, path));
  read.list(book['rules'], 'rulebook.rules', (r, path) => rule(read, r, path), 1);
  if (read.problems.length === 0) whole(read, data as Rulebook);
  if (read.problems.length) throw new RulebookError(`rulebook ${String(book['id'])} ${String(book['version'])} is refused:\n${read.problems.map((p) => `  - ${p}`).join('\n')}`);
  return data as Rulebook;
}

function inForce(read: Reader, entry: Record<string, unknown>, path: string): void {
  read.check(entry['effectiveFrom'], `${path}.effectiveFrom`, isDay, 'must be a day, YYYY-MM-DD');
  if (entry['effectiveTo'] === null) return;
  read.check(entry['effectiveTo'], `${path}.effectiveTo`, (to) => isDay(to) && to > String(entry['effectiveFrom']), 'must be null or a day after effectiveFrom');
}

function citation(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['source', 'confidence', 'effectiveFrom', 'effectiveTo']);
  read.text(entry['source'], `${path}.source`);
  read.oneOf(entry['confidence'], `${path}.confidence`, CONFIDENCES);
  inForce(read, entry, path);
}

function filing(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['type', 'filer', 'to', 'deadline', 'reply', 'validity', 'renewal', 'confidence', 'effectiveFrom', 'effectiveTo']);
  for (const key of ['type', 'filer', 'to']) read.text(entry[key], `${path}.${key}`);
  for (const key of ['deadline', 'reply', 'renewal']) if (entry[key] !== null) read.text(entry[key], `${path}.${key}`);
  if (entry['validity'] !== null) read.check(entry['validity'], `${path}.validity`, (text) => DURATION.test(text), 'must be an ISO 8601 duration such as P3Y');
  read.oneOf(entry['confidence'], `${path}.confidence`, CONFIDENCES);
  inForce(read, entry, path);
}

function obligation(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['id', 'text', 'when', 'citations']);
  read.check(entry['id'], `${path}.id`, isId, 'must be lower-case words joined by - or .');
  read.text(entry['text'], `${path}.text`);
  checkCondition(read, entry['when'], `${path}.when`);
  read.list(entry['citations'], `${path}.citations`, (c, at) => citation(read, c, at), 1);
}

function rule(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['id', 'summary', 'when', 'outcome', 'mechanisms', 'filings', 'obligations', 'volume', 'citations', 'effectiveFrom', 'effectiveTo']);
  read.check(entry['id'], `${path}.id`, isId, 'must be lower-case words joined by - or .');
  read.text(entry['summary'], `${path}.summary`);
  checkCondition(read, entry['when'], `${path}.when`);
  read.oneOf(entry['outcome'], `${path}.outcome`, OUTCOMES);
  read.list(entry['mechanisms'], `${path}.mechanisms`, (m, at) => void read.text(m, at));
  read.list(entry['filings'], `${path}.filings`, (f, at) => filing(read, f, at));
  read.list(entry['obligations'], `${path}.obligations`, (o, at) => void read.text(o, at));
  const volume = read.object(entry['volume'], `${path}.volume`, ['counted', 'confidence']);
  read.flag(volume['counted'], `${path}.volume.counted`);
  read.oneOf(volume['confidence'], `${path}.volume.confidence`, CONFIDENCES);
  read.list(entry['citations'], `${path}.citations`, (c, at) => citation(read, c, at), 1);
  inForce(read, entry, path);
}

/** What only the whole shows: names that are used twice or lead nowhere, rules that can never be reached, facts that fall through. */
function whole(read: Reader, book: Rulebook): void {
  read.unique(book.rules.map((r) => r.id), 'rulebook.rules');
  read.unique(book.obligations.map((o) => o.id), 'rulebook.obligations');
  const used = new Set(book.rules.flatMap((r) => r.obligations));
  const known = book.obligations.map((o) => o.id);
  for (const id of used) if (!known.includes(id)) read.note('rulebook.rules', `obligation ${id} is not defined`);
  for (const id of known) if (!used.has(id)) read.note('rulebook.obligations', `${id} is used by no rule`);
  const last = book.rules.length - 1;
  book.rules.forEach((r, index) => {
    if (isAlways(r.when) !== (index === last)) read.note(`rulebook.rules[${index}].when`, index === last ? 'the last rule must hold always: { all: [] }' : 'only the last rule may hold always, nothing behind it is reached');
    if (!isFoundedFromTheStart(r)) read.note(`rulebook.rules[${index}].citations`, 'one must be in force for as long as the rule is');
  });
}

const isFoundedFromTheStart = (r: Rule): boolean =>
  r.citations.some((c) => c.effectiveFrom <= r.effectiveFrom && (c.effectiveTo === null || (r.effectiveTo !== null && c.effectiveTo >= r.effectiveTo)));
