import { isLeiSound, isUenSound, isUsccSound } from './check-digits.js';
import { isVatForm, isVatSound, vatValue } from './eu-vat.js';

export const REGISTRY_SCHEMES = ['USCC', 'UEN', 'HK_BRN', 'LEI', 'EU_VAT'] as const;
export type RegistryScheme = (typeof REGISTRY_SCHEMES)[number];
/** NONE: the scheme has no check digit. FAILED is a finding that demands the proof of the register, not a refusal: issued numbers exist that fail. */
export type Checksum = 'PASSED' | 'FAILED' | 'NONE';

export interface RegistryNumber {
  readonly scheme: RegistryScheme;
  readonly value: string;
  readonly checksum: Checksum;
}

interface Scheme {
  readonly isForm: (value: string) => boolean;
  readonly isSound: ((value: string) => boolean) | null;
}

/** USCC: GB 32100-2015. UEN: ACRA. HK_BRN: the eight digits of the Business Registration certificate (UBI). LEI: ISO 17442. EU_VAT: with the prefix of VIES. */
const SCHEMES: Record<RegistryScheme, Scheme> = {
  USCC: { isForm: (v) => /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(v), isSound: isUsccSound },
  UEN: { isForm: (v) => /^(\d{8}[A-Z]|\d{9}[A-Z]|[RST]\d{2}[A-Z]{2}\d{4}[A-Z])$/.test(v), isSound: isUenSound },
  HK_BRN: { isForm: (v) => /^\d{8}$/.test(v), isSound: null },
  LEI: { isForm: (v) => /^[A-Z0-9]{18}\d{2}$/.test(v), isSound: isLeiSound },
  EU_VAT: { isForm: isVatForm, isSound: isVatSound },
};

/** Spaces, dots, slashes, every dash, and what cannot be seen. */
const SEPARATORS = /[\s./\p{Pd}\u2212\p{Cf}]/gu;

/** Normalises and checks a number; undefined when it does not have the form of its scheme. */
export function parseRegistryNumber(scheme: RegistryScheme, text: string): RegistryNumber | undefined {
  const plain = text.normalize('NFKC').replace(SEPARATORS, '');
  // Before the case: a dotless i would become an I, and a letter of another script stays one.
  if (!/^[\x21-\x7e]+$/.test(plain)) return undefined;
  const value = scheme === 'EU_VAT' ? vatValue(plain.toUpperCase()) : plain.toUpperCase();
  return SCHEMES[scheme].isForm(value) ? { scheme, value, checksum: checksumOf(scheme, value) } : undefined;
}

/** Of a number in its normal form. */
export function checksumOf(scheme: RegistryScheme, value: string): Checksum {
  const { isSound } = SCHEMES[scheme];
  return isSound ? (isSound(value) ? 'PASSED' : 'FAILED') : 'NONE';
}
