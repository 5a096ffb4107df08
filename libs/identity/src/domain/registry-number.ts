import { stdnum } from 'stdnum';

export const REGISTRY_SCHEMES = ['USCC', 'UEN', 'HK_BRN', 'LEI'] as const;
export type RegistryScheme = (typeof REGISTRY_SCHEMES)[number];
/** NONE: the scheme has no check digit. FAILED is a finding, not a refusal: issued numbers exist that fail. */
export type Checksum = 'PASSED' | 'FAILED' | 'NONE';

export interface RegistryNumber {
  readonly scheme: RegistryScheme;
  readonly value: string;
  readonly checksum: Checksum;
}

/** USCC: GB 32100-2015. UEN: ACRA. HK_BRN: the eight digits of the Business Registration certificate (UBI). LEI: ISO 17442. */
const FORMATS: Record<RegistryScheme, RegExp> = {
  USCC: /^[0-9A-HJ-NPQRTUWXY]{18}$/,
  UEN: /^(\d{8}[A-Z]|\d{9}[A-Z]|[RST]\d{2}[A-Z]{2}\d{4}[A-Z])$/,
  HK_BRN: /^\d{8}$/,
  LEI: /^[A-Z0-9]{18}\d{2}$/,
};

/** Which scheme a legal entity of a jurisdiction has by law; the LEI serves everywhere. */
export const HOME_SCHEME: Readonly<Record<string, RegistryScheme>> = { CN: 'USCC', SG: 'UEN', HK: 'HK_BRN' };

/** Normalises and checks a number; undefined when it does not have the form of its scheme. */
export function parseRegistryNumber(scheme: RegistryScheme, text: string): RegistryNumber | undefined {
  const value = text.normalize('NFKC').replace(/[\s.-]/g, '').toUpperCase();
  if (!FORMATS[scheme].test(value)) return undefined;
  return { scheme, value, checksum: checksumOf(scheme, value) };
}

function checksumOf(scheme: RegistryScheme, value: string): Checksum {
  switch (scheme) {
    case 'USCC': return verdict(stdnum['CN']!['uscc']!.validate(value).isValid);
    case 'UEN': return verdict(stdnum['SG']!['uen']!.validate(value).isValid);
    case 'LEI': return verdict(mod97(value) === 1n);
    case 'HK_BRN': return 'NONE';
    default: return scheme satisfies never;
  }
}

const verdict = (valid: boolean): Checksum => (valid ? 'PASSED' : 'FAILED');
/** ISO 7064 MOD 97-10 with letters as 10 to 35. */
const mod97 = (value: string): bigint => BigInt([...value].map((c) => parseInt(c, 36)).join('')) % 97n;
