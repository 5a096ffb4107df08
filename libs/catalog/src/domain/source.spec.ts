import { checkReport } from './anonymisation-report.js';
import { checkSource, type DataSource, saysSomething } from './source.js';

const SOURCE: DataSource = { origin: 'own_collection', from: null, legalBasis: 'contract' };
const REPORT = { method: 'generalised to districts and years', k: 5, reidentificationTest: 'an attack with the voters found nobody', sha256: 'a'.repeat(64), assessor: 'Harbour Assessors', assessedOn: '2026-11-23' };
const sourcePaths = (over: Partial<DataSource>, statement = 'own port operations', persons = 0n): string[] => checkSource({ ...SOURCE, ...over }, statement, persons).map((p) => p.path);
const reportPaths = (over: Partial<typeof REPORT> | null, anonymisation: 'none' | 'deidentified' | 'anonymised' = 'anonymised'): string[] => checkReport(over && { ...REPORT, ...over }, { anonymisation }, '2026-11-23').map((p) => p.path);

describe('a text', () => {
  it.each(['own port operations', '自有平台采集', '来自港口作业系统', 'GPS of 12 ships'])('%j says something', (text) => expect(saysSomething(text)).toBe(true));
  it.each(['n/a', 'N/A.', 'test', 'Testing!', 'tbd', '无', '测试', '同上', 'lorem ipsum dolor sit amet', 'aaaaaaaaaaaaaa', 'abababababab', '........', 'data', '自有', ' \n ', '', 'ｎ／ａ'])('%j does not', (text) => expect(saysSomething(text)).toBe(false));
});

describe('a source', () => {
  it('names whom it comes from exactly where it is not the vendor himself', () => {
    expect([sourcePaths({}), sourcePaths({ origin: 'licensed', from: 'Port of Ningbo' }), sourcePaths({ origin: 'public_source', from: 'NOAA' })]).toEqual([[], [], []]);
    expect([sourcePaths({ from: 'somebody' }), sourcePaths({ origin: 'derived' }), sourcePaths({ origin: 'licensed', from: '--' })]).toEqual([['source.from'], ['source.from'], ['source.from']]);
  });
  it('has a ground for the data of persons that are counted', () => {
    expect([sourcePaths({ legalBasis: 'no_personal_information' }), sourcePaths({ legalBasis: 'no_personal_information' }, undefined, 1n), sourcePaths({ legalBasis: 'consent' }, undefined, 1n)]).toEqual([[], ['source.legalBasis'], []]);
  });
  it('has a statement that says something, also where it is not described otherwise', () => expect(checkSource(null, 'n/a', 0n).map((p) => p.path)).toEqual(['classification.sourceStatement']));
});

describe('a report on an anonymisation', () => {
  it('is there exactly where it is needed', () => expect([reportPaths(null), reportPaths({}), reportPaths(null, 'none'), reportPaths({}, 'none'), reportPaths({}, 'deidentified'), reportPaths(null, 'deidentified')]).toEqual([['anonymisationReport'], [], [], ['anonymisationReport'], [], []]));
  it.each<[Partial<typeof REPORT>, string]>([
    [{ method: 'n/a' }, 'method'], [{ reidentificationTest: 'none' }, 'reidentificationTest'], [{ assessor: ' ' }, 'assessor'], [{ k: 1 }, 'k'], [{ assessedOn: '2026-11-24' }, 'assessedOn'], [{ assessedOn: '2026-02-30' }, 'assessedOn'], [{ assessedOn: '1999-12-31' }, 'assessedOn'],
  ])('refuses %j', (over, field) => expect(reportPaths(over)).toEqual([`anonymisationReport.${field}`]));
});
