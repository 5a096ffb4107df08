import fc from 'fast-check';
import { VAT_PREFIXES } from './eu-vat.js';
import { parseRegistryNumber, REGISTRY_SCHEMES } from './registry-number.js';

/** As printed by the administrations and in the documentation of python-stdnum. */
const VAT = [
  'ATU13585627', 'BE0428759497', 'BE0403019261', 'BG175074752', 'BG7523169263', 'CY10259033P', 'CZ25123891', 'CZ7103192745', 'DE136695976', 'DK13585628', 'EE100931558', 'EL094259216', 'ES54362315K', 'ESB58378431', 'ESX5253868R', 'FI20774740',
  'FR40303265045', 'FR23334175221', 'FRK7399859412', 'HR33392005961', 'HU12892312', 'IE6433435F', 'IE6433435OA', 'IE8D79739I', 'IT00743110157', 'LT119511515', 'LT100001919017', 'LU15027442', 'LV40003521600', 'MT11679112',
  'NL004495445B01', 'NL123456789B13', 'PL8567346215', 'PT501964843', 'RO18547290', 'SE123456789701', 'SI50223054', 'SK2022749619', 'XI980780684',
];

/** A Bulgarian person's number may be that of another kind of person too; the suffix of an old Dutch number is not checked. */
const LOOSE: Readonly<Record<string, number>> = { BG7523169263: 2, NL004495445B01: 9 };

describe('registry numbers', () => {
  it.each([
    ['USCC', '91350100M000100Y43', 'PASSED'], ['USCC', '9111 0000 8021 00433B', 'PASSED'], ['USCC', '914403003429409755', 'PASSED'], ['USCC', '914403006990676707', 'PASSED'], ['USCC', '91440300L83341734R', 'PASSED'],
    ['USCC', '91350100M0001TGQXM', 'FAILED'], ['USCC', '91350211M0000XUF46', 'FAILED'], ['USCC', '91350203M0001FUE2P', 'FAILED'],
    ['UEN', '00192200M', 'PASSED'], ['UEN', '197401143C', 'PASSED'], ['UEN', 's16fc0121d', 'PASSED'], ['UEN', 'T01FC6132D', 'PASSED'],
    ['UEN', '200212345Z', 'FAILED'], ['UEN', '00192200X', 'FAILED'], ['UEN', 'T01FC6132E', 'FAILED'],
    ['LEI', '506700GE1G29325QX363', 'PASSED'], ['LEI', '5493001KJTIIGC8Y1R12', 'PASSED'], ['LEI', '213800WSGIIZCXF1P572', 'PASSED'], ['LEI', 'HWUPKR0MPOU8FGXBT394', 'PASSED'], ['LEI', '506700GE1G29325QX364', 'FAILED'],
    ['HK_BRN', '12345678', 'NONE'],
  ] as const)('%s %s has checksum %s', (scheme, text, checksum) => {
    expect(parseRegistryNumber(scheme, text)?.checksum).toBe(checksum);
  });

  it.each([
    ['whose check character is 0', '91310115MA1H100420', 'PASSED'], ['of a department with a letter, its organisation code ending in X', 'N2310115MA1H1000XY', 'PASSED'],
    ['that is right as a whole, its organisation code wrong', '91310115MA1H10001Q', 'FAILED'], ['whose organisation code is right, the whole wrong', '91310115MA1H100421', 'FAILED'],
  ] as const)('a USCC %s: %s %s', (_, text, checksum) => expect(parseRegistryNumber('USCC', text)?.checksum).toBe(checksum));

  it.each(VAT)('EU_VAT %s passes, however it is written, and fails with another check digit', (value) => {
    expect(parseRegistryNumber('EU_VAT', value)).toEqual({ scheme: 'EU_VAT', value, checksum: 'PASSED' });
    expect(parseRegistryNumber('EU_VAT', ` ${value.slice(0, 2).toLowerCase()} ${value.slice(2, 5)}.${value.slice(5)}`)?.value).toBe(value);
    const last = [...value].findLastIndex((c) => /\d/.test(c));
    const others = [...'0123456789'].filter((d) => d !== value[last]).map((d) => parseRegistryNumber('EU_VAT', value.slice(0, last) + d + value.slice(last + 1)));
    expect(others.filter((o) => o?.checksum === 'PASSED').length).toBeLessThanOrEqual(LOOSE[value] ?? 0);
  });

  it('knows the twenty-seven members and Northern Ireland, reads GR as EL, and no GB', () => {
    expect(VAT_PREFIXES).toHaveLength(28);
    expect(new Set(VAT.map((v) => v.slice(0, 2)))).toEqual(new Set(VAT_PREFIXES));
    expect(parseRegistryNumber('EU_VAT', 'GR 094259216')?.value).toBe('EL094259216');
    for (const text of ['GB980780684', '980780684', 'DE12345678', 'CHE123456789', 'NO974760673', 'ATU1358562', 'NL123456789C13']) expect(parseRegistryNumber('EU_VAT', text)).toBeUndefined();
  });

  it('does not take what the library wrongly takes', () => {
    expect([...'0123456789'].map((d) => parseRegistryNumber('EU_VAT', `BG999999999${d}`)!.checksum).filter((c) => c === 'PASSED').length).toBeLessThanOrEqual(3);
    expect(parseRegistryNumber('EU_VAT', 'SI10000301')?.checksum).toBe('FAILED');
  });

  it.each([
    ['USCC', '9135'], ['USCC', '91350100M000100I43'], ['USCC', '9135010XM000100Y43'], ['UEN', '12345'], ['HK_BRN', '1234567A'], ['LEI', '506700GE1G29325QX36A'],
    // A dotless i, a Cyrillic letter, a letter with an accent: not what they look like.
    ['LEI', '5493001KJTıIGC8Y1R12'], ['LEI', '549\u0421001KJTIIGC8Y1R1'], ['UEN', '197401143\u0421'], ['UEN', '197401143Ç'],
  ] as const)('%s %s is not of the form', (scheme, text) => {
    expect(parseRegistryNumber(scheme, text)).toBeUndefined();
  });

  it('reads full-width digits as digits, and every dash and what cannot be seen as nothing', () => {
    expect(parseRegistryNumber('HK_BRN', '１２３４５６７８')?.value).toBe('12345678');
    expect(parseRegistryNumber('UEN', '\u200b197401143\u2011c\u00a0')?.value).toBe('197401143C');
    expect(parseRegistryNumber('USCC', '９１３５０１００Ｍ０００１００Ｙ４３')?.checksum).toBe('PASSED');
  });

  it('answers any text with a number in its normal form or nothing, and itself for that', () => {
    fc.assert(fc.property(fc.constantFrom(...REGISTRY_SCHEMES), fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.stringMatching(/^[A-Z]{0,2}[0-9A-Z]{0,20}$/), fc.constantFrom(...VAT)), (scheme, text) => {
      const parsed = parseRegistryNumber(scheme, text);
      if (!parsed) return;
      expect(parsed.value).toMatch(/^[0-9A-Z+*]{4,20}$/);
      expect(parseRegistryNumber(scheme, parsed.value)).toEqual(parsed);
    }), { numRuns: 500 });
  });
});
