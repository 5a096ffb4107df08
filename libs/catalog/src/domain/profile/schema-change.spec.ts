import fc from 'fast-check';
import type { ColumnProfile, TableProfile } from './profile.js';
import { CHANGE_CLASSES, type ChangeClass, schemaChange } from './schema-change.js';

const column = (name: string, logicalType: string, over: Partial<ColumnProfile> = {}): ColumnProfile =>
  ({ name, physicalType: 'VARCHAR', logicalType, nulls: 0, nullShare: 0, min: null, max: null, minLength: null, maxLength: null, distinct: 1, distinctExact: true, sensitive: false, freeText: false, ...over });
const table = (columns: readonly ColumnProfile[], over: Partial<TableProfile> = {}): TableProfile =>
  ({ name: 'a', files: ['a'], formats: ['text/csv'], rows: 10, bytes: 10, columns, duplicateShare: 0, duplicatesExact: true, latest: null, ...over });
const PARQUET = { formats: ['application/vnd.apache.parquet'] };
const between = (a: readonly ColumnProfile[], b: readonly ColumnProfile[], over = {}) => schemaChange([table(a, over)], [table(b, { ...over, name: 'b', files: ['b'] })]);
const kinds = (...args: Parameters<typeof between>): unknown => {
  const { class: worst, changes } = between(...args);
  return [worst, ...changes.map((c) => `${c.kind} ${c.column}`)];
};

describe('the schema of a revision against the one before', () => {
  const a = column('a', 'integer');
  it.each<[string, unknown, Parameters<typeof between>]>([
    ['nothing, though the file has another name', ['NONE'], [[a], [a]]],
    ['another order of columns, which readers by name bear', ['NONE'], [[a, column('b', 'text')], [column('b', 'text'), a]]],
    ['a new column', ['COMPATIBLE', 'COLUMN_ADDED b'], [[a], [a, column('b', 'text')]]],
    ['a column less', ['BREAKING', 'COLUMN_REMOVED b'], [[a, column('b', 'text')], [a]]],
    ['a renamed column', ['BREAKING', 'COLUMN_REMOVED b', 'COLUMN_ADDED c'], [[a, column('b', 'text')], [a, column('c', 'text')]]],
    ['whole numbers that got fractions', ['COMPATIBLE', 'TYPE_WIDENED a'], [[a], [column('a', 'decimal')]]],
    ['fractions that went', ['BREAKING', 'TYPE_NARROWED a'], [[column('a', 'decimal')], [a]]],
    ['numbers that became text', ['BREAKING', 'TYPE_CHANGED a'], [[a], [column('a', 'text')]]],
    ['values where there were none', ['COMPATIBLE', 'TYPE_WIDENED a'], [[column('a', 'empty', { nulls: 10 })], [a]]],
    ['no value any more', ['BREAKING', 'TYPE_NARROWED a'], [[a], [column('a', 'empty', { nulls: 10 })]]],
    ['cells without a value', ['BREAKING', 'NULLS_ADDED a'], [[a], [column('a', 'integer', { nulls: 1 })]]],
    ['no cell without a value any more', ['COMPATIBLE', 'NULLS_GONE a'], [[column('a', 'integer', { nulls: 1 })], [a]]],
    ['more bits', ['COMPATIBLE', 'TYPE_WIDENED a'], [[column('a', 'integer', { physicalType: 'INTEGER' })], [column('a', 'integer', { physicalType: 'BIGINT' })], PARQUET]],
    ['fewer bits', ['BREAKING', 'TYPE_NARROWED a'], [[column('a', 'integer', { physicalType: 'Int64' })], [column('a', 'integer', { physicalType: 'Int32' })], PARQUET]],
    ['more digits', ['COMPATIBLE', 'TYPE_WIDENED a'], [[column('a', 'decimal', { physicalType: 'DECIMAL(10,2)' })], [column('a', 'decimal', { physicalType: 'DECIMAL(12,3)' })], PARQUET]],
    ['fewer digits before the point', ['BREAKING', 'TYPE_NARROWED a'], [[column('a', 'decimal', { physicalType: 'DECIMAL(10,2)' })], [column('a', 'decimal', { physicalType: 'DECIMAL(10,3)' })], PARQUET]],
    ['a type that is no neighbour', ['BREAKING', 'TYPE_CHANGED a'], [[column('a', 'integer', { physicalType: 'INTEGER' })], [column('a', 'integer', { physicalType: 'UINTEGER' })], PARQUET]],
    ['text whose reader sees another width', ['NONE'], [[column('a', 'integer', { physicalType: 'BIGINT' })], [column('a', 'integer', { physicalType: 'HUGEINT' })], { formats: ['application/x-ndjson'] }]],
  ])('finds %s', (_, expected, [from, to, over]) => expect(kinds(from, to, over)).toEqual(expected));

  it('finds tables and formats that came and went, and pairs tables by their columns', () => {
    const [x, y, z] = ['x', 'y', 'z'].map((n) => table([column(`${n}1`, 'text'), column(`${n}2`, 'text')], { name: n }));
    expect(schemaChange([x!, y!], [{ ...y!, name: 'other' }, { ...x!, name: 'another' }])).toEqual({ class: 'NONE', changes: [] });
    expect(schemaChange([x!, y!], [y!, z!]).changes.map((c) => [c.kind, c.table])).toEqual([['TABLE_REMOVED', 'x'], ['TABLE_ADDED', 'z']]);
    expect(schemaChange([x!], [{ ...x!, ...PARQUET }])).toMatchObject({ class: 'BREAKING', changes: [{ kind: 'FORMAT_CHANGED', before: 'text/csv' }] });
    const many = table(Array.from({ length: 500 }, (_, i) => column(`c${i}`, 'text')));
    expect(schemaChange([many], [table([column('c0', 'text')])])).toMatchObject({ class: 'BREAKING', changes: { length: 200 } });
  });

  const types = ['empty', 'boolean', 'integer', 'decimal', 'date', 'timestamp', 'text', 'mixed'];
  const columns = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(...types), fc.boolean()), { selector: ([name]) => name, minLength: 1, maxLength: 4 })
    .map((list) => list.map(([name, type, nulls]) => column(name, type, { nulls: type === 'empty' ? 10 : nulls ? 3 : 0 })));
  const grave = (c: ChangeClass): number => CHANGE_CLASSES.indexOf(c);
  it('is none against itself, and breaking whenever a column goes', () => {
    fc.assert(fc.property(columns, columns, (one, two) => {
      expect(between(one, one).class).toBe('NONE');
      if (one.some((c) => !two.some((d) => d.name === c.name))) expect(between(one, two).class).toBe('BREAKING');
      expect(grave(between(one, two).class)).toBe(Math.max(0, ...between(one, two).changes.map((c) => grave(c.class))));
    }));
  });
  it('is over two steps no graver than the graver of both', () => {
    fc.assert(fc.property(columns, columns, columns, (one, two, three) => {
      expect(grave(between(one, three).class)).toBeLessThanOrEqual(Math.max(grave(between(one, two).class), grave(between(two, three).class)));
    }), { numRuns: 2_000 });
  });
});
