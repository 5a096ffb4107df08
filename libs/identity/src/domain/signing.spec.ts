import fc from 'fast-check';
import { coveringMandate, type MandateTerms } from './signing.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const at = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);
const mandate = (over: Partial<MandateTerms> = {}): MandateTerms => ({ id: 'm', currency: 'CNY', maxMinor: 1_000n, mode: 'ALONE', validFrom: at(-1), validTo: at(1), ...over });
const mode = (mandates: MandateTerms[], minor: bigint, currency = 'CNY') => coveringMandate(mandates, { currency, minor }, NOW)?.mode;

describe('signing authority', () => {
  it.each([
    ['up to the limit', [mandate()], 1_000n, 'ALONE'], ['not one unit above', [mandate()], 1_001n, undefined], ['without limit', [mandate({ maxMinor: null })], 10n ** 15n, 'ALONE'],
    ['with a second above the own limit', [mandate(), mandate({ mode: 'JOINT', maxMinor: 5_000n })], 1_001n, 'JOINT'],
    ['alone where both cover it', [mandate({ mode: 'JOINT', maxMinor: null }), mandate()], 1_000n, 'ALONE'],
    ['not before its time', [mandate({ validFrom: at(0.01) })], 1n, undefined], ['from its first instant', [mandate({ validFrom: NOW })], 1n, 'ALONE'],
    ['not from its last instant on', [mandate({ validTo: NOW })], 1n, undefined], ['without end', [mandate({ validTo: null })], 1n, 'ALONE'], ['nobody without mandate', [], 1n, undefined],
  ] as const)('%s', (_, mandates, minor, expected) => expect(mode([...mandates], minor)).toBe(expected));

  it('gives nothing in another currency', () => expect(mode([mandate({ maxMinor: null })], 1n, 'SGD')).toBeUndefined());

  it('never grows with the amount', () => {
    const terms = fc.record({ maxMinor: fc.option(fc.bigInt(1n, 10n ** 6n)), mode: fc.constantFrom<'ALONE' | 'JOINT'>('ALONE', 'JOINT') });
    const rank = { ALONE: 2, JOINT: 1, NONE: 0 };
    fc.assert(fc.property(fc.array(terms, { maxLength: 6 }), fc.bigInt(1n, 10n ** 6n), fc.bigInt(0n, 10n ** 6n), (list, minor, more) => {
      const mandates = list.map((t) => mandate(t));
      expect(rank[mode(mandates, minor + more) ?? 'NONE']).toBeLessThanOrEqual(rank[mode(mandates, minor) ?? 'NONE']);
    }));
  });
});
