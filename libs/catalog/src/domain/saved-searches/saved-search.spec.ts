import fc from 'fast-check';
import { conjunctionOf } from '../search/search-query.js';
import { lasting, needlesOf, noticeText } from './saved-search.js';

const lexeme = fc.constantFrom<string>('a', 'b', 'c', 't:TRAN', 'o:CN');

describe('a saved search', () => {
  it('is looked up by the rarest part of what it asks for', () => {
    const common = new Map([['weather', 0.8], ['t:TRAN', 0.3], ['t:ECON', 0.1]]);
    expect(needlesOf({ words: ['weather', 'zanzibar'], groups: [['t:TRAN']] }, common)).toEqual(['zanzibar']);
    expect(needlesOf({ words: ['weather'], groups: [['t:TRAN', 't:ECON'], ['o:CN']] }, common)).toEqual(['o:CN']);
    expect(needlesOf({ words: ['weather'], groups: [['t:TRAN', 't:ECON']] }, common)).toEqual(['t:TRAN', 't:ECON']);
    expect(needlesOf({ words: [], groups: [] }, common)).toEqual([]);
  });
  it('misses nothing by that: whatever fulfils all of it has a needle', () => fc.assert(fc.property(fc.array(lexeme), fc.array(fc.array(lexeme, { minLength: 1 })), fc.uniqueArray(lexeme), fc.dictionary(lexeme, fc.integer({ min: 0, max: 9 })), (words, groups, document, shares) => {
    const asked = { words, groups };
    const matches = words.every((w) => document.includes(w)) && groups.every((g) => g.some((l) => document.includes(l)));
    const needles = needlesOf(asked, new Map(Object.entries(shares)));
    if (words.length + groups.length > 0 && matches) expect(needles.some((n) => document.includes(n))).toBe(true);
  })));
  it('leaves freshness to the day on which it is asked', () => {
    const { groups } = conjunctionOf(lasting({ text: 'ports', freshness: 'MONTH', filters: [{ facet: 'THEME', values: ['TRAN'] }] }), new Date('2026-11-23'));
    expect(groups).toEqual([['t:TRAN']]);
  });
  it('names some of what it found', () => {
    expect(noticeText('Ports', ['A', 'B'])).toBe('Ports: A; B');
    expect(noticeText('Ports', ['A', 'B', 'C', 'D', 'E', 'F', 'G'])).toBe('Ports: A; B; C; D; E and 2 more');
  });
});
