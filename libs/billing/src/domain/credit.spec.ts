import fc from 'fast-check';
import type { PricePlan } from '#contracts';
import { type Credit, creditFor, creditLine, creditTexts, draw, drawnMinor, type OpenCredit } from './credit.js';

const plan = (over: Partial<PricePlan>): PricePlan => ({
  id: 'p', label: 'Plan', currency: 'SGD', duration: 'P1Y', period: 'P1M', minimumCommitmentMinor: null, trial: null, components: [{ kind: 'ONE_OFF', label: 'Set-up', minor: '5000' }, { kind: 'RECURRING', label: 'Access', minor: '20000' }, { kind: 'RECURRING', label: 'Support', minor: '101' }], ...over,
});
const credit = (netMinor: bigint, over: Partial<Credit> = {}): Credit => ({
  id: 'c', licenceId: 'l', agreementId: 'a', vendorId: 'v', buyerId: 'b', cause: 'REST', ofLicenceId: 'l', period: 1, days: 5, ofDays: 31, spanFrom: new Date('2026-03-01T09:00:00Z'), spanUntil: new Date('2026-04-01T09:00:00Z'), currency: 'SGD', netMinor, givenAt: new Date(0), ...over,
});

describe('credits', () => {
  it('are of what recurs, each line rounded once; of everything where one fixed term is paid', () => {
    expect(creditFor(plan({}), 1, { days: 5, of: 31 })).toBe(3_226n + 17n);
    expect(creditFor(plan({}), 0, { days: 31, of: 31 })).toBe(20_101n);
    expect(creditFor(plan({ period: null }), 0, { days: 31, of: 31 })).toBe(25_101n);
  });

  it('are drawn oldest first, never beyond what is to be paid nor beyond what is open', () => {
    fc.assert(fc.property(fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { maxLength: 9 }), fc.bigInt({ min: 0n, max: 30_000n }), (opens, due) => {
      const open = opens.map((openMinor, i): OpenCredit => ({ ...credit(openMinor + 1n), id: `${i}`, openMinor }));
      const drawn = draw(open, due);
      const all = opens.reduce((a, b) => a + b, 0n);
      expect(drawnMinor(drawn)).toBe(all < due ? all : due);
      expect(drawn.every((d) => d.netMinor > 0n && d.netMinor <= open[Number(d.credit.id)]!.openMinor)).toBe(true);
      // What is not used up is the last.
      expect(drawn.slice(0, -1).every((d) => d.netMinor === open[Number(d.credit.id)]!.openMinor)).toBe(true);
    }));
  });

  it('say why they are given, in both languages and on the invoice', () => {
    expect(creditTexts(credit(3_226n))[0]).toMatch(/^Credit: licence l rested on 5 of the 31 days from 2026-03-01 to 2026-04-01, not by its buyer's doing: .*32\.26/);
    expect(creditTexts(credit(1n, { cause: 'UNUSED' }))[1]).toMatch(/^抵扣：被替换的许可 l .*剩余 5 天/);
    expect(creditLine({ credit: credit(3_226n), netMinor: 1_000n })).toMatchObject({ quantity: 1n, unitPrice: '-10.00', net: { minor: -1_000n }, description: expect.stringMatching(/, of it .*10\.00 here$/) as string });
  });
});
