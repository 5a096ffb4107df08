import { type FieldProblem, isPlainText, LIMITS } from '#shared';
import { canonicalLanguage, pickLanguage } from './language.js';

/** A catalogue of twenty languages serves every market of the exchange; each costs its whole text again. */
export const MAX_TRANSLATIONS = 20;
export const MAX_KEYWORDS = 50;
const KEYWORD_LENGTH = 60;

export interface Translation {
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
}
/** Title and description in a default language, and in others. */
export interface Texts {
  readonly language: string;
  readonly title: string;
  readonly description: string;
  readonly translations: Readonly<Record<string, Translation>>;
}

/** Every language that the texts are there in, the default first. */
export const languagesOf = ({ language, translations }: Pick<Texts, 'language' | 'translations'>): string[] => [language, ...Object.keys(translations).sort()];

/** In the language that is wished for, or one that it is a kind of; else in the default language. */
export function textIn(texts: Pick<Texts, 'language' | 'title' | 'description' | 'translations'>, wanted: string | null | undefined): Pick<Translation, 'title' | 'description'> & { readonly keywords: readonly string[] | null } {
  const found = wanted ? pickLanguage(languagesOf(texts), wanted) : null;
  if (found === null || found === texts.language) return { title: texts.title, description: texts.description, keywords: null };
  return texts.translations[found]!;
}

/** NFC, without what repeats; order as given. */
export const tidyWords = (words: readonly string[]): string[] => [...new Set(words.map((w) => w.normalize('NFC').trim()))];

export const tidyTranslation = ({ title, description, keywords }: Translation): Translation => ({ title: title.normalize('NFC'), description: description.normalize('NFC'), keywords: tidyWords(keywords) });

export function checkKeywords(keywords: readonly string[], path: string): FieldProblem[] {
  if (keywords.length > MAX_KEYWORDS) return [{ path, message: `at most ${MAX_KEYWORDS}` }];
  return keywords.flatMap((word, i) => (word.length > 0 && word.length <= KEYWORD_LENGTH && isPlainText(word) ? [] : [{ path: `${path}.${i}`, message: `plain text of at most ${KEYWORD_LENGTH} characters` }]));
}

/** What is wrong with the languages of a text and with its translations. Their tags must be canonical. */
export function checkTexts({ language, translations }: Texts, keywordsToo: boolean): FieldProblem[] {
  const problems: FieldProblem[] = canonicalLanguage(language) === language ? [] : [{ path: 'language', message: 'a BCP 47 language: en, zh-Hans' }];
  const entries = Object.entries(translations);
  if (entries.length > MAX_TRANSLATIONS) problems.push({ path: 'translations', message: `at most ${MAX_TRANSLATIONS} languages` });
  for (const [tag, { title, description, keywords }] of entries) {
    const path = `translations.${tag}`;
    if (canonicalLanguage(tag) !== tag || tag === language) problems.push({ path, message: 'a BCP 47 language other than the default one' });
    if (!isPlainText(title) || title.length > LIMITS.shortText) problems.push({ path: `${path}.title`, message: `plain text of at most ${LIMITS.shortText} characters` });
    if (!/\S/.test(description) || description.length > LIMITS.longText) problems.push({ path: `${path}.description`, message: `a text of at most ${LIMITS.longText} characters` });
    problems.push(...(keywordsToo ? checkKeywords(keywords, `${path}.keywords`) : keywords.length ? [{ path: `${path}.keywords`, message: 'a dataset has no keywords' }] : []));
  }
  return problems;
}
