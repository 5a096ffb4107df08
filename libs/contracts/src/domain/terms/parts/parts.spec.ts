import fc from 'fast-check';
import { readPolicy } from '../read-policy.js';
import { renderPolicy } from '../render.js';
import { fromTemplate } from '../templates.js';
import { writePolicy } from '../write-policy.js';
import { fitProblem, typesDescribed, typesRead } from './fit-columns.js';
import { licensedPart } from './licensed-part.js';
import { CELL_TYPES, limitDigest, OPERATORS_OF, type RowCondition, type Target } from './target.js';
import { CELL, COLUMN, writeRefinement } from './write-target.js';

const DATASET = '0198a7f0-0000-7000-8000-000000000001';
const OTHER = '0198a7f0-0000-7000-8000-000000000002';
const base = fromTemplate('INTERNAL_USE', { purposes: ['RESEARCH'], territories: ['SG'], declaredUsers: false, alsoFor: [], until: null, namedUsers: null, maxDownloads: null, attribution: null, deletionWithin: null });
const rows: RowCondition[] = [{ column: 'port', type: 'string', operator: 'isAnyOf', values: ['CNSHA', 'SG"SIN\n'] }, { column: 'teu', type: 'decimal', operator: 'gteq', values: ['10.5'] }];
const target: Target = { datasetId: DATASET, title: 'Calls', columns: ['ship', 'teu'], rows };
const problems = (document: unknown) => { const read = readPolicy({ ...writePolicy(base), target: document }); return 'problems' in read ? read.problems : []; };
const refining = (...refinement: object[]) => ({ '@type': 'AssetCollection', source: `urn:uuid:${DATASET}`, refinement });

