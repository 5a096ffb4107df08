import type { ColumnType, DictionaryColumn } from '../content/dictionary.js';
import type { ColumnProfile, TableProfile } from './profile.js';

/** What every value may be, for each type of a dictionary. A column without a value fits every one. */
const FITS: Readonly<Record<ColumnType, readonly string[]>> = {
  string: ['text', 'mixed', 'boolean', 'integer', 'decimal', 'date', 'timestamp', 'time'], integer: ['integer'], decimal: ['decimal', 'integer'], boolean: ['boolean'], date: ['date'], time: ['time', 'text'],
  datetime: ['timestamp', 'date'], binary: ['binary', 'text'], list: ['nested', 'text'], object: ['nested', 'text'],
};
/** Types of formats that know text from numbers. */
const NUMBERS = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN|U?[Ii]nt\d+|Float\d+|Bool|Decimal.*)$/;
const BY_PLACE = /^column \d+$/;
/** Longer names are cut in a profile. */
const NAME_LENGTH = 100;

/** Where the data is not what its dictionary says. Columns that it does not name are no matter of it. Pure. */
export function dictionaryFindings(dictionary: readonly DictionaryColumn[], tables: readonly TableProfile[]): string[] {
  const columns = tables.flatMap((t) => t.columns);
  // A name that is data itself stands as its place: what it was is not known any more.
  const hidden = columns.some((c) => BY_PLACE.test(c.name));
  return dictionary.flatMap(({ name, type }) => {
    const own = columns.filter((c) => c.name === name);
    if (own.length) return [...new Set(own.filter((c) => !fits(type, c)).map((c) => `the dictionary says that ${name} is ${type}; it is ${c.logicalType}`))];
    const inner = columns.some((c) => c.name.startsWith(`${name}.`) || c.name.startsWith(`${name}[]`));
    if (inner) return type === 'object' || type === 'list' ? [] : [`the dictionary says that ${name} is ${type}; it is nested`];
    return hidden || name.length > NAME_LENGTH ? [] : [`the dictionary names ${name}, which no file has`];
  });
}

function fits(type: ColumnType, column: ColumnProfile): boolean {
  if (column.logicalType === 'empty') return true;
  if (type === 'string' && NUMBERS.test(column.physicalType)) return false;
  return FITS[type].includes(column.logicalType) || (type === 'boolean' && column.logicalType === 'integer' && column.min === '0' && column.max === '1');
}
