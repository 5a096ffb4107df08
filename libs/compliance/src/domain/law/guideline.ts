import { isDay, sha256Hex } from '#shared';
import { DocumentError } from './document.js';
import type { LawDocument } from './law.js';
import { isDocumentId } from './rulebook-schema.js';

export const GUIDELINE_LANGUAGES = ['en', 'zh'] as const;
export type GuidelineLanguage = (typeof GUIDELINE_LANGUAGES)[number];

/** A text that explains rules to whoever has to act. */
export interface Guideline {
  readonly id: string;
  readonly language: GuidelineLanguage;
  readonly version: string;
  /** The day of the text. */
  readonly date: string;
  readonly title: string;
  /** Ids of the rules that it explains. */
  readonly rules: readonly string[];
  /** Markdown. */
  readonly text: string;
  /** SHA-256 of the file, with line ends as \n. */
  readonly hash: string;
}

const MOST_CHARACTERS = 20_000;
const KEYS = ['id', 'version', 'date', 'title', 'rules'] as const;

/** A guideline from its file `<id>.<language>.md`: a head of `key: value` lines between two lines `---`, then Markdown. Throws a DocumentError that names every place that is wrong. */
export function parseGuideline(source: string, name: string): Guideline {
  const problems: string[] = [];
  const file = source.replaceAll('\r\n', '\n').normalize('NFC');
  const [, front, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file) ?? [];
  if (front === undefined || body === undefined) throw new DocumentError(name, ['$: must begin with a head between two lines ---']);
  const head = new Map<string, string>();
  for (const [i, line] of front.split('\n').entries()) {
    const [, key, value] = /^([a-z]+): *(.*\S)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined || !(KEYS as readonly string[]).includes(key) || head.has(key)) problems.push(`$.head[${i}]: must be one of ${KEYS.join(', ')}, each once`);
    else head.set(key, value);
  }
  for (const key of KEYS) if (!head.has(key)) problems.push(`$.${key}: is missing`);
  const at = (key: (typeof KEYS)[number]): string => head.get(key) ?? '';
  const [id = '', language = ''] = name.slice(name.lastIndexOf('/') + 1).split('.');
  const rules = at('rules').split(/[ ,]+/).filter(Boolean);
  if (at('id') !== id || !isDocumentId(id)) problems.push(`$.id: must be ${id}, as the file is called`);
  if (!(GUIDELINE_LANGUAGES as readonly string[]).includes(language)) problems.push(`$: the file must be called ${id}.en.md or ${id}.zh.md`);
  if (!isDocumentId(at('version'))) problems.push('$.version: must be lower-case words joined by - or .');
  if (!isDay(at('date'))) problems.push('$.date: must be a day, YYYY-MM-DD');
  if (at('title').length > 200) problems.push('$.title: must have at most 200 characters');
  if (!rules.every(isDocumentId)) problems.push('$.rules: must be ids of rules');
  const text = body.trim();
  if (text === '' || text.length > MOST_CHARACTERS || text.includes('\u0000')) problems.push(`$.text: must have from 1 to ${MOST_CHARACTERS} characters`);
  if (problems.length) throw new DocumentError(name, problems);
  return { id, language: language as GuidelineLanguage, version: at('version'), date: at('date'), title: at('title'), rules, text, hash: sha256Hex(file) };
}

/** Rules of a document whose guideline is not there in every language; with `demanded`, those that name none as well. */
export function unexplained(document: LawDocument, guidelines: readonly Guideline[], demanded: boolean): string[] {
  if (document.kind !== 'rulebook') return [];
  return document.content.rules.flatMap(({ guideline }, i) => {
    const at = `$.rules[${i}].guideline`;
    if (guideline === null) return demanded ? [`${at}: is missing`] : [];
    return GUIDELINE_LANGUAGES.filter((language) => !guidelines.some((g) => g.id === guideline && g.language === language)).map((language) => `${at}: there is no text ${guideline}.${language}.md`);
  });
}
