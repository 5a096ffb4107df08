import { RULEBOOKS } from '../rulebooks/index.js';
import { CN_EXPORT } from '../rulebooks/cn-export-2024-03-22.js';
import { dayAt, isDay } from './calendar.js';
import type { Condition } from './condition.js';
import type { Rule, Rulebook } from './rulebook.js';
import { RulebookShelf } from './rulebook-shelf.js';

const [first, ...others] = CN_EXPORT.rules as [Rule, ...Rule[]];
const withFirst = (over: object): unknown => ({ ...CN_EXPORT, rules: [{ ...first, ...over }, ...others] });
const withCondition = (when: unknown): unknown => withFirst({ when });

describe('the shelf of rulebooks', () => {
  it('takes the rulebooks of this version, under a hash that follows the content', () => {
    const [book] = RulebookShelf.of(RULEBOOKS).books;
    expect(book!.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(RulebookShelf.of([structuredClone(CN_EXPORT)]).books[0]!.hash).toBe(book!.hash);
    expect(RulebookShelf.of([withFirst({ summary: 'another' })]).books[0]!.hash).not.toBe(book!.hash);
  });

  it('finds the book by origin and by the day of its own calendar', () => {
    const shelf = RulebookShelf.of(RULEBOOKS);
    expect(shelf.at('SG', new Date('2026-11-22T00:00:00Z'))).toBeNull();
    expect(shelf.at('CN', new Date('2024-03-21T15:59:59Z'))).toBeNull();
    expect(shelf.at('CN', new Date('2024-03-21T16:00:00Z'))).toMatchObject({ day: '2024-03-22', year: 2024 });
    expect(shelf.at('CN', new Date('2026-12-31T15:59:59Z'))).toMatchObject({ day: '2026-12-31', year: 2026 });
    expect(shelf.at('CN', new Date('2026-12-31T16:00:00Z'))).toMatchObject({ day: '2027-01-01', year: 2027 });
  });

  it('takes the newest book that is in force', () => {
    const next: Rulebook = { ...CN_EXPORT, version: '2027-01-01', effectiveFrom: '2027-01-01' };
    const lapsed: Rulebook = { ...CN_EXPORT, version: '2025-01-01', effectiveFrom: '2025-01-01', effectiveTo: '2025-02-01' };
    const shelf = RulebookShelf.of([next, lapsed, CN_EXPORT]);
    const at = (day: string): string | undefined => shelf.at('CN', new Date(`${day}T04:00:00Z`))?.content.version;
    expect([at('2024-12-31'), at('2025-01-01'), at('2025-02-01'), at('2026-12-31'), at('2027-01-01')]).toEqual(['2024-03-22', '2025-01-01', '2024-03-22', '2024-03-22', '2027-01-01']);
    expect(() => RulebookShelf.of([CN_EXPORT, CN_EXPORT])).toThrow('two rulebooks are for CN from 2024-03-22');
  });

  it.each<[string, unknown, RegExp]>([
    ['what is no object', 'rules', /rulebook: must be an object/],
    ['an unknown key', { ...CN_EXPORT, note: 1 }, /rulebook\.note: is not known/],
    ['a missing key', { ...CN_EXPORT, title: undefined }, /rulebook\.title: must be a text/],
    ['a day that does not exist', { ...CN_EXPORT, effectiveFrom: '2024-02-30' }, /effectiveFrom: must be a day/],
    ['an end before the start', { ...CN_EXPORT, effectiveTo: '2024-03-22' }, /effectiveTo: must be null or a day after/],
    ['a country that is none', { ...CN_EXPORT, origin: 'XX' }, /origin: must be an ISO 3166-1/],
    ['a time zone that is none', { ...CN_EXPORT, timeZone: 'Asia/Lingang' }, /timeZone: must be an IANA/],
    ['no rule', { ...CN_EXPORT, rules: [] }, /rules: must have at least 1/],
    ['an unknown outcome', withFirst({ outcome: 'allowed' }), /rules\[0\]\.outcome: must be one of free/],
    ['an unknown mark', withFirst({ citations: [{ ...first.citations[0], confidence: 'sure' }] }), /citations\[0\]\.confidence: must be one of verified/],
    ['a rule without source', withFirst({ citations: [] }), /citations: must have at least 1/],
    ['a rule older than its sources', withFirst({ effectiveFrom: '2001-01-01' }), /one must be in force for as long as the rule/],
    ['an unknown obligation', withFirst({ obligations: ['pray'] }), /obligation pray is not defined/],
    ['an obligation that no rule uses', { ...CN_EXPORT, obligations: [...CN_EXPORT.obligations, { ...CN_EXPORT.obligations[0], id: 'idle' }] }, /idle is used by no rule/],
    ['an id twice', { ...CN_EXPORT, rules: [first, ...CN_EXPORT.rules] }, /cn\.gate\.source-and-identity stands there twice/],
    ['a last rule that may not hold', { ...CN_EXPORT, rules: CN_EXPORT.rules.slice(0, -1) }, /the last rule must hold always/],
    ['a rule that hides the rest', withCondition({ all: [] }), /only the last rule may hold always/],
    ['a validity that is no duration', withFirst({ filings: [{ ...CN_EXPORT.rules[3]!.filings[0], validity: '3 years' }] }), /validity: must be an ISO 8601 duration/],
    ['an unknown fact', withCondition({ fact: 'weather', eq: 'fine' }), /weather is not a fact/],
    ['an operator of another kind', withCondition({ fact: 'level', gte: 1 }), /level is compared with exactly one of eq, in/],
    ['two operators', withCondition({ fact: 'yearPersons', gte: 1, lt: 2 }), /yearPersons is compared with exactly one of gte, lt/],
    ['a number that is not whole', withCondition({ fact: 'yearPersons', gte: 0.5 }), /must be a whole number/],
    ['a flag that is a text', withCondition({ fact: 'sellerVerified', eq: 'yes' }), /must be true or false/],
    ['an empty alternative', withCondition({ any: [] }), /any: must have at least 1/],
    ['no condition', withCondition(null), /must be all, any, not, or a comparison/],
    ['a condition without end', withCondition(Array.from({ length: 8 }).reduce<Condition>((c) => ({ not: c }), { fact: 'level', eq: 'core' })), /must not nest deeper/],
  ])('refuses %s with a message that names the place', (_, data, message) => expect(() => RulebookShelf.of([data])).toThrow(message));

  it('names every place at once', () => {
    expect(() => RulebookShelf.of([{ ...CN_EXPORT, origin: 'XX', title: '' }])).toThrow(/rulebook cn-export 2024-03-22 is refused:\n {2}- rulebook\.origin.*\n {2}- rulebook\.title/);
  });
});

describe('the calendar', () => {
  it('counts days where the law holds', () => {
    expect(dayAt(new Date('2026-11-22T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-23');
    expect(dayAt(new Date('2026-11-22T16:00:00Z'), 'UTC')).toBe('2026-11-22');
    expect([isDay('2024-02-29'), isDay('2026-02-29'), isDay('2026-2-1')]).toEqual([true, false, false]);
  });
});
