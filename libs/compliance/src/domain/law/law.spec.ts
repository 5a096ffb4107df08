import { readFileSync } from 'node:fs';
import { isDay } from '#shared';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { dayAt } from '../days.js';
import { DocumentError, parseDocument } from './document.js';
import { Law, LawError } from './law.js';

type Json = Record<string, unknown>;
const read = (name: string): Json => JSON.parse(readFileSync(`libs/compliance/law/${name}.json`, 'utf8')) as Json;
const CN = read('rulebooks/cn-export-2026-11-22');
const [first, ...others] = CN['rules'] as Json[];
const withFirst = (over: object): Json => ({ ...CN, rules: [{ ...first, ...over }, ...others] });
const withCondition = (when: unknown): Json => withFirst({ when });
const recognition = (over: object): Json => { const list = read('lists/mutual-recognition-2026-11-22'); return { ...list, entries: [{ ...(list['entries'] as Json[])[0], ...over }] }; };
const problems = (data: unknown): string => {
  try { parseDocument(data, 'cn.json'); } catch (error) { if (error instanceof DocumentError) return error.message; throw error; }
  return '';
};

describe('documents of the law', () => {
  it('are taken under a hash that follows the content', () => {
    const { hash } = parseDocument(CN, 'cn.json');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(parseDocument(structuredClone(CN), 'other.json').hash).toBe(hash);
    expect(parseDocument(withFirst({ summary: 'another' }), 'cn.json').hash).not.toBe(hash);
  });

  it.each<[string, unknown, RegExp]>([
    ['a text', 'law', /\$: must be an object/],
    ['another kind', { ...CN, kind: 'poem' }, /\$\.kind: must be one of rulebook/],
    ['an unknown key', { ...CN, mood: 'strict' }, /\$\.mood: is not known/],
    ['a missing key', Object.fromEntries(Object.entries(CN).filter(([k]) => k !== 'title')), /\$\.title: is missing/],
    ['a day that is none', { ...CN, effectiveFrom: '2026-02-30' }, /effectiveFrom: must be a day/],
    ['an end before the beginning', { ...CN, effectiveTo: '2001-01-01' }, /effectiveTo: must be null or a day after/],
    ['a country that is none', { ...CN, origins: ['XX'] }, /origins\[0\]: must be an ISO 3166-1/],
    ['a jurisdiction that is none', { ...CN, jurisdiction: 'XX' }, /jurisdiction: must be an ISO 3166-1/],
    ['a time zone that is none', { ...CN, timeZone: 'Asia/Lingang' }, /timeZone: must be an IANA/],
    ['no rule', { ...CN, rules: [] }, /rules: must have at least 1/],
    ['an unknown outcome', withFirst({ outcome: 'allowed' }), /rules\[0\]\.outcome: must be one of free/],
    ['an unknown mark', withFirst({ citations: [{ source: 'DSL', article: 'Art. 1', confidence: 'sure' }] }), /citations\[0\]\.confidence: must be one of verified/],
    ['an unknown source', withFirst({ citations: [{ source: 'BIBLE', article: 'Art. 1', confidence: 'verified' }] }), /the source BIBLE is not defined/],
    ['a rule without source', withFirst({ citations: [] }), /citations: must have at least 1/],
    ['a rule older than its sources', withFirst({ effectiveFrom: '2001-01-01', effectiveTo: null }), /one must be in force for as long as the rule/],
    ['an unknown obligation', withFirst({ obligations: ['pray'] }), /obligation pray is not defined/],
    ['an unknown filing', withFirst({ filings: ['wish'] }), /the filing wish is not defined/],
    ['an obligation that no rule uses', { ...CN, obligations: [...(CN['obligations'] as Json[]), { ...(CN['obligations'] as Json[])[0], id: 'idle' }] }, /idle is used by no rule/],
    ['an id twice', { ...CN, rules: [first, ...(CN['rules'] as Json[])] }, /cn\.level\.core-or-secret stands there twice/],
    ['a last rule that may not hold', { ...CN, rules: (CN['rules'] as Json[]).slice(0, -1) }, /the last rule must hold always/],
    ['a last rule that ends', { ...CN, rules: [...(CN['rules'] as Json[]).slice(0, -1), { ...(CN['rules'] as Json[]).at(-1), effectiveFrom: '2024-03-22', effectiveTo: '2026-01-01' }] }, /the last rule must be in force for as long as the rulebook/],
    ['a rule that hides the rest', withCondition({ all: [] }), /only the last rule may hold always/],
    ['a prohibition with a way around', withFirst({ needs: [['consent']] }), /prohibited needs nothing/],
    ['an unknown fact', withCondition({ fact: 'weather', eq: 'fine' }), /weather is not a fact/],
    ['an unknown condition', withCondition({ is: 'fine' }), /the condition fine is not defined/],
    ['a condition that names itself', { ...CN, conditions: { ...(CN['conditions'] as Json), band: { is: 'band' } } }, /must not nest that deep/],
    ['an operator of another kind', withCondition({ fact: 'level', gte: 1 }), /level is compared with exactly one of eq, in, inList/],
    ['two operators', withCondition({ fact: 'yearPersons', gte: 1, lt: 2 }), /yearPersons is compared with exactly one of gte, lt/],
    ['a number that is not whole', withCondition({ fact: 'yearPersons', gte: 0.5 }), /must be a whole number/],
    ['a flag that is a text', withCondition({ fact: 'sellerVerified', eq: 'yes' }), /must be true or false/],
    ['a mechanism in no state', withCondition({ mechanism: 'consent', is: 'maybe' }), /is: must be one of arranged, refused, open/],
    ['an empty alternative', withCondition({ any: [] }), /any: must have at least 1/],
    ['no condition', withCondition(null), /must be all, any, not, a mechanism, or a comparison/],
    ['a condition without end', withCondition(Array.from({ length: 10 }).reduce<unknown>((c) => ({ not: c }), { fact: 'level', eq: 'core' })), /must not nest deeper/],
    ['a text without end', { ...CN, title: 'x'.repeat(5_001) }, /title: must be a text of at most/],
    ['a list of nothing known', { kind: 'list', type: 'dreams', id: 'dreams', version: '1', title: 'Dreams' }, /type: must be one of countries/],
    ['an entry twice', { ...read('lists/us-bulk-2026-11-22'), entries: [...(read('lists/us-bulk-2026-11-22')['entries'] as Json[]), (read('lists/us-bulk-2026-11-22')['entries'] as Json[])[0]] }, /human_genomic from 2025-04-08 stands there twice/],
    ['a negative threshold', { ...read('lists/us-bulk-2026-11-22'), entries: [{ ...(read('lists/us-bulk-2026-11-22')['entries'] as Json[])[0], moreThan: -1 }] }, /moreThan: must be a whole number/],
    ['a scheme in lower case', recognition({ scheme: 'cbpr' }), /entries\[0\]\.scheme: must be a word in upper case/],
    ['a recognition for nothing known', recognition({ for: 'fun' }), /entries\[0\]\.for: must be one of transfer, listing/],
    ['a recognition granted nowhere', recognition({ grantedIn: [] }), /grantedIn: must have at least 1/],
    ['a place twice', recognition({ grantedIn: ['SG', 'SG'] }), /grantedIn: SG stands there twice/],
    ['an area that is none', { ...read('lists/shanghai-2025-2026-11-22'), area: 'CN-XX' }, /area: must be an ISO 3166-2/],
  ])('refuses %s with a message that names the place', (_, data, message) => expect(problems(data)).toMatch(message));

  it('names the file and every place at once', () => {
    expect(problems({ ...CN, jurisdiction: 'XX', title: '' })).toMatch(/^cn\.json is refused:\n {2}- \$\.jurisdiction.*\n {2}- \$\.title/);
  });
});

