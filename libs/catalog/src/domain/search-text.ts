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
