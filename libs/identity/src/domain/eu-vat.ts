import { stdnum } from 'stdnum';
import { weighted } from './check-digits.js';

interface VatRegime {
  /** What follows the prefix, as VIES gives it. */
  readonly form: RegExp;
  /** Whether the check digits of a number of that form are right. */
  readonly check: (body: string) => boolean;
  /** ISO 3166-1 of the state, where the prefix is another. */
  readonly country?: string;
}

/** The library wants the prefix before the number: it strips one, and a French key may itself begin with the letters of the prefix. */
const library = (country: string, kind: string, prefix = country) => (body: string): boolean => stdnum[country]![kind]!.validate(`${prefix}${body}`).isValid;

/**
 * VAT identification numbers by prefix (Directive 2006/112/EC Art. 215; EL is Greece, XI Northern Ireland under the Windsor Framework). Form as in VIES.
 * The check digits are those of `stdnum`, except where it is wrong: see BG and SI.
 */
const REGIMES: Readonly<Record<string, VatRegime>> = {
  AT: { form: /^U\d{8}$/, check: library('AT', 'uid') },
  BE: { form: /^[01]\d{9}$/, check: library('BE', 'vat') },
  BG: { form: /^\d{9,10}$/, check: bulgarian },
  CY: { form: /^\d{8}[A-Z]$/, check: library('CY', 'vat') },
  CZ: { form: /^\d{8,10}$/, check: library('CZ', 'dic') },
  DE: { form: /^[1-9]\d{8}$/, check: library('DE', 'vat') },
  DK: { form: /^\d{8}$/, check: library('DK', 'cvr') },
  EE: { form: /^\d{9}$/, check: library('EE', 'kmkr') },
  EL: { form: /^\d{9}$/, check: library('GR', 'vat', 'EL'), country: 'GR' },
  ES: { form: /^([A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/, check: library('ES', 'nif') },
  FI: { form: /^\d{8}$/, check: library('FI', 'alv') },
  FR: { form: /^[0-9A-HJ-NP-Z]{2}\d{9}$/, check: library('FR', 'tva') },
  HR: { form: /^\d{11}$/, check: library('HR', 'oib') },
  HU: { form: /^\d{8}$/, check: library('HU', 'anum') },
  IE: { form: /^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$/, check: library('IE', 'vat') },
  IT: { form: /^\d{11}$/, check: library('IT', 'iva') },
  LT: { form: /^(\d{9}|\d{12})$/, check: library('LT', 'pvm') },
  LU: { form: /^\d{8}$/, check: library('LU', 'tva') },
  LV: { form: /^\d{11}$/, check: library('LV', 'pvn') },
  MT: { form: /^\d{8}$/, check: library('MT', 'vat') },
  NL: { form: /^\d{9}B\d{2}$/, check: library('NL', 'btw') },
  PL: { form: /^\d{10}$/, check: library('PL', 'nip') },
  PT: { form: /^[1-9]\d{8}$/, check: library('PT', 'nif') },
  RO: { form: /^[1-9]\d{1,9}$/, check: library('RO', 'cif') },
  SE: { form: /^\d{12}$/, check: library('SE', 'vat') },
  SI: { form: /^[1-9]\d{7}$/, check: slovenian },
  SK: { form: /^[1-9]\d{9}$/, check: library('SK', 'dph') },
  XI: { form: /^(\d{9}|\d{12}|(GD|HA)\d{3})$/, check: library('GB', 'vat'), country: 'GB' },
};

export const VAT_PREFIXES = Object.keys(REGIMES);

/** `GR` is what people write, `EL` what the number carries. */
export const vatValue = (text: string): string => text.replace(/^GR/, 'EL');

export const isVatForm = (value: string): boolean => REGIMES[value.slice(0, 2)]?.form.test(value.slice(2)) ?? false;
/** Whether the check digits of a number of the form are right. */
export const isVatSound = (value: string): boolean => REGIMES[value.slice(0, 2)]?.check(value.slice(2)) ?? false;
/** ISO 3166-1 of the state that issued it. */
export const vatCountry = (value: string): string => REGIMES[value.slice(0, 2)]?.country ?? value.slice(0, 2);

/** Ten digits are a person's (citizen or foreigner) or another's number; the library's rule for others takes nearly any digit. */
function bulgarian(body: string): boolean {
  if (body.length === 9) return library('BG', 'vat')(body);
  const other = 11 - (weighted(body.slice(0, 9), [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return stdnum['BG']!['egn']!.validate(body).isValid || stdnum['BG']!['pnf']!.validate(body).isValid || (other !== 10 && String(other % 11) === body[9]);
}

/** A sum that 11 divides is never issued; the library reads its check digit as 1. */
function slovenian(body: string): boolean {
  return weighted(body.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) % 11 !== 0 && library('SI', 'ddv')(body);
}
