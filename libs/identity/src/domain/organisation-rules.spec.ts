import { ASSURANCE_LEVELS, lowestFor, REGISTERED_LEVEL, verificationDueAt } from './assurance.js';
import { homeSchemes, isHomeNumber } from './home-schemes.js';
import { EXTRACT_MAX_DAYS, proofProblem, type RegistryProof } from './registry-proof.js';
import type { RegistryNumber } from './registry-number.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const daysAgo = (days: number, ms = 0): Date => new Date(NOW.getTime() - days * 86_400_000 + ms);

describe('assurance levels', () => {
  it('rise in rights, each good for a time, and trade begins above registration', () => {
    expect(ASSURANCE_LEVELS.map((l) => l.level)).toEqual([1, 2, 3, 4]);
    for (const [i, { permits }] of ASSURANCE_LEVELS.entries()) if (i > 0) for (const right of ASSURANCE_LEVELS[i - 1]!.permits) expect(permits).toContain(right);
    expect([REGISTERED_LEVEL, lowestFor('trade'), lowestFor('file-across-borders')]).toEqual([1, 2, 3]);
    expect([2, 3, 4].map((l) => (verificationDueAt(l, NOW).getTime() - NOW.getTime()) / 86_400_000)).toEqual([365, 730, 730]);
    for (const level of [0, 1, 5]) expect(() => verificationDueAt(level, NOW)).toThrow();
  });
});

describe('home schemes', () => {
  const number = (scheme: RegistryNumber['scheme'], value: string) => ({ scheme, value });
  it.each([
    ['CN', 'USCC', 'x', true], ['CN', 'LEI', 'x', false], ['SG', 'UEN', 'x', true], ['HK', 'HK_BRN', 'x', true], ['US', 'LEI', 'x', true], ['US', 'EU_VAT', 'DE1', false],
    ['DE', 'EU_VAT', 'DE136695976', true], ['DE', 'LEI', 'x', true], ['FR', 'EU_VAT', 'DE136695976', false], ['GR', 'EU_VAT', 'EL094259216', true], ['GB', 'EU_VAT', 'XI980780684', true], ['NO', 'EU_VAT', 'SE123456789701', false], ['NO', 'LEI', 'x', true],
  ] as const)('in %s a number of %s (%s) is one of home: %s', (jurisdiction, scheme, value, is) => expect(isHomeNumber(jurisdiction, number(scheme, value))).toBe(is));
  it('is the LEI where nothing else is said', () => expect(homeSchemes('BR')).toEqual(['LEI']));
});

describe('registry proofs', () => {
  const held: RegistryNumber[] = [{ scheme: 'USCC', value: '91350100M0001TGQXM', checksum: 'FAILED' }, { scheme: 'LEI', value: '506700GE1G29325QX363', checksum: 'PASSED' }];
  const proof = (over: Partial<RegistryProof> = {}): RegistryProof => ({ scheme: 'USCC', register: 'SAMR', reference: '1', extractedAt: daysAgo(1), ...over });
  it.each([
    [[], 'needed'], [[proof({ scheme: 'LEI' })], 'needed'], [[proof()], undefined], [[proof(), proof({ scheme: 'LEI' })], undefined], [[proof(), proof({ scheme: 'UEN' })], 'not-held'], [[proof(), proof()], 'twice'],
    [[proof({ extractedAt: daysAgo(0) })], undefined], [[proof({ extractedAt: daysAgo(0, 1) })], 'date'], [[proof({ extractedAt: daysAgo(EXTRACT_MAX_DAYS) })], undefined], [[proof({ extractedAt: daysAgo(EXTRACT_MAX_DAYS, -1) })], 'date'],
  ] as [RegistryProof[], string | undefined][])('%#: %j is %s', (proofs, kind) => expect(proofProblem(held, proofs, NOW)?.kind).toBe(kind));
  it('are not demanded where the check digits are right, or there are none', () => {
    expect(proofProblem([held[1]!, { scheme: 'HK_BRN', value: '12345678', checksum: 'NONE' }], [], NOW)).toBeUndefined();
  });
});
