import { readFileSync } from 'node:fs';
import { checkAnswers, type ChecklistAnswer } from './claim.js';
import { parsePack, type ScenarioPack } from './pack.js';

const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(`libs/catalog/packs/${name}-1.0.0.json`, 'utf8')) as Record<string, unknown>;
const PACK = read('supply-chain');
const pack: ScenarioPack = parsePack('supply-chain', PACK);
const answered = (over: readonly ChecklistAnswer[] = []): ChecklistAnswer[] =>
  [...pack.checklist.filter((i) => i.requiredAtSubmit && !over.some((o) => o.code === i.code)).map((i): ChecklistAnswer => ({ code: i.code, answer: 'YES', note: null })), ...over];
const paths = (answers: readonly ChecklistAnswer[], submitting = true): string[] => checkAnswers(pack, answers, submitting).map((p) => p.path);

describe('a pack', () => {
  it.each(['livestream-commerce', 'digital-content', 'supply-chain'])('%s is one', (name) => expect(parsePack(name, read(name)).id).toBe(name));
  it.each<[string, object]>([
    ['$.id', { id: 'Supply Chain' }], ['$.version', { version: '1' }], ['$.title', { title: { en: 'x' } }], ['$.metadata', { metadata: { type: 'object' } }], ['$.rights', { rights: {} }], ['$.extra', { extra: 1 }], ['$.meters', { meters: [] }],
    ['$.checklist', { checklist: [pack.checklist[0], pack.checklist[0]] }], ['$.checklist.0.requiredAtSubmit', { checklist: [{ ...pack.checklist[0], answeredBy: 'ASSESSOR' }] }], ['$.meters.0.unit', { meters: [{ ...pack.meters[0], unit: '' }] }],
  ])('is refused at %s', (path, over) => expect(() => parsePack('file.json', { ...PACK, ...over })).toThrow(`${path}:`));
});

describe('answers to a checklist', () => {
  it('are whole when a product is handed in, and may wait before', () => expect([paths(answered()), paths([], false), paths([]).length]).toEqual([[], [], 4]));
  it.each<[string, ChecklistAnswer, boolean]>([
    ['scenario.answers.military', { code: 'military', answer: 'NO', note: null }, true], ['scenario.answers.0.code', { code: 'sample-traced', answer: 'YES', note: null }, false], ['scenario.answers.0.code', { code: 'constructor', answer: 'YES', note: null }, false],
    ['scenario.answers.0.note', { code: 'military', answer: 'NOT_APPLICABLE', note: 'n/a' }, false], ['scenario.answers.0.note', { code: 'military', answer: 'NOT_APPLICABLE', note: null }, false],
  ])('are refused at %s', (path, answer, submitting) => expect(paths(submitting ? answered([answer]) : [answer], submitting)).toContain(path));
  it('are given once', () => expect(paths([...answered(), { code: 'military', answer: 'YES', note: null }])).toEqual(['scenario.answers.4.code']));
});
