/**
 * Scripts whose spelling needs the joiners (U+200C, U+200D) within words: Persian, Sinhala, Malayalam and others (UAX 31, 2.3). In other
 * scripts a joiner is not seen, so that two names that look the same would not be.
 */
const SCRIPTS = ['Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Myanmar', 'Khmer'];
/** A letter or mark of theirs that is seen. */
const JOINING = `[[[${SCRIPTS.map((script) => `\\p{Script=${script}}`).join('')}]&&[\\p{L}\\p{M}]]--\\p{Default_Ignorable_Code_Point}]`;
const JOINER = '[\\u200C\\u200D]';
const STRAY_JOINERS = new RegExp(`(?<!${JOINING})${JOINER}|${JOINER}(?!${JOINING})`, 'gv');
const JOINERS = new RegExp(JOINER, 'gv');

/**
 * What makes a text look like another one: control characters and line breaks, everything that turns the direction of writing (Trojan Source,
 * CVE-2021-42574), everything that is not seen (Default_Ignorable_Code_Point; U+2800 is a blank too), private use and half surrogates.
 */
const DISGUISE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
const DISGUISES = new RegExp(DISGUISE.source, 'gu');
/** More marks on one letter than any spelling needs hide the lines around it (UTS 39, 5.4). */
const PILED_MARKS = /[\p{Mn}\p{Me}]{5}/u;

/**
 * Whether a name or title shows what it is, in any script: at least one letter, digit or sign, nothing unseen, nothing that disguises it
 * (UTS 39). Letters of different scripts that look alike are let through; what tells organisations apart is their registry number.
 */
export function isPlainText(text: string): boolean {
  const seen = text.replace(JOINERS, '');
  return text.search(STRAY_JOINERS) < 0 && !DISGUISE.test(seen) && /[\p{L}\p{N}\p{S}\p{P}]/u.test(seen) && !PILED_MARKS.test(seen.normalize('NFD'));
}

/** The text without what would disguise it, for names that others assert and that are not refused on that account. */
export function undisguised(text: string): string {
  const seen = text.replace(/[\t\n\v\f\r\u2028\u2029]+/g, ' ').replace(DISGUISES, (c) => (c === '\u200c' || c === '\u200d' ? c : ''));
  return seen.replace(STRAY_JOINERS, '').normalize('NFC').trim();
}