describe('the law in force', () => {
  it('holds together, and refuses a rulebook whose lists are not there', async () => {
    const law = await packagedLaw();
    expect(law.documents.length).toBeGreaterThan(20);
    const without = law.documents.filter((d) => d.content.id !== 'us-bulk');
    expect(() => Law.of(without)).toThrow(LawError);
    expect(() => Law.of(without)).toThrow(/rulebook us-export .*, rule us\.covered\.bulk: the list us-bulk of the type thresholds is missing/);
    expect(Law.of([...law.documents]).hash).toBe(law.hash);
    expect(Law.of([...law.documents].reverse()).hash).not.toBe(law.hash);
  });

  it('is that of the newest rulebook in force on the day', () => {
    const later = parseDocument({ ...CN, version: '2027-01-01', effectiveFrom: '2027-01-01' }, 'later.json');
    const law = Law.of([later, parseDocument(CN, 'cn.json')]);
    const version = (day: string): string | undefined => law.booksFor('CN', day).own?.book.version;
    expect([version('2024-03-21'), version('2024-03-22'), version('2026-12-31'), version('2027-01-01')]).toEqual([undefined, '2026-11-22', '2026-11-22', '2027-01-01']);
    expect(law.booksFor('CN', new Date('2026-12-31T16:00:00Z')).own?.book.version).toBe('2027-01-01');
    expect(law.booksFor('SG', '2026-11-22').own).toBeNull();
  });
});

describe('the calendar', () => {
  it('counts days where the law holds', () => {
    expect(dayAt(new Date('2026-11-22T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-23');
    expect(dayAt(new Date('2026-11-22T16:00:00Z'), 'UTC')).toBe('2026-11-22');
    expect([isDay('2024-02-29'), isDay('2026-02-29'), isDay('2026-2-1')]).toEqual([true, false, false]);
  });
});