describe('a part of a product in licence terms', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((s) => s.normalize('NFC').replaceAll('\0', '').trim()).filter((s) => s.length > 0 && s.length <= 100 && s.isWellFormed());
  const values = { string: name, decimal: fc.constantFrom('-12.5', '0', '7'), boolean: fc.constantFrom('true', 'false'), date: fc.constantFrom('2026-01-31', '2024-02-29'), dateTime: fc.constantFrom('2026-01-31T00:00:00.000Z') };
  const condition = fc.constantFrom(...CELL_TYPES).chain((type) => fc.record({ column: name, type: fc.constant(type), operator: fc.constantFrom(...OPERATORS_OF[type]), values: fc.uniqueArray(values[type], { minLength: 1, maxLength: 3 }) }))
    .map((c): RowCondition => ({ ...c, values: c.operator.startsWith('is') ? [...c.values].sort() : c.values.slice(0, 1) }));
  const targets = fc.uniqueArray(fc.record({ datasetId: fc.constantFrom(DATASET, OTHER), title: fc.constantFrom(null, 'Calls'), columns: fc.option(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).map((all) => all.sort())), rows: fc.array(condition, { maxLength: 4 }) }), { minLength: 1, maxLength: 2, selector: (t) => t.datasetId });

  it('reads back what it writes, and gives one digest whatever the sequence', () => fc.assert(fc.property(targets, (written) => {
    const read = readPolicy(writePolicy({ ...base, targets: written }));
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    expect(read.targets!.map((t) => [t.datasetId, t.title, t.columns])).toEqual(written.map((t) => [t.datasetId, t.title, t.columns]));
    const again = readPolicy(writePolicy({ ...base, targets: written.map((t) => ({ ...t, rows: [...t.rows].reverse() })) }));
    expect((again as typeof read).targets!.map(limitDigest)).toEqual(read.targets!.map(limitDigest));
    for (const t of read.targets!) expect(JSON.parse(JSON.stringify(writeRefinement(t)))).toEqual((writePolicy(read) as { target: { source: string; refinement?: object[] }[] }).target.find((w) => w.source.endsWith(t.datasetId))!.refinement ?? []);
  })));
  it('never throws, whatever it is handed', () => fc.assert(fc.property(fc.jsonValue(), (value) => void readPolicy({ ...writePolicy(base), target: value as never }))));

  it.each<[string, unknown, string]>([
    ['no dataset', [{ refinement: [] }], 'target.0.source'], ['nothing at all', [], 'target'], ['a dataset twice', [refining(), refining()], 'target'], ['another kind of asset', { ...refining(), '@type': 'Asset' }, 'target.0.@type'], ['a key that is not understood', { ...refining(), hasPolicy: 'x' }, 'target.0.hasPolicy'],
    ['no column', refining({ leftOperand: COLUMN, operator: 'isAnyOf', rightOperand: [] }), 'target.0.refinement.0.rightOperand'], ['a name with a zero', refining({ leftOperand: COLUMN, operator: 'isAnyOf', rightOperand: ['a\0'] }), 'target.0.refinement.0.rightOperand.0'],
    ['a name in another Unicode form', refining({ leftOperand: COLUMN, operator: 'isAnyOf', rightOperand: ['e\u0301'] }), 'target.0.refinement.0.rightOperand.0'], ['columns twice', refining({ leftOperand: COLUMN, operator: 'isAnyOf', rightOperand: ['a'] }, { leftOperand: COLUMN, operator: 'isAnyOf', rightOperand: ['b'] }), 'target.0.refinement.1'],
    ['free text instead of an operand', refining({ leftOperand: 'teu > 10 or 1=1', operator: 'eq', rightOperand: '1', dataType: 'xsd:string' }), 'target.0.refinement.0.leftOperand'], ['no type', refining({ leftOperand: `${CELL}teu`, operator: 'eq', rightOperand: '1' }), 'target.0.refinement.0.dataType'],
    ['an order of texts', refining({ leftOperand: `${CELL}ship`, operator: 'lt', rightOperand: 'a', dataType: 'xsd:string' }), 'target.0.refinement.0.operator'], ['two values for one', refining({ leftOperand: `${CELL}ship`, operator: 'eq', rightOperand: ['a', 'b'], dataType: 'xsd:string' }), 'target.0.refinement.0.rightOperand'],
    ['a number that is none', refining({ leftOperand: `${CELL}teu`, operator: 'eq', rightOperand: '1e400', dataType: 'xsd:decimal' }), 'target.0.refinement.0.rightOperand.0'], ['a day that does not exist', refining({ leftOperand: `${CELL}on`, operator: 'eq', rightOperand: '2026-02-31', dataType: 'xsd:date' }), 'target.0.refinement.0.rightOperand.0'],
    ['an instant without a zone', refining({ leftOperand: `${CELL}on`, operator: 'gt', rightOperand: '2026-01-01T00:00:00', dataType: 'xsd:dateTime' }), 'target.0.refinement.0.rightOperand.0'],
  ])('refuses %s by its path', (_, document, path) => expect(problems(document).map((p) => p.path)).toContain(path));

  it('is said in plain words, in both languages', () => {
    const clause = (language: 'en' | 'zh') => renderPolicy({ ...base, targets: [target] }, language).at(-1);
    expect(clause('en')).toEqual({ uid: 'part-1', kind: 'SCOPE', text: 'The licence is for a part of the dataset "Calls": its columns "ship", "teu", and of them its rows where "port" is one of "CNSHA", "SG\\"SIN\\n" and "teu" is at least 10.5. The licensee receives a file with nothing else.' });
    expect(clause('zh')!.text).toBe('许可范围为数据集"Calls"的一部分：列"ship"、"teu"，且仅限满足"port"为"CNSHA"、"SG\\"SIN\\n"之一且"teu"不小于10.5的行。被许可方收到的文件不含其他内容。');
  });
  it('is the whole of what is named without a limit, and nothing of what is not named', () => {
    expect([licensedPart({}, DATASET), licensedPart({ targets: [{ ...target, columns: null, rows: [] }] }, DATASET), licensedPart({ targets: [target] }, OTHER)]).toEqual(['WHOLE', 'WHOLE', 'NONE']);
    expect(licensedPart({ targets: [target] }, DATASET)).toEqual({ limit: { columns: target.columns, rows }, digest: limitDigest(target) });
  });
  it('fits tables that have its columns, each exactly once and of its type', () => {
    const column = (n: string, logicalType: string, physicalType = 'VARCHAR') => ({ name: n, types: typesRead({ logicalType, physicalType }) });
    const table = { name: 'calls.csv', columns: [column('ship', 'text'), column('teu', 'decimal'), column('port', 'mixed'), column('twice', 'text'), column('twice', 'text'), column('none', 'empty'), column('n', 'integer', 'BIGINT'), column('at', 'timestamp', 'TIMESTAMP')] };
    const of = (limit: Partial<Target>) => fitProblem({ columns: null, rows: [], ...limit }, [table])?.path;
    const on = (at: string, type: RowCondition['type']): Partial<Target> => ({ rows: [{ column: at, type, operator: 'eq', values: ['x'] }] });
    expect([of(target), of({ columns: ['gone'] }), of({ columns: ['ship', 'twice'] }), of(on('gone', 'string')), of(on('ship', 'decimal')), of(on('teu', 'string')), of(on('n', 'string')), of(on('none', 'date')), of(on('at', 'dateTime')), of(on('at', 'date')), fitProblem(target, [])?.path])
      .toEqual([undefined, 'columns.0', 'columns.1', 'rows.0.column', 'rows.0.type', undefined, 'rows.0.type', undefined, undefined, 'rows.0.type', '']);
    expect(typesDescribed('object')).toEqual([]);
  });
});
