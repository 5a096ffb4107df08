import type { DictionaryColumn } from '../content/dictionary.js';
import { dictionaryFindings } from './dictionary-match.js';
import type { ColumnProfile, TableProfile } from './profile.js';

const column = (name: string, logicalType: string, over: Partial<ColumnProfile> = {}): ColumnProfile =>
  ({ name, physicalType: 'VARCHAR', logicalType, nulls: 0, nullShare: 0, min: null, max: null, minLength: null, maxLength: null, distinct: 1, distinctExact: true, sensitive: false, freeText: false, ...over });
const table = (...columns: ColumnProfile[]): TableProfile => ({ name: 'a', files: ['a'], formats: ['text/csv'], rows: 1, bytes: 1, columns, duplicateShare: 0, duplicatesExact: true, latest: null });
const says = (name: string, type: DictionaryColumn['type']): DictionaryColumn => ({ name, type, unit: null, descriptions: {}, sensitivity: 'none' });

describe('data against its dictionary', () => {
  it.each<[DictionaryColumn['type'], ColumnProfile]>([
    ['integer', column('a', 'integer')], ['decimal', column('a', 'integer')], ['string', column('a', 'integer')], ['string', column('a', 'mixed')], ['datetime', column('a', 'date')], ['date', column('a', 'empty')],
    ['boolean', column('a', 'integer', { min: '0', max: '1' })], ['list', column('a[].id', 'integer')], ['object', column('a.b', 'text')], ['time', column('a', 'text')],
  ])('takes %s for what fits it', (type, found) => expect(dictionaryFindings([says('a', type)], [table(found)])).toEqual([]));
  it.each<[DictionaryColumn['type'], ColumnProfile, string]>([
    ['integer', column('a', 'text'), 'the dictionary says that a is integer; it is text'], ['integer', column('a', 'decimal'), 'the dictionary says that a is integer; it is decimal'], ['date', column('a', 'text'), 'the dictionary says that a is date; it is text'],
    ['string', column('a', 'integer', { physicalType: 'BIGINT' }), 'the dictionary says that a is string; it is integer'], ['boolean', column('a', 'integer', { min: '0', max: '2' }), 'the dictionary says that a is boolean; it is integer'],
    ['integer', column('b', 'integer'), 'the dictionary names a, which no file has'], ['string', column('a.b', 'text'), 'the dictionary says that a is string; it is nested'],
  ])('finds what is not %s', (type, found, finding) => expect(dictionaryFindings([says('a', type)], [table(found)])).toEqual([finding]));
  it('says nothing of columns that it does not name, nor where names are hidden, and says a thing once', () => {
    expect(dictionaryFindings([says('a', 'integer')], [table(column('a', 'integer'), column('other', 'text'))])).toEqual([]);
    expect(dictionaryFindings([says('a', 'integer')], [table(column('column 1', 'text'))])).toEqual([]);
    expect(dictionaryFindings([says('a', 'integer')], [table(column('a', 'text')), table(column('a', 'text'))])).toHaveLength(1);
  });
});
