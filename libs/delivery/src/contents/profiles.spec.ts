import type { Exposure } from '#compliance';
import type { ColumnContents, Contents, TableContents } from './contents.js';
import { toDatasetProfile, toRevisionProfile } from './profiles.js';

const column = (name: string, over: Partial<ColumnContents> = {}): ColumnContents =>
  ({ name, physicalType: 'VARCHAR', logicalType: 'text', nulls: 1, min: '1', max: '9', minLength: 1, maxLength: 5, distinct: 3, distinctExact: true, distinctAtLeast: 3, latest: null, ...over });
const table = (over: Partial<TableContents> = {}): TableContents => ({
  name: 'a.csv', files: ['a.csv'], partial: false, rows: 3, bytes: 10, duplicates: { share: 0, exact: true }, sample: [['张三', 'x', 'long text'], ['李四', '', 'y'.repeat(100)], ['王五', 'z', 'w']],
  columns: [column('姓名', { latest: '2026-01-09T00:00:00Z' }), column('b', { latest: '2026-01-02T00:00:00Z' }), column('note', { maxLength: 100 })], ...over,
});
const contents = (tables: TableContents[], findings: string[] = []): Contents => ({ tables, files: [{ fileName: 'a.csv', mediaType: 'text/csv', bytes: 10, encoding: 'UTF-8', delimiter: ',', rows: 3, findings, unread: null }] });
const exposure = (personal: boolean, sensitive = ['姓名']): Exposure => ({ personal, tables: new Map([['a.csv', ['姓名', 'b', 'note'].map((name) => ({ name, sensitive: sensitive.includes(name) }))]]) });

describe('what may be known of a reading', () => {
  it('leaves out values, lengths and dates of sensitive columns and masks them in the sample', () => {
    const profile = toDatasetProfile(contents([table()]), exposure(false));
    expect(profile.tables[0]!.columns.map((c) => [c.name, c.sensitive, c.min, c.maxLength, c.nulls])).toEqual([['姓名', true, null, null, 1], ['b', false, '1', 5, 1], ['note', false, '1', 100, 1]]);
    expect(profile.tables[0]!.latest).toBe('2026-01-02T00:00:00Z');
    expect(profile.samples).toEqual([{ table: 'a.csv', columns: ['姓名', 'b', 'note'], rows: [['•••', 'x', 'long text'], ['•••', null, `${'y'.repeat(60)}…`], ['•••', 'z', 'w']] }]);
    expect(JSON.stringify(profile)).not.toMatch(/张三|李四|王五/);
  });
  it('masks free texts where there are people', () => expect(toDatasetProfile(contents([table()]), exposure(true)).samples[0]!.rows.map((r) => r[2])).toEqual(['•••', '•••', '•••']));
  it('shows nothing of what nobody looked at', () => {
    const unseen = toDatasetProfile(contents([table()]), { personal: false, tables: new Map() });
    expect([unseen.samples, unseen.tables[0]!.columns.map((c) => [c.name, c.sensitive])]).toEqual([[], [['column 1', true], ['column 2', true], ['column 3', true]]]);
    const half = toDatasetProfile(contents([table()]), { personal: false, tables: new Map([['a.csv', [{ name: '姓名', sensitive: true }]]]) });
    expect(half.samples[0]!.rows[0]).toEqual(['•••', '•••', '•••']);
  });
  it('shows twenty rows at the most, evenly', () => {
    const sample = Array.from({ length: 1_000 }, (_, i) => [String(i), 'x', 'y']);
    const { rows } = toDatasetProfile(contents([table({ sample, rows: 1_000 })]), exposure(false, [])).samples[0]!;
    expect([rows.length, rows[0]![0], rows[19]![0]]).toEqual([20, '0', '950']);
  });
  it('knows no table of a broken file, which the detectors see all the same', () => {
    const broken = contents([table({ partial: true })], ['line 3: wrong']);
    expect(toDatasetProfile(broken, exposure(false))).toMatchObject({ complete: false, tables: [], samples: [] });
    expect(toRevisionProfile(broken)).toMatchObject({ tables: [{ name: 'a.csv', rows: 3, header: ['姓名', 'b', 'note'] }], notProfiled: [{ fileName: 'a.csv', reason: 'line 3: wrong' }] });
  });
});
