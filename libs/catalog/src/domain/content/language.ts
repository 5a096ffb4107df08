const NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const LONGEST = 35;
/** A text whose language nobody said. */
export const UNDETERMINED = 'und';

/** The canonical form of a BCP 47 tag whose language is registered, `zh-Hant-HK`; null for everything else. */
export function canonicalLanguage(tag: string): string | null {
  if (tag.length > LONGEST) return null;
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    const language = canonical!.split('-')[0]!;
    return language === UNDETERMINED || NAMES.of(language) !== undefined ? canonical! : null;
  } catch {
    return null;
  }
}

/** Which of the languages that are there answers a wish best: itself, then what it is a kind of (RFC 4647, lookup). Null: none. */
export function pickLanguage(there: readonly string[], wanted: string): string | null {
  const known = new Map(there.map((language) => [language.toLowerCase(), language]));
  const parts = wanted.toLowerCase().split('-');
  for (; parts.length; parts.pop()) {
    // A single letter or digit only opens what follows it.
    if (parts.at(-1)!.length === 1) continue;
    const found = known.get(parts.join('-'));
    if (found) return found;
  }
  return null;
}
