import { canonicalLanguage, UNDETERMINED } from './language.js';
import type { ProductContent } from './product-content.js';
import { languagesOf, type Texts, tidyTranslation, tidyWords, type Translation } from './texts.js';

/** What a draft says before anybody has said more. */
export const BARE: Omit<ProductContent, 'title' | 'description' | 'themes'> = {
  language: UNDETERMINED, translations: {}, keywords: [], spatial: [], temporalStart: null, temporalEnd: null, frequency: null, dataLanguages: [], publisher: null, contact: null, conformsTo: [], related: [], scenario: null,
};

const canonical = (tag: string): string => canonicalLanguage(tag) ?? tag;
const once = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** The text in the form in which it is kept: NFC, canonical tags of languages. */
export function tidyTexts<T extends Texts>(texts: T): T {
  const translations: Record<string, Translation> = {};
  for (const [tag, text] of Object.entries(texts.translations)) translations[canonical(tag)] = tidyTranslation(text);
  return { ...texts, language: canonical(texts.language), title: texts.title.normalize('NFC'), description: texts.description.normalize('NFC'), translations };
}

/** The content with what a vendor changes of it; what he leaves out stays. */
export function editContent(content: ProductContent, change: Partial<ProductContent>): ProductContent {
  const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<ProductContent>;
  const edited = tidyTexts({ ...content, ...said });
  return {
    ...edited, themes: once(edited.themes), keywords: tidyWords(edited.keywords), spatial: once(edited.spatial), dataLanguages: once(edited.dataLanguages.map(canonical)),
    conformsTo: once(edited.conformsTo), related: once(edited.related),
  };
}

/** Of a row, what it says. */
export const contentOf = ({ language, title, description, translations, themes, keywords, spatial, temporalStart, temporalEnd, frequency, dataLanguages, publisher, contact, conformsTo, related, scenario }: ProductContent): ProductContent => ({
  language, title, description, translations, themes, keywords, spatial, temporalStart, temporalEnd, frequency, dataLanguages, publisher, contact, conformsTo, related, scenario,
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly string[] ? string[] : T[K] };
/** The columns that hold it. */
export const columnsOf = (content: ProductContent): Mutable<ProductContent> & { languages: string[]; translations: Record<string, Translation> } => ({
  ...(content as Mutable<ProductContent>), translations: { ...content.translations }, languages: languagesOf(content),
});
