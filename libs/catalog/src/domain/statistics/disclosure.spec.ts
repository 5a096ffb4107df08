import fc from 'fast-check';
import { type Cell, type Contribution, disclosed, isSafe, OTHER, tradesOf, valueOf } from './disclosure.js';
import { growth, isMonth, isOver, monthAfter } from './months.js';

const trade = (n: number, over: Partial<Contribution> = {}): Contribution => ({ sector: 'TRAN', vendorCountry: 'CN', buyerCountry: 'SG', vendorId: `v${n}`, buyerId: `b${n}`, trades: 1n, valueMinor: 100n, ...over });
const three = (over: Partial<Contribution> = {}, from = 0): Contribution[] => [0, 1, 2].map((n) => trade(from + n, over));
const shown = (cells: readonly Cell[]): Record<string, bigint> => Object.fromEntries(cells.map((c) => [`${c.breakdown} ${c.cell}`, valueOf(c.of)]));
const contribution = fc.record<Contribution>({
  sector: fc.constantFrom('TRAN', 'ECON', 'ENVI', ''), vendorCountry: fc.constantFrom('CN', 'SG'), buyerCountry: fc.constantFrom('SG', 'DE', 'HK'),
  vendorId: fc.constantFrom('v1', 'v2', 'v3', 'v4', 'v5'), buyerId: fc.constantFrom('b1', 'b2', 'b3', 'b4', 'b5'), trades: fc.bigInt({ min: 1n, max: 4n }), valueMinor: fc.bigInt({ min: 0n, max: 500n }),
});
const months = fc.array(contribution, { maxLength: 40 });

describe('disclosure control', () => {
  it.each([
    ['three on each side', three(), true], ['two vendors', [trade(1), trade(2), trade(1, { buyerId: 'b9' })], false], ['two buyers', [trade(1), trade(2), trade(3, { buyerId: 'b1' })], false], ['nobody', [], false],
    ['two who make more than 85 %', [trade(1, { valueMinor: 500n }), trade(2, { valueMinor: 351n }), trade(3, { valueMinor: 149n })], false], ['two who make 85 %', [trade(1, { valueMinor: 500n }), trade(2, { valueMinor: 350n }), trade(3, { valueMinor: 150n })], true],
    ['three who trade for nothing', three({ valueMinor: 0n }), true], ['a buyer who dominates through many vendors', [trade(1), trade(2), trade(3, { buyerId: 'b1', valueMinor: 9_000n }), trade(4)], false],
  ])('of %s', (_, of, safe) => expect(isSafe(of)).toBe(safe));

  it('shows nothing of a month of too few', () => expect(disclosed([trade(1), trade(2)])).toEqual([]));
  it('shows what is safe by itself', () => expect(shown(disclosed([...three(), ...three({ sector: 'ECON', buyerCountry: 'DE' }, 3)]))).toEqual({ 'TOTAL ': 600n, 'SECTOR TRAN': 300n, 'SECTOR ECON': 300n, 'COUNTRY_PAIR CN>SG': 300n, 'COUNTRY_PAIR CN>DE': 300n }));
  it('hides a single trade with the smallest other cell, as the total would tell it', () => {
    const cells = disclosed([...three({ valueMinor: 200n }), ...three({ sector: 'ECON' }, 3), trade(9, { sector: 'ENVI', valueMinor: 70n })]);
    expect(shown(cells.filter((c) => c.breakdown === 'SECTOR'))).toEqual({ 'SECTOR TRAN': 600n, 'SECTOR OTHER': 370n });
  });
  it('takes several small ones together where they are safe together', () => {
    const cells = disclosed([...three({ valueMinor: 200n }), ...['A', 'B', 'C'].map((sector, n) => trade(10 + n, { sector }))]);
    expect(shown(cells.filter((c) => c.breakdown === 'SECTOR'))).toEqual({ 'SECTOR TRAN': 600n, 'SECTOR OTHER': 300n });
  });
  it('shows no cell of one table whose difference from one of the other tells a trade', () => {
    // All of TRAN goes from CN to SG, and one trade of ECON with it: the pair less the sector would be that trade.
    const cells = disclosed([...three({ valueMinor: 200n }), trade(8, { sector: 'ECON' }), ...three({ sector: 'ECON', buyerCountry: 'DE', valueMinor: 300n }, 3)]);
    expect(shown(cells)).not.toMatchObject({ 'SECTOR TRAN': 600n, 'COUNTRY_PAIR CN>SG': 700n });
    expect(shown(cells)).toMatchObject({ 'TOTAL ': 1_600n });
  });

  it('whatever is traded: each table sums to the total, each cell is safe, and so is what the shown ones leave', () => fc.assert(fc.property(months, (all) => {
    const cells = disclosed(all);
    if (!isSafe(all)) return expect(cells).toEqual([]);
    for (const breakdown of ['TOTAL', 'SECTOR', 'COUNTRY_PAIR'] as const) {
      const table = cells.filter((c) => c.breakdown === breakdown);
      expect([tradesOf(table.flatMap((c) => c.of)), valueOf(table.flatMap((c) => c.of)), new Set(table.map((c) => c.cell)).size]).toEqual([tradesOf(all), valueOf(all), table.length]);
      for (const cell of table) expect(isSafe(cell.of)).toBe(true);
      const named = new Set(table.filter((c) => c.cell !== OTHER).flatMap((c) => c.of));
      const left = all.filter((c) => !named.has(c));
      expect(left.length === 0 || isSafe(left)).toBe(true);
    }
    const [sectors, pairs] = (['SECTOR', 'COUNTRY_PAIR'] as const).map((b) => cells.filter((c) => c.breakdown === b)) as [Cell[], Cell[]];
    for (const [inner, outer] of [[sectors, pairs], [pairs, sectors]] as const) {
      for (const a of inner) for (const b of outer) {
        const rest = b.of.filter((c) => !a.of.includes(c));
        if (rest.length > 0 && a.of.every((c) => b.of.includes(c))) expect(isSafe(rest)).toBe(true);
      }
    }
  }), { numRuns: 400 }));
});

describe('months', () => {
  it('follow each other', () => expect([monthAfter('2026-01'), monthAfter('2026-09'), monthAfter('2026-12'), isMonth('2026-13'), isMonth('2026-00'), isMonth('2026-11')]).toEqual(['2026-02', '2026-10', '2027-01', false, false, true]));
  it('are over some days after their end', () => expect([isOver('2026-11', new Date('2026-12-03T23:59:59Z')), isOver('2026-11', new Date('2026-12-04T00:00:00Z'))]).toEqual([false, true]));
  it('grow by percents, exactly', () => {
    expect([growth(150n, 100n), growth(100n, 150n), growth(1n, 0n), growth(0n, 100n), growth(100n, 100n), growth(10n ** 30n, 1n), growth(10_001n, 10_000n * 2n), growth(99_999_999n, 100_000_000n)]).toEqual(['50.00', '-33.33', null, '-100.00', '0.00', `${10n ** 32n - 100n}.00`, '-50.00', '0.00']);
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.bigInt({ min: 0n, max: 10n ** 15n }), (before, now) => {
      const text = growth(now, before)!;
      expect(text).toMatch(/^-?\d+\.\d{2}$/);
      const hundredths = BigInt(text.replace('.', ''));
      const error = 2n * (hundredths * before - (now - before) * 10_000n);
      expect(error <= before && error >= -before).toBe(true);
    }));
  });
});
