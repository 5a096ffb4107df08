const DIGITS_AND_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Sum of each character's place in the alphabet times its weight. */
export const weighted = (text: string, weights: readonly number[], alphabet = DIGITS_AND_LETTERS): number =>
  weights.reduce((sum, weight, i) => sum + alphabet.indexOf(text[i]!) * weight, 0);

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_CODE_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/**
 * GB 32100-2015: the code's own check character, and the one of the organisation code in its places 9 to 17 (GB 11714-1997). The `stdnum` check knows
 * only the first, takes no code whose check character is 0 and none of a registering department with a letter.
 */
export function isUsccSound(value: string): boolean {
  const whole = USCC_ALPHABET[(31 - (weighted(value, USCC_WEIGHTS, USCC_ALPHABET) % 31)) % 31];
  const code = value.slice(8, 17);
  const rest = 11 - (weighted(code, ORGANISATION_CODE_WEIGHTS) % 11);
  return whole === value[17] && (rest === 10 ? 'X' : String(rest % 11)) === code[8];
}

const UEN_OTHERS_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWX0123456789';

/** ACRA's three forms: a business, a local company, any other entity. Not `stdnum`: it reads the system's clock and keeps a list of entity types that grows. */
export function isUenSound(value: string): boolean {
  const check = value.at(-1);
  if (value.length === 9) return 'XMKECAWLJDB'[weighted(value, [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === check;
  if (/^\d/.test(value)) return 'ZKCMDNERGWH'[weighted(value, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === check;
  return UEN_OTHERS_ALPHABET[(weighted(value, [4, 3, 5, 3, 10, 2, 2, 5, 7], UEN_OTHERS_ALPHABET) + 6) % 11] === check;
}

/** ISO 17442 by ISO 7064 MOD 97-10, letters as 10 to 35. */
export const isLeiSound = (value: string): boolean => BigInt([...value].map((c) => parseInt(c, 36)).join('')) % 97n === 1n;
