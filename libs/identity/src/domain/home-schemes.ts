import { vatCountry } from './eu-vat.js';
import type { RegistryNumber, RegistryScheme } from './registry-number.js';

const EU_MEMBERS = ['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'] as const;

/**
 * By which schemes a legal entity of a jurisdiction is known at home: a number of any one of them is enough. Elsewhere the LEI. The EFTA states of the
 * EEA issue no number of VIES; of the United Kingdom only Northern Ireland does.
 */
export const HOME_SCHEMES: Readonly<Record<string, readonly RegistryScheme[]>> = {
  CN: ['USCC'], SG: ['UEN'], HK: ['HK_BRN'], GB: ['LEI', 'EU_VAT'], IS: ['LEI'], LI: ['LEI'], NO: ['LEI'],
  ...Object.fromEntries(EU_MEMBERS.map((state) => [state, ['EU_VAT', 'LEI'] as const])),
};

export const homeSchemes = (jurisdiction: string): readonly RegistryScheme[] => HOME_SCHEMES[jurisdiction] ?? ['LEI'];

/** Whether this number says who the entity is at home. A VAT number of another state says only that it trades there. */
export const isHomeNumber = (jurisdiction: string, { scheme, value }: Pick<RegistryNumber, 'scheme' | 'value'>): boolean =>
  homeSchemes(jurisdiction).includes(scheme) && (scheme !== 'EU_VAT' || vatCountry(value) === jurisdiction);
