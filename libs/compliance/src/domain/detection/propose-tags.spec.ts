import fc from 'fast-check';
import { deviations, type DeclaredTags } from './deviations.js';
import type { RevisionProfile, TableProfile } from './profile.js';
import { proposeTags } from './propose-tags.js';

const TODAY = '2026-11-23';
const IDS = ['11010519491231002X', '440524188001010014', '310101201501010131', '310101199003074255'];
const table = (header: string[], rows: string[][], over: Partial<TableProfile> = {}): TableProfile => ({ name: 'people.csv', files: 1, rows: rows.length, header, sample: rows, distinct: header.map((_, i) => new Set(rows.map((r) => r[i])).size), ...over });
const revision = (...tables: TableProfile[]): RevisionProfile => ({ tables, notProfiled: [] });
const propose = (...tables: TableProfile[]) => proposeTags(revision(...tables), TODAY);
const declared = (over: Partial<DeclaredTags> = {}): DeclaredTags => ({ level: 'general', persons: 0n, sensitivePersons: 0n, anonymisation: 'none', ...over });
const fields = (proposal: ReturnType<typeof propose>, over: Partial<DeclaredTags>, k: number | null = null): string[] => deviations([proposal], declared(over), { k }).map((d) => d.field);

const people = table(['姓名', '身份证号', '手机'], [['张三', IDS[0]!, '13812345678'], ['李四', IDS[1]!, '13912345678'], ['张三', IDS[0]!, '13812345679']]);
const ships = table(['ship', 'teu', 'lat', 'lon'], [['Ever Calm', '20', '31.23041', '121.47371'], ['Ever Odd', '30', '31.23042', '121.47372']]);

