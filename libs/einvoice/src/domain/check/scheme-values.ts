const weighted = (digits: string, weight: (fromTheRight: number) => number): number => [...digits].reverse().reduce((sum, d, i) => sum + Number(d) * weight(i), 0);
const gln = (v: string): boolean => /^\d+$/.test(v) && (10 - (weighted(v.slice(0, -1), (i) => (i % 2 === 0 ? 3 : 1)) % 10)) % 10 === Number(v.at(-1));
const mod11 = (v: string): boolean => /^\d{9}$/.test(v) && Number(v) > 0 && (11 - (weighted(v.slice(0, -1), (i) => (i % 6) + 2) % 11)) % 11 === Number(v.at(-1));
const mod97 = (v: string): boolean => /^\d{10}$/.test(v) && 97 - (Number(v.slice(0, 8)) % 97) === Number(v.slice(8));
const luhn = (v: string): boolean => /^\d{10}$/.test(v) && v.slice(0, 9).split('').reverse().reduce((sum, d, i) => sum + (i % 2 === 0 ? Math.floor((Number(d) * 2) / 10) + ((Number(d) * 2) % 10) : Number(d)), 0) * 9 % 10 === Number(v.at(-1));
const ABN = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
const abn = (v: string): boolean => /^\d{11}$/.test(v) && [...v].reduce((sum, d, i) => sum + (Number(d) - (i === 0 ? 1 : 0)) * ABN[i]!, 0) % 89 === 0;

/** Identifier schemes of which Peppol checks the value: rule of BIS, rule of PINT, check. */
export const SCHEME_VALUES: Readonly<Record<string, readonly [string | null, string | null, (value: string) => boolean]>> = {
  '0088': ['PEPPOL-COMMON-R040', 'ibr-068', gln], '0192': ['PEPPOL-COMMON-R041', 'ibr-069', mod11], '0184': ['PEPPOL-COMMON-R042', 'ibr-070', (v) => /^DK\d{8}$/.test(v)], '0208': ['PEPPOL-COMMON-R043', 'ibr-113', mod97], '0007': ['PEPPOL-COMMON-R049', 'ibr-127', luhn],
  '0151': ['PEPPOL-COMMON-R050', 'ibr-120', abn], '0096': ['PEPPOL-COMMON-R052', null, (v) => /^\d{10}$/.test(v)], '0198': ['PEPPOL-COMMON-R053', null, (v) => /^DK\d{8}$/.test(v)],
};
export const isLuhn = luhn;
