import fc from 'fast-check';
import { isUcumForm } from './dictionary.js';
import { BARE, editContent } from './edit-content.js';
import { canonicalLanguage, pickLanguage } from './language.js';
import { checkContent, type ProductContent } from './product-content.js';
import { textIn } from './texts.js';
import { parseVocabulary } from './vocabulary.js';

const VOCABULARIES = {
  theme: parseVocabulary('theme', { id: 'data-theme', iri: 'https://example.org/theme/', title: 'Themes', codes: { TRAN: { en: 'Transport' } } }),
  frequency: parseVocabulary('frequency', { id: 'frequency', iri: 'https://example.org/frequency/', title: 'Frequencies', codes: { DAILY: { en: 'daily' } } }),
};
const CONTENT: ProductContent = { ...BARE, title: 'Port calls', description: 'Calls', themes: ['TRAN'] };

describe('languages', () => {
  it.each([['zh-hans', 'zh-Hans'], ['EN-gb', 'en-GB'], ['und', 'und'], ['qq', null], ['english', null], ['', null], ['x', null], [`en-${'a'.repeat(40)}`, null]])('%s is %s', (tag, canonical) => expect(canonicalLanguage(tag)).toBe(canonical));
  it.each([['zh-Hant-HK', 'zh-Hant'], ['zh-Hans-CN', 'zh'], ['zh', 'zh'], ['fr-CA', null], ['en-x-private', 'en'], ['', null], ['-', null]])('a wish for %s is answered by %s', (wanted, found) => expect(pickLanguage(['en', 'zh', 'zh-Hant'], wanted)).toBe(found));
  it('a wish of any form gets a text', () => {
    const texts = { ...CONTENT, language: 'en', translations: { zh: { title: '挂靠', description: '记录', keywords: [] } } };
    fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom('zh', 'zh-CN', 'en', '__proto__', 'constructor')), (wanted) => expect(['Port calls', '挂靠']).toContain(textIn(texts, wanted).title)));
  });
});

describe('an edit', () => {
  it('leaves what is not said, and is the same said twice', () => {
    const change = fc.record({ keywords: fc.array(fc.string({ maxLength: 5 })), spatial: fc.array(fc.constantFrom('CN', 'SG')), frequency: fc.constantFrom(null, 'DAILY'), language: fc.constantFrom('en', 'zh-hans') }, { requiredKeys: [] });
    fc.assert(fc.property(change, (said) => {
      const once = editContent(CONTENT, said);
      expect(editContent(once, said)).toEqual(once);
      for (const key of Object.keys(CONTENT) as (keyof ProductContent)[]) if (!(key in said)) expect(once[key]).toEqual(CONTENT[key]);
    }));
  });
  it('brings texts to one form', () => expect(editContent(CONTENT, { title: 'Cafe\u0301', keywords: ['a', ' a', 'b'] })).toMatchObject({ title: 'Caf\u00e9', keywords: ['a', 'b'] }));
});

describe('content', () => {
  it('is good as it stands', () => expect(checkContent({ ...CONTENT, frequency: 'DAILY', spatial: ['CN', 'CN-SH'], conformsTo: ['urn:x:y'], temporalStart: '2024-02-29', contact: { name: 'Desk', email: 'a@b.example', url: null } }, VOCABULARIES)).toEqual([]));
  it.each<[string, Partial<ProductContent>]>([
    ['themes.0', { themes: ['constructor'] }], ['frequency', { frequency: 'toString' }], ['spatial.1', { spatial: ['CN', 'EU'] }], ['spatial', { spatial: Array.from({ length: 301 }, () => 'CN') }], ['temporalEnd', { temporalEnd: '2023-02-29' }],
    ['contact.url', { contact: { name: 'x', email: null, url: 'ftp://x' } }], ['publisher.name', { publisher: { name: '\u202e', url: null } }], ['conformsTo.0', { conformsTo: ['no scheme'] }],
  ])('is refused at %s', (path, over) => expect(checkContent({ ...CONTENT, ...over }, VOCABULARIES).map((p) => p.path)).toContain(path));
});

describe('units', () => {
  it.each(['m/s', '[kn_i]', '{TEU}', 'kg.m2/(s2.A)', '10*3'])('%s has the form of UCUM', (code) => expect(isUcumForm(code)).toBe(true));
  it.each(['metres per second', 'm(s', 'm]', '', '米', '([)]'])('%j has not', (code) => expect(isUcumForm(code)).toBe(false));
});

describe('a vocabulary', () => {
  it.each<[string, object]>([['$.id', { id: 'X' }], ['$.iri', { iri: 'nowhere' }], ['$.codes', { codes: {} }], ['$.codes.lower', { codes: { lower: { en: 'x' } } }], ['$.codes.TRAN', { codes: { TRAN: {} } }]])('is refused at %s', (path, over) => {
    expect(() => parseVocabulary('file.json', { id: 'data-theme', iri: 'https://example.org/', title: 'T', codes: { TRAN: { en: 'x' } }, ...over })).toThrow(`file.json ${path}`);
  });
});
