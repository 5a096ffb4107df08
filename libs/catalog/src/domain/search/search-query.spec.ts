import fc from 'fast-check';
import { conjunctionOf, daysOf, lookOf, type SearchRequest, selectivity, tsquery } from './search-query.js';

const TODAY = new Date('2026-11-23T08:00:00Z');
const request = (over: Partial<SearchRequest>): SearchRequest => ({ text: null, filters: [], freshness: null, sort: 'RELEVANCE', facets: [], ...over });

describe('what is looked for', () => {
  it('is all of the words and one value of each facet', () =>
    expect(tsquery(conjunctionOf(request({ text: '上海港口 Calls calls', filters: [{ facet: 'THEME', values: ['TRAN', 'ECON'] }, { facet: 'ORIGIN', values: ['CN'] }, { facet: 'LEVEL', values: [] }] }), TODAY))).toBe(`'上海' & '港口' & 'calls' & ('t:TRAN' | 't:ECON') & ('o:CN')`));
  it('is everything where nothing is said', () => expect(tsquery(conjunctionOf(request({ text: '--' }), TODAY))).toBeNull());
  it('narrows freshness down to its months, and to the day beside', () => {
    expect(conjunctionOf(request({ freshness: 'MONTH' }), TODAY).groups).toEqual([['m:2026-10', 'm:2026-11']]);
    expect(daysOf('MONTH', TODAY)).toEqual({ since: '2026-10-23', before: null });
    expect([conjunctionOf(request({ freshness: 'OLDER' }), TODAY).groups, daysOf('OLDER', TODAY)]).toEqual([[], { since: null, before: '2025-11-22' }]);
  });
  it('quotes whatever is typed, so that it stays one lexeme', () => fc.assert(fc.property(fc.string(), (value) => {
    const text = tsquery({ words: [], groups: [[value]] })!;
    const inner = text.slice(2, -2).replaceAll("''", '').replaceAll('\\\\', '');
    expect(inner.includes("'") || inner.includes('\\')).toBe(false);
  })));
  describe('is looked for', () => {
    const known = new Map([['t:TRAN', 0.3], ['t:ECON', 0.3], ['l:GENERAL', 0.99], ['g:en', 0.6], ['o:CN', 0.1], ['data', 0.8], ['port', 0.05]]);
    const look = (words: readonly string[], ...groups: readonly (readonly string[])[]) => lookOf({ words, groups }, known, 0.001);
    it('by the rarest first, each by itself, and what is common is looked at in the rows', () => {
      expect(look(['data', 'port'], ['t:TRAN', 't:ECON'], ['o:CN'], ['l:GENERAL'])).toEqual({ keys: ["('port')", "('o:CN')", "('t:TRAN' | 't:ECON')"], rest: "('data') & ('l:GENERAL')" });
      expect(look(['port', 'rare', 'rarer', 'rarest'])).toEqual({ keys: ["('rare')", "('rarer')", "('rarest') & ('port')"], rest: null });
    });
    it('as it is where all of it is common, or nothing is asked', () => expect([look(['data'], ['l:GENERAL']), look([])]).toEqual([{ keys: ["('data')", null, null], rest: "('l:GENERAL')" }, { keys: [null, null, null], rest: null }]));
    it('whole: each part once, whatever is asked', () => fc.assert(fc.property(fc.uniqueArray(fc.constantFrom(...known.keys(), 'x', 'y', 'z')), (words) => {
      const { keys, rest } = look(words);
      expect([...keys, rest].flatMap((k) => k?.match(/'[^']+'/g) ?? []).sort()).toEqual(words.map((w) => `'${w}'`).sort());
    })));
  });
  it('one word or facet more is never more common', () => fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), fc.constantFrom('a', 'b', 'z'), (words, more) => {
    const known = new Map([['a', 0.9], ['b', 0.5], ['c', 0.1]]);
    expect(selectivity({ words: [...words, more], groups: [] }, known, 0.01)).toBeLessThanOrEqual(selectivity({ words, groups: [] }, known, 0.01));
  })));
});
