import { isCountry } from '#shared';
import { isTimeZone } from '../days.js';
import { type Condition, isAlways } from './condition.js';
import { checkCondition, isMechanism } from './condition-schema.js';
import { CONFIDENCES, type InForce } from './in-force.js';
import type { Reader } from './reader.js';
import { type Citation, type FilingRule, type Obligation, OUTCOMES, type Rule, type Rulebook } from './rulebook.js';

const ID = /^[a-z0-9]+([.-][a-z0-9]+)*$/;
export const isDocumentId = (text: string): boolean => ID.test(text) && text.length <= 60;

/** A rulebook as it is written: sources, filings and conditions that several rules use stand once and are named. */
interface Written extends InForce {
  readonly id: string; readonly version: string; readonly jurisdiction: string; readonly origins: readonly string[]; readonly title: string; readonly timeZone: string;
  readonly sources: Readonly<Record<string, InForce & { readonly title: string }>>;
  readonly filings: Readonly<Record<string, FilingRule>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly obligations: readonly { readonly id: string; readonly text: string; readonly when: unknown; readonly citations: readonly WrittenCitation[] }[];
  readonly rules: readonly WrittenRule[];
}
interface WrittenCitation { readonly source: string; readonly article: string; readonly confidence: Citation['confidence'] }
interface WrittenRule extends Partial<InForce>, Partial<Pick<Rule, 'mechanisms' | 'needs' | 'obligations' | 'volume' | 'guideline'>> {
  readonly id: string; readonly summary: string; readonly when: unknown; readonly outcome: Rule['outcome']; readonly filings?: readonly string[]; readonly citations: readonly WrittenCitation[];
}
const DEEPEST = 8;

/** Notes every place where data is not a rulebook; answers the rulebook where there is none. */
export function readRulebook(read: Reader, data: Record<string, unknown>, path: string): Rulebook | null {
  const book = read.object(data, path, ['kind', 'id', 'version', 'jurisdiction', 'origins', 'title', 'timeZone', 'effectiveFrom', 'effectiveTo', 'sources', 'rules'], ['filings', 'conditions', 'obligations']);
  read.check(book['jurisdiction'], `${path}.jurisdiction`, (code) => code === 'EU' || isCountry(code), 'must be an ISO 3166-1 alpha-2 code or EU');
  read.list(book['origins'], `${path}.origins`, (o, at) => read.check(o, at, (code) => code === '*' || isCountry(code), 'must be an ISO 3166-1 alpha-2 code or *'), 1);
  read.text(book['title'], `${path}.title`);
  read.check(book['timeZone'], `${path}.timeZone`, isTimeZone, 'must be an IANA time zone');
  read.inForce(book, path);
  read.dictionary(book['sources'], `${path}.sources`, (s, at) => { const entry = read.object(s, at, ['title', 'effectiveFrom', 'effectiveTo']); read.text(entry['title'], `${at}.title`); read.inForce(entry, at); });
  read.dictionary(book['filings'] ?? {}, `${path}.filings`, (f, at) => filing(read, f, at));
  read.dictionary(book['conditions'] ?? {}, `${path}.conditions`, () => undefined);
  read.list(book['obligations'] ?? [], `${path}.obligations`, (o, at) => obligation(read, o, at));
  read.list(book['rules'], `${path}.rules`, (r, at) => rule(read, r, at), 1, 500);
  if (read.problems.length) return null;
  const built = build(read, data as unknown as Written, path);
  if (read.problems.length === 0) whole(read, built, path);
  return read.problems.length ? null : built;
}

function citation(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['source', 'article', 'confidence']);
  read.text(entry['source'], `${path}.source`);
  read.text(entry['article'], `${path}.article`);
  read.oneOf(entry['confidence'], `${path}.confidence`, CONFIDENCES);
}

function filing(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['type', 'filer', 'to', 'deadline', 'reply', 'validity', 'renewal', 'clock', 'settledBy', 'confidence', 'effectiveFrom', 'effectiveTo']);
  for (const key of ['type', 'filer', 'to']) read.text(entry[key], `${path}.${key}`);
  for (const key of ['deadline', 'reply', 'validity', 'renewal']) read.textOrNull(entry[key], `${path}.${key}`);
  if (entry['clock'] !== null) {
    const clock = read.object(entry['clock'], `${path}.clock`, ['days', 'calendar', 'from']);
    read.count(clock['days'], `${path}.clock.days`);
    read.textOrNull(clock['calendar'], `${path}.clock.calendar`);
    read.text(clock['from'], `${path}.clock.from`);
  }
  if (entry['settledBy'] !== null) read.check(entry['settledBy'], `${path}.settledBy`, isMechanism, 'must be a mechanism');
  read.oneOf(entry['confidence'], `${path}.confidence`, CONFIDENCES);
  read.inForce(entry, path);
}

function obligation(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['id', 'text', 'when', 'citations']);
  read.check(entry['id'], `${path}.id`, isDocumentId, 'must be lower-case words joined by - or .');
  read.text(entry['text'], `${path}.text`);
  read.list(entry['citations'], `${path}.citations`, (c, at) => citation(read, c, at), 1);
}

