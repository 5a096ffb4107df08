import { parseRegistryNumber } from './registry-number.js';

describe('registry numbers', () => {
  it.each([
    ['USCC', '91350100M000100Y43', 'PASSED'], ['USCC', '9111 0000 8021 00433B', 'PASSED'], ['USCC', '91350100M0001TGQXM', 'FAILED'],
    ['UEN', 's16fc0121d', 'PASSED'], ['UEN', '197401143C', 'PASSED'], ['UEN', '200212345Z', 'FAILED'],
    ['LEI', '506700GE1G29325QX363', 'PASSED'], ['LEI', '506700GE1G29325QX364', 'FAILED'], ['HK_BRN', '12345678', 'NONE'],
  ] as const)('%s %s has checksum %s', (scheme, text, checksum) => {
    expect(parseRegistryNumber(scheme, text)?.checksum).toBe(checksum);
  });
  it.each([['USCC', '9135'], ['USCC', '91350100M000100I43'], ['UEN', '12345'], ['HK_BRN', '1234567A'], ['LEI', '506700GE1G29325QX36A']] as const)('%s %s is not of the form', (scheme, text) => {
    expect(parseRegistryNumber(scheme, text)).toBeUndefined();
  });
  it('reads full-width digits as digits', () => {
    expect(parseRegistryNumber('HK_BRN', '１２３４５６７８')?.value).toBe('12345678');
  });
});
