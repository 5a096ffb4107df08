import { searchWords } from './search-text.js';

describe('search words', () => {
  it('parts Chinese and English', () => {
    expect(searchWords('上海港口 Throughput, 2024').split(' ')).toEqual(['上海', '港口', 'throughput', '2024']);
  });
  it('folds full-width forms', () => expect(searchWords('ＡＩＳ')).toBe('ais'));
  it('is empty for signs alone', () => expect(searchWords('--- !!')).toBe(''));
});
