import { isDate } from './value.js';

const DIGITS_AND_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const weigh = (text: string, weights: readonly number[]): number => weights.reduce((sum, weight, i) => sum + DIGITS_AND_LETTERS.indexOf(text[i]!) * weight, 0);

/** Provinces of GB/T 2260, and 91 and 92 for people from Hong Kong, Macau and Taiwan, 83 of residence permits. */
const REGIONS = new Set('11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 92'.split(' '));
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643-1999: region, day of birth that exists and is not to come, check character of ISO 7064 MOD 11-2. */
export function isResidentId(bare: string, today: string): boolean {
  if (!/^\d{17}[\dX]$/.test(bare) || !REGIONS.has(bare.slice(0, 2))) return false;
  const day = birthDayOfResidentId(bare);
  if (day < '1850-01-01' || day > today || !isDate(Number(bare.slice(6, 10)), Number(bare.slice(10, 12)), Number(bare.slice(12, 14)))) return false;
  return '10X98765432'[weigh(bare, RESIDENT_WEIGHTS) % 11] === bare[17];
}
export const birthDayOfResidentId = (bare: string): string => `${bare.slice(6, 10)}-${bare.slice(10, 12)}-${bare.slice(12, 14)}`;

/** Singapore NRIC and FIN: weights of the seven digits, an offset of the century letter, an alphabet of its own for each series. */
export function isNric(bare: string): boolean {
  if (!/^[STFGM]\d{7}[A-Z]$/.test(bare)) return false;
  const sum = weigh(bare.slice(1), [2, 7, 6, 5, 4, 3, 2]) + { S: 0, F: 0, T: 4, G: 4, M: 3 }[bare[0] as 'S'];
  if (bare[0] === 'M') return 'KLJNPQRTUWX'[10 - (sum % 11)] === bare[8];
  return ('ST'.includes(bare[0]!) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[sum % 11] === bare[8];
}

/** Korean resident registration number as issued until October 2020; later ones have no check digit and need the column's name. */
export function isRrn(bare: string): boolean {
  return isRrnShaped(bare) && (11 - (weigh(bare, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(bare[12]);
}
export function isRrnShaped(bare: string): boolean {
  if (!/^\d{13}$/.test(bare)) return false;
  const century = '90'.includes(bare[6]!) ? 1800 : '1256'.includes(bare[6]!) ? 1900 : 2000;
  return isDate(century + Number(bare.slice(0, 2)), Number(bare.slice(2, 4)), Number(bare.slice(4, 6)));
}

/** Japanese individual number (My Number). */
export function isMyNumber(bare: string): boolean {
  if (!/^\d{12}$/.test(bare)) return false;
  const rest = weigh(bare, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === Number(bare[11]);
}

/** ISO/IEC 7812: the check digit of payment cards and IMEI. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0 && /[1-9]/.test(digits);
}

/** ISO 13616 by ISO 7064 MOD 97-10. */
export function isIban(bare: string): boolean {
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(bare)) return false;
  let rest = 0;
  for (const character of bare.slice(4) + bare.slice(0, 4)) {
    const value = DIGITS_AND_LETTERS.indexOf(character);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
