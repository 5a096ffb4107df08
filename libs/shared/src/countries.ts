import { iso31661, iso31662 } from 'iso-3166';

const COUNTRIES = new Map(iso31661.filter((c) => c.state === 'assigned').map((c) => [c.alpha2, c.name]));
const SUBDIVISIONS = new Set(iso31662.map((s) => s.code));

/** Whether it is an assigned ISO 3166-1 alpha-2 code. */
export const isCountry = (code: string): boolean => COUNTRIES.has(code);
export const countryName = (code: string): string => COUNTRIES.get(code) ?? code;
/** Whether it is an ISO 3166-2 code, `CN-SH`. */
export const isSubdivision = (code: string): boolean => SUBDIVISIONS.has(code);