function rule(read: Reader, value: unknown, path: string): void {
  const entry = read.object(value, path, ['id', 'summary', 'when', 'outcome', 'citations'], ['mechanisms', 'needs', 'filings', 'obligations', 'volume', 'guideline', 'effectiveFrom', 'effectiveTo']);
  read.check(entry['id'], `${path}.id`, isDocumentId, 'must be lower-case words joined by - or .');
  read.text(entry['summary'], `${path}.summary`);
  read.oneOf(entry['outcome'], `${path}.outcome`, OUTCOMES);
  const words = (key: string): void => read.list(entry[key] ?? [], `${path}.${key}`, (m, at) => void read.text(m, at));
  words('mechanisms'); words('filings'); words('obligations');
  read.list(entry['needs'] ?? [], `${path}.needs`, (group, at) => read.list(group, at, (m, inner) => read.check(m, inner, isMechanism, 'must be a mechanism'), 1));
  if (entry['volume'] !== undefined) {
    const volume = read.object(entry['volume'], `${path}.volume`, ['counted', 'confidence']);
    read.flag(volume['counted'], `${path}.volume.counted`);
    read.oneOf(volume['confidence'], `${path}.volume.confidence`, CONFIDENCES);
  }
  if (entry['guideline'] !== undefined) read.check(entry['guideline'], `${path}.guideline`, isDocumentId, 'must be lower-case words joined by - or .');
  if (entry['effectiveFrom'] !== undefined || entry['effectiveTo'] !== undefined) read.inForce(entry, path);
  read.list(entry['citations'], `${path}.citations`, (c, at) => citation(read, c, at), 1);
}

/** Puts what is named in its place. */
function build(read: Reader, w: Written, path: string): Rulebook {
  const cite = (c: WrittenCitation, at: string): Citation[] => {
    const source = w.sources[c.source];
    if (!source) { read.note(at, `the source ${c.source} is not defined`); return []; }
    return [{ source: `${source.title} ${c.article}`, confidence: c.confidence, effectiveFrom: source.effectiveFrom, effectiveTo: source.effectiveTo }];
  };
  const condition = (value: unknown, at: string): Condition => { const expanded = expand(read, value, w.conditions ?? {}, at, 0); checkCondition(read, expanded, at); return expanded as Condition; };
  const obligations = (w.obligations ?? []).map((o, i): Obligation => ({ ...o, when: condition(o.when, `${path}.obligations[${i}].when`), citations: o.citations.flatMap((c, j) => cite(c, `${path}.obligations[${i}].citations[${j}]`)) }));
  const rules = w.rules.map((r, i): Rule => {
    const at = `${path}.rules[${i}]`;
    const filings = (r.filings ?? []).flatMap((id) => { const found = (w.filings ?? {})[id]; if (!found) read.note(`${at}.filings`, `the filing ${id} is not defined`); return found ? [found] : []; });
    return {
      id: r.id, summary: r.summary, when: condition(r.when, `${at}.when`), outcome: r.outcome, mechanisms: r.mechanisms ?? [], needs: r.needs ?? null, filings, obligations: r.obligations ?? [],
      volume: r.volume ?? { counted: false, confidence: 'verified' }, citations: r.citations.flatMap((c, j) => cite(c, `${at}.citations[${j}]`)), guideline: r.guideline ?? null,
      effectiveFrom: r.effectiveFrom ?? w.effectiveFrom, effectiveTo: r.effectiveTo === undefined ? w.effectiveTo : r.effectiveTo,
    };
  });
  const { id, version, jurisdiction, origins, title, timeZone, effectiveFrom, effectiveTo } = w;
  return { id, version, jurisdiction, origins, title, timeZone, effectiveFrom, effectiveTo, obligations, rules };
}

/** Replaces `{ is: 'covered-person' }` by the condition of that name. */
function expand(read: Reader, value: unknown, named: Readonly<Record<string, unknown>>, path: string, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST * 2) { read.note(path, 'must not nest that deep'); return { all: [] }; }
  if (Array.isArray(value)) return value.map((v) => expand(read, v, named, path, depth + 1));
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === 'is') {
    const name = String((value as { is: unknown }).is);
    if (Object.hasOwn(named, name)) return expand(read, named[name], named, path, depth + 1);
    read.note(path, `the condition ${name} is not defined`);
    return { all: [] };
  }
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, ['all', 'any', 'not'].includes(k) ? expand(read, v, named, path, depth + 1) : v]));
}

/** What only the whole shows: names that are used twice or lead nowhere, rules that can never be reached, facts that fall through. */
function whole(read: Reader, book: Rulebook, path: string): void {
  read.unique(book.rules.map((r) => r.id), `${path}.rules`);
  read.unique(book.obligations.map((o) => o.id), `${path}.obligations`);
  const used = new Set(book.rules.flatMap((r) => r.obligations));
  const known = book.obligations.map((o) => o.id);
  for (const id of used) if (!known.includes(id)) read.note(`${path}.rules`, `obligation ${id} is not defined`);
  for (const id of known) if (!used.has(id)) read.note(`${path}.obligations`, `${id} is used by no rule`);
  const last = book.rules.length - 1;
  book.rules.forEach((r, index) => {
    const at = `${path}.rules[${index}]`;
    if (isAlways(r.when) !== (index === last)) read.note(`${at}.when`, index === last ? 'the last rule must hold always: { all: [] }' : 'only the last rule may hold always, nothing behind it is reached');
    if (!isFoundedFromTheStart(r)) read.note(`${at}.citations`, 'one must be in force for as long as the rule is');
    if (['free', 'exempt', 'prohibited'].includes(r.outcome) && r.needs !== null) read.note(`${at}.needs`, `${r.outcome} needs nothing`);
  });
  const { effectiveFrom, effectiveTo } = book.rules[last]!;
  if (effectiveFrom > book.effectiveFrom || effectiveTo !== book.effectiveTo) read.note(`${path}.rules[${last}]`, 'the last rule must be in force for as long as the rulebook is');
}

const isFoundedFromTheStart = (r: Rule): boolean =>
  r.citations.some((c) => c.effectiveFrom <= r.effectiveFrom && (c.effectiveTo === null || (r.effectiveTo !== null && c.effectiveTo >= r.effectiveTo)));
