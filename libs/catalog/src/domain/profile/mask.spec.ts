import { maskedSample, maskedTable } from './mask.js';
import { type ColumnProfile, freshness, type TableProfile } from './profile.js';

const column = (name: string, over: Partial<ColumnProfile> = {}): ColumnProfile =>
  ({ name, physicalType: 'VARCHAR', logicalType: 'text', nulls: 0, nullShare: 0, min: '1', max: '9', minLength: 1, maxLength: 5, distinct: 1, distinctExact: true, sensitive: false, freeText: false, ...over });
const table: TableProfile = { name: 'a', files: ['a'], formats: ['text/csv'], rows: 1, bytes: 1, columns: [column('plain'), column('note', { freeText: true }), column('id', { sensitive: true })], duplicateShare: 0, duplicatesExact: true, latest: '2026-01-01T00:00:00Z' };
const sample = { table: 'a', columns: ['plain', 'note', 'id'], rows: [['x', 'text', '•••']] };
const nothing = { persons: false, sensitiveColumns: new Set<string>() };

describe("the vendor's word over what the detectors found", () => {
  it('hides columns that his dictionary calls sensitive, and free texts where he counts people', () => {
    expect(maskedSample(sample, table, nothing)!.rows).toEqual([['x', 'text', '•••']]);
    expect(maskedSample(sample, table, { persons: true, sensitiveColumns: new Set() })!.rows).toEqual([['x', '•••', '•••']]);
    expect(maskedSample(sample, table, { persons: false, sensitiveColumns: new Set(['plain']) })!.rows).toEqual([['•••', 'text', '•••']]);
    expect(maskedTable(table, { persons: true, sensitiveColumns: new Set(['plain']) }).columns.map((c) => [c.sensitive, c.min])).toEqual([[true, null], [true, null], [true, null]]);
    expect(maskedTable(table, nothing).columns.map((c) => c.sensitive)).toEqual([false, false, true]);
  });
  it('shows nothing of a sample that does not fit its table', () => {
    expect([maskedSample(sample, undefined, nothing), maskedSample({ ...sample, columns: ['plain'] }, table, nothing)]).toEqual([null, null]);
  });
  it('tells how fresh data is', () => {
    expect(freshness([table, { ...table, latest: '2026-02-01T12:00:00Z' }, { ...table, latest: null }], new Date('2026-02-03T00:00:00Z'))).toEqual({ latest: new Date('2026-02-01T12:00:00Z'), ageDays: 1 });
    expect([freshness([{ ...table, latest: null }], new Date()), freshness([], new Date())]).toEqual([null, null]);
  });
});
