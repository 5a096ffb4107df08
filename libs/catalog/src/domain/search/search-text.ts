import type { Texts } from '../content/texts.js';

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const MAX_WORDS = 1_000;

/** The words of a text, Chinese ones included, lower case and parted by spaces: what PostgreSQL's `simple` dictionary indexes. */
export function searchWords(text: string): string {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
    if (isWordLike) words.push(segment);
    if (words.length >= MAX_WORDS) break;
  }
  return words.join(' ');
}

/** The words of a product in every language that it speaks, by their weight. */
export function wordsOf({ title, description, translations, keywords }: Texts & { readonly keywords: readonly string[] }): { readonly titles: string; readonly keywords: string; readonly descriptions: string } {
  const others = Object.values(translations);
  return {
    titles: searchWords([title, ...others.map((t) => t.title)].join(' . ')),
    keywords: searchWords([...keywords, ...others.flatMap((t) => t.keywords)].join(' . ')),
    descriptions: searchWords([description, ...others.map((t) => t.description)].join(' . ')),
  };
}
