import { readFileSync } from 'node:fs';
import { readGuidelines } from '../../use-cases/law/guideline-files.js';
import { lawFolder, packagedLaw } from '../../use-cases/law/law-files.js';
import { DocumentError, parseDocument } from './document.js';
import { type Guideline, parseGuideline, unexplained } from './guideline.js';
import type { Law } from './law.js';

const HEAD = ['id: cn-test', 'version: 2026-11-22', 'date: 2026-11-22', 'title: A test', 'rules: cn.one, cn.two'];
const file = (head: readonly string[] = HEAD, body = '# A test'): string => `---\n${head.join('\n')}\n---\n${body}\n`;
const problems = (text: string, name = 'guidelines/cn-test.en.md'): string => {
  try { parseGuideline(text, name); } catch (error) { if (error instanceof DocumentError) return error.message; throw error; }
  return '';
};

describe('a guideline', () => {
  it('is read from its file, under a hash that line ends do not change', () => {
    const read = parseGuideline(file(), 'guidelines/cn-test.en.md');
    expect(read).toMatchObject({ id: 'cn-test', language: 'en', version: '2026-11-22', date: '2026-11-22', title: 'A test', rules: ['cn.one', 'cn.two'], text: '# A test' });
    expect(parseGuideline(file().replaceAll('\n', '\r\n'), 'guidelines/cn-test.en.md').hash).toBe(read.hash);
    expect(parseGuideline(file(HEAD, '# Another'), 'guidelines/cn-test.en.md').hash).not.toBe(read.hash);
  });
  it.each<[string, string, RegExp, string?]>([
    ['no head', '# A test', /must begin with a head/], ['a key twice', file([...HEAD, 'id: cn-test']), /\$\.head\[5\]: must be one of/], ['an unknown key', file([...HEAD, 'mood: good']), /\$\.head\[5\]/],
    ['a key without value', file(HEAD.with(3, 'title:')), /\$\.head\[3\].*\n.*\$\.title: is missing/], ['a missing key', file(HEAD.slice(0, 4)), /\$\.rules: is missing/],
    ['another id than the file', file(), /\$\.id: must be other/, 'guidelines/other.en.md'], ['a third language', file(), /must be called cn-test\.en\.md or cn-test\.zh\.md/, 'guidelines/cn-test.fr.md'],
    ['a day that is none', file(HEAD.with(2, 'date: 2026-02-30')), /\$\.date: must be a day/], ['a rule that is no id', file(HEAD.with(4, 'rules: CN/one')), /\$\.rules: must be ids/],
    ['no text', file(HEAD, ' '), /\$\.text: must have/], ['a text without end', file(HEAD, 'x'.repeat(20_001)), /\$\.text: must have/],
  ])('is refused with %s', (_, text, message, ...[name]) => expect(problems(text, name)).toMatch(message));
});

describe('the packaged guidelines', () => {
  let law: Law;
  let taken: readonly Guideline[];
  beforeAll(async () => {
    law = await packagedLaw();
    const read = await readGuidelines(await lawFolder());
    expect(read.refused).toEqual([]);
    taken = read.taken;
  });

  it('explain every rule of every rulebook, in both languages', () => {
    expect(law.documents.flatMap((d) => unexplained(d, taken, true))).toEqual([]);
    expect(law.documents.flatMap((d) => unexplained(d, taken.filter((g) => !(g.id === 'cn-gba' && g.language === 'zh')), true))).toEqual([expect.stringMatching(/^\$\.rules\[\d+\]\.guideline: there is no text cn-gba\.zh\.md$/)]);
  });
  it('a rule that names none is found, where one is demanded', () => {
    const data = JSON.parse(readFileSync('libs/compliance/law/rulebooks/hk-export-2026-11-22.json', 'utf8')) as { rules: { guideline?: string }[] };
    delete data.rules[1]!.guideline;
    const document = parseDocument(data, 'hk.json');
    expect([unexplained(document, taken, true), unexplained(document, taken, false)]).toEqual([['$.rules[1].guideline: is missing'], []]);
  });
  it('name exactly the rules that link to them, in the same version in each language', () => {
    const rules = law.documents.flatMap((d) => (d.kind === 'rulebook' ? d.content.rules : []));
    for (const g of taken) expect([g.id, [...g.rules].sort()]).toEqual([g.id, rules.filter((r) => r.guideline === g.id).map((r) => r.id).sort()]);
    for (const g of taken) expect(taken.filter((o) => o.id === g.id).map((o) => o.version)).toEqual([g.version, g.version]);
  });
  it('say what they are, where they come from and how sure that is', () => {
    for (const g of taken) {
      expect([g.id, g.text]).toEqual([g.id, expect.stringContaining(g.language === 'en' ? 'not legal advice' : '不构成法律意见')]);
      expect([g.id, /verified|secondary|general-knowledge|已核对|二手资料|一般知识/.test(g.text)]).toEqual([g.id, true]);
      expect(g.text.split('\n').length).toBeGreaterThan(10);
    }
  });
});