describe('a proposal', () => {
  it('counts the persons by the best column, each once', () => {
    const { suggested, identifyingColumns, tables } = propose(people);
    expect(suggested).toMatchObject({ persons: 2n, sensitivePersons: 0n, countedBy: 'people.csv: 身份证号', exact: true, sensitiveCategories: [], usCounts: {}, dpv: ['pd:Name', 'pd:OfficialID', 'pd:TelephoneNumber'] });
    expect(identifyingColumns).toEqual(['people.csv: 姓名', 'people.csv: 身份证号', 'people.csv: 手机']);
    expect(tables[0]!.columns.map((c) => [c.name, c.type])).toEqual([['姓名', 'text'], ['身份证号', 'text'], ['手机', 'integer']]);
  });
  it('says nothing of data without people: places are not whereabouts there, and ask nothing', () => {
    const proposal = propose(ships);
    expect(proposal.suggested).toMatchObject({ persons: 0n, sensitivePersons: 0n, sensitiveCategories: [], usCategories: [] });
    expect(proposal.hints.map((h) => h.asksReason)).toEqual([false]);
    expect(fields(proposal, {})).toEqual([]);
  });
  it('goes by what all rows hold where only some were looked at', () => {
    const { suggested } = propose({ ...people, rows: 5_000_000, distinct: [900_000, 2_000_000, 2_100_000] });
    expect(suggested).toMatchObject({ persons: 2_000_000n, exact: false });
  });
  it('makes coordinates of people or devices whereabouts, and a track where they come back', () => {
    const rows = [['d1', '2026-01-01 10:00', '31.23041', '121.47371'], ['d1', '2026-01-01 11:00', '31.23099', '121.47399'], ['d2', '2026-01-01 10:00', '31.24041', '121.48371']];
    const { suggested, hints } = propose(table(['user_id', 'time', 'lat', 'lng'], rows));
    expect(suggested).toMatchObject({ persons: 0n, sensitivePersons: 2n, sensitiveCategories: ['whereabouts'], usCategories: ['precise_geolocation_devices', 'identifiers'], tracks: true });
    expect(hints).toMatchObject([{ level: 'important', asksReason: true }]);
  });
  it('knows the sensitive categories of what stands beside a person', () => {
    const { suggested } = propose(table(['patient_id', 'diagnosis', 'religion', '银行卡号', 'face embedding'], [['1', '高血压', '佛教', '4111 1111 1111 1111', '0.1'], ['2', 'J45', '无', '4111 1111 1111 1111', '0.2']]));
    expect(suggested).toMatchObject({ sensitivePersons: 2n, sensitiveCategories: ['biometric', 'religious_belief', 'medical_health', 'financial_account'] });
    expect(propose(table(['river', 'discharge', 'blood'], [['Yangtze', '1', '2']])).suggested.sensitivePersons).toBe(0n);
  });
  it('counts children under 14 by birth dates, also those in resident numbers', () => {
    const { suggested } = propose(table(['身份证号'], IDS.slice(0, 3).map((id) => [id])));
    expect(suggested).toMatchObject({ persons: 2n, sensitivePersons: 1n, sensitiveCategories: ['minors_under_14'], minorsShare: 0.3333 });
    const born = (day: string) => propose(table(['user id', 'birthday'], [['1', day], ['2', '1980-01-01']])).suggested.minorsShare;
    expect([born('2012-11-24'), born('2012-11-23')]).toEqual([0.5, 0]);
  });
  it('counts for the United States only where the data shows people there', () => {
    const of = (country: string) => propose(table(['user id', 'country', 'diagnosis'], [['1', country, 'I10'], ['2', 'CN', 'I10']])).suggested.usCounts;
    expect([of('US'), of('SG')]).toEqual([{ health: 2n, identifiers: 2n }, {}]);
  });
  it('holds age and sex alone for statistics; a third such column, or a diagnosis beside two, for people', () => {
    const persons = (...header: string[]) => { const { suggested: s } = propose(table(header, [header.map((h) => ({ age: '7', sex: 'M', postcode: '200120', icd10: 'I10' })[h] ?? '9')])); return s.persons + s.sensitivePersons; };
    expect([persons('age', 'sex', 'people'), persons('age', 'sex', 'postcode'), persons('age', 'sex', 'icd10'), persons('sex', 'icd10')]).toEqual([0n, 1n, 1n, 0n]);
  });
  it('measures k over the columns that single people out together', () => {
    const rows = [['1980', 'M', '200120'], ['1980', 'M', '200120'], ['1980', 'F', '200120'], ['1980', 'F', '200120'], ['1980', 'F', '200120']];
    const quasi = table(['birth year', 'gender', 'postcode'], rows);
    expect(propose(quasi).anonymity).toEqual([{ table: 'people.csv', columns: ['birth year', 'gender', 'postcode'], k: 2, groups: 2, exact: true }]);
    expect(propose({ ...quasi, rows: 9 }).anonymity).toMatchObject([{ k: 2, exact: false }]);
  });
  it.each<[string, string[], bigint, boolean]>([['10,000,000 persons', ['身份证号'], 10_000_000n, true], ['9,999,999 persons', ['身份证号'], 9_999_999n, false], ['100,001 patients', ['身份证号', '诊断'], 100_001n, true], ['100,000 patients', ['身份证号', '诊断'], 100_000n, false]])('hints at the level for %s', (_, header, persons, hinted) => {
    const rows = [IDS[0]!, IDS[1]!, IDS[3]!].map((id) => [id, 'I10'].slice(0, header.length));
    const { hints } = propose(table(header, rows, { rows: 20_000_000, distinct: header.map(() => Number(persons)) }));
    expect(hints.length > 0).toBe(hinted);
  });
  it('hints at meteorology and mapping by two columns, not by one', () => {
    const hints = (...header: string[]) => propose(table(header, [header.map(() => '1')])).hints.map((h) => h.text);
    expect([hints('气温', '气压'), hints('气温'), hints('gravity_anomaly', '高程')]).toEqual([['meteorological observations'], [], ['surveying and mapping results']]);
  });
  it('is the same for the same input, whatever the order of the tables, in its counts', () => {
    expect(propose(people)).toEqual(propose(people));
    expect(propose(people, ships).suggested.persons).toBe(propose(ships, people).suggested.persons);
  });
  it('shows no name of a table without header, and still reads the names of one with a planted number', () => {
    const bare = propose(table(['张三', IDS[0]!, '上海'], [['李四', IDS[1]!, '北京']]));
    expect(bare.tables[0]!.columns.map((c) => c.name)).toEqual(['column 1', 'column 2', 'column 3']);
    expect(propose(table(['患者编号', '诊断', '13812345678'], [['1', 'I10', 'x']])).suggested.sensitiveCategories).toEqual(['medical_health']);
  });
  it('keeps no cell', () => {
    const text = JSON.stringify(propose(people), (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
    for (const row of people.sample) for (const cell of row) expect(text).not.toContain(cell);
  });
});

describe('deviations', () => {
  const proposal = propose(table(['身份证号', '诊断'], IDS.map((id) => [id, 'I10'])));
  it.each<[string, Partial<DeclaredTags>, string[]]>([
    ['fewer persons', { persons: 3n }, ['persons', 'sensitivePersons']], ['the same number', { sensitivePersons: 4n }, []], ['more', { persons: 9n, sensitivePersons: 9n }, []],
    ['persons that are not held sensitive', { persons: 4n }, ['sensitivePersons']], ['a category left out', { sensitivePersons: 4n, sensitiveCategories: ['minors_under_14'] }, ['sensitiveCategories']],
    ['every category', { sensitivePersons: 4n, sensitiveCategories: ['medical_health', 'minors_under_14'] }, []],
    ['anonymised against a resident number', { anonymisation: 'anonymised', sensitivePersons: 4n }, ['anonymisation']], ['anonymised, and nobody counted', { anonymisation: 'anonymised' }, ['persons', 'sensitivePersons', 'anonymisation']],
    ['de-identified, counted', { anonymisation: 'deidentified', sensitivePersons: 4n }, []],
  ])('of %s', (_, over, expected) => expect(fields(proposal, over)).toEqual(expected));
  it('of Korean resident registration numbers that are denied', () => {
    const korean = propose(table(['주민등록번호'], [['971013-9019902']]));
    expect([fields(korean, { persons: 1n, includesRRN: false }), fields(korean, { persons: 1n, includesRRN: true }), fields(korean, { persons: 1n })]).toEqual([['includesRRN'], [], []]);
  });
  it('of a level below a hint', () => {
    const weather = propose(table(['气温', '气压'], [['1', '2']]));
    expect([fields(weather, {}), fields(weather, { level: 'important' }), fields(weather, { level: 'core' })]).toEqual([['level'], [], []]);
  });
  it('of a k that the data does not keep, and of data that singles people out', () => {
    const groups = (n: number) => propose(table(['gender', 'postcode'], Array.from({ length: n }, () => ['M', '200120'])));
    expect(fields(groups(3), { anonymisation: 'anonymised' }, 5)).toEqual(['anonymisationReport']);
    expect(fields(groups(5), { anonymisation: 'anonymised' }, 5)).toEqual([]);
    expect(fields(groups(1), { anonymisation: 'anonymised' })).toEqual(['anonymisation']);
  });
  it('of American persons not counted, however anonymous', () => {
    const us = propose(table(['user id', 'country', 'diagnosis'], [['1', 'US', 'I10']]));
    expect(fields(us, { sensitivePersons: 1n, usCounts: {} })).toEqual(['usCounts']);
    expect(fields(us, { sensitivePersons: 1n, usCounts: { health: 1n, identifiers: 1n } })).toEqual([]);
  });
  it('of a further revision are others, also in a field in which one was seen before', () => {
    const smaller = propose(table(['身份证号', '诊断'], IDS.slice(0, 2).map((id) => [id, 'I10'])));
    const proposed = (...of: (typeof proposal)[]): string => deviations(of, declared({ persons: 1n }))[0]!.proposed;
    expect([proposed(smaller), proposed(smaller, proposal)]).toEqual(['2', '2; 4']);
    expect(deviations([proposal, proposal], declared({ persons: 1n }))).toEqual(deviations([proposal], declared({ persons: 1n })));
  });
  it('are never fewer for a milder declaration', () => {
    const n = fc.bigInt({ min: 0n, max: 6n });
    fc.assert(fc.property(n, n, n, n, (p, s, lessP, lessS) => {
      const stricter = fields(proposal, { persons: p, sensitivePersons: s });
      const milder = fields(proposal, { persons: p > lessP ? p - lessP : 0n, sensitivePersons: s > lessS ? s - lessS : 0n });
      for (const field of stricter) expect(milder).toContain(field);
    }));
  });
});
