import fc from 'fast-check';
import { FLOWS } from '../../samples/flows.js';
import { makeDocument } from '../../samples/make-document.js';
import { Random } from '../../samples/random.js';
import { divideHalfUp, minorPlaces, readMinor, renderMinor } from './amount.js';
import { ONE, parseDecimal, roundTwo } from './decimal.js';
import { fitTwoPlaces, totalsOf } from './totals.js';

describe('amounts', () => {
  it.each([[123456n, 'CNY', '1234.56'], [1234n, 'JPY', '1234'], [1234n, 'KWD', '1.234'], [-5n, 'KWD', '-0.005'], [0n, 'JPY', '0']] as const)('%s of %s are %s, and back', (minor, currency, text) => {
    expect(renderMinor(minor, minorPlaces(currency))).toBe(text);
    expect(readMinor(text, minorPlaces(currency))).toBe(minor);
  });
  it.each([['1.005', 2], ['1e3', 2], ['', 2], ['0x10', 2], ['1,5', 2], ['9'.repeat(19), 0]] as const)('%s is not read with %s places', (text, places) => expect(readMinor(text, places)).toBeUndefined());
  it('reads what it writes, to 10^15 minor units', () => {
    fc.assert(fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.constantFrom(0, 2, 3), (minor, places) => expect(readMinor(renderMinor(minor, places), places)).toBe(minor)));
  });
  it('rounds as XPath does: half towards positive infinity', () => {
    for (const [text, rounded] of [['1.005', '1.01'], ['-1.005', '-1.00'], ['-1.006', '-1.01'], ['2.344', '2.34']] as const) expect(roundTwo(parseDecimal(text)!)).toBe(parseDecimal(rounded)!);
    expect(parseDecimal('1')).toBe(ONE);
  });
});

describe('a document in three places', () => {
  it('adds up in two, its total is the exact one rounded half up, and the exact one is said', () => {
    fc.assert(fc.property(fc.nat(), fc.constantFrom(...FLOWS), (seed, flow) => {
      const exact = makeDocument(new Random(seed), 1, flow, 'KWD', { type: 'INVOICE', issuedBy: 'SELLER' });
      const { document, places } = fitTwoPlaces(exact);
      expect(places).toBe(2);
      const [before, after] = [totalsOf(exact), totalsOf(document)];
      expect(after.gross).toBe(divideHalfUp(before.gross, 10n));
      expect(document.note).toContain(renderMinor(before.gross, 3));
      document.lines.forEach((line, i) => expect(Math.abs(Number(line.netMinor * 10n - exact.lines[i]!.netMinor))).toBeLessThanOrEqual(10));
    }), { numRuns: 200 });
  });
  it('leaves the others as they are', () => {
    const document = makeDocument(new Random(1), 1, FLOWS[0]!, 'JPY', { type: 'INVOICE', issuedBy: 'SELLER' });
    expect(fitTwoPlaces(document)).toEqual({ document, places: 0, rule: null });
  });
});
