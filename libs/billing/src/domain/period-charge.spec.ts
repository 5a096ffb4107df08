import fc from 'fast-check';
import { commitmentLines, type Meter, type PricePlan, sumLines, usageLines } from '#contracts';
import { type Charged, chargePeriod, COMMITMENT } from './period-charge.js';

const tier = (upTo: string | null, unitPrice: string, flatFeeMinor = '0') => ({ upTo, unitPrice, flatFeeMinor });
const plan = (over: Partial<PricePlan>): PricePlan => ({ id: 'p', label: 'Plan', currency: 'SGD', duration: 'P1Y', period: 'P1M', components: [], minimumCommitmentMinor: null, trial: null, ...over });
const usage = (meter: Meter, model: 'FLAT' | 'GRADUATED' | 'PACKAGE', tiers: ReturnType<typeof tier>[], packageSize: string | null = null) => ({ kind: 'USAGE', label: 'Use', meter, model, tiers, packageSize, freeQuota: '3' }) as const;
const PLAN = plan({ components: [{ kind: 'RECURRING', label: 'Access', minor: '40' }, usage('downloads', 'GRADUATED', [tier('10', '0.333333', '7'), tier(null, '0.1')]), usage('bytes', 'PACKAGE', [tier('40', '0.07'), tier(null, '0.05')], '20')], minimumCommitmentMinor: '300' });

describe('charging a period', () => {
  it('costs in many closings, late use after its end included, what it costs at once, and never gives back', () => {
    const closing = fc.record({ downloads: fc.bigInt({ min: 0n, max: 15n }), bytes: fc.bigInt({ min: 0n, max: 90n }), isOver: fc.boolean() });
    fc.assert(fc.property(fc.array(closing, { minLength: 1, maxLength: 12 }), (closings) => {
      const before = new Map<number, Charged>();
      const used = new Map<Meter, bigint>([['downloads', 0n], ['bytes', 0n]]);
      let over = false;
      for (const { downloads, bytes, isOver } of closings) {
        over ||= isOver;
        const fresh = new Map<Meter, bigint>([['downloads', downloads], ['bytes', bytes]]);
        for (const [meter, n] of fresh) used.set(meter, used.get(meter)! + n);
        for (const c of chargePeriod(PLAN, 0, before, fresh, over)) {
          expect(c.netMinor).toBeGreaterThanOrEqual(0n);
          const sofar = before.get(c.component) ?? { quantity: 0n, netMinor: 0n };
          before.set(c.component, { quantity: sofar.quantity + c.quantity, netMinor: sofar.netMinor + c.netMinor });
        }
        const lines = usageLines(PLAN, used);
        const atOnce = sumLines([...lines, ...(over ? commitmentLines(PLAN, lines) : [])]);
        expect([...before.values()].reduce((sum, c) => sum + c.netMinor, 0n)).toBe(atOnce);
      }
    }), { numRuns: 500 });
  });

  it('comes with corrections, which take back what was used, to what is left at once', () => {
    const step = fc.record({ meter: fc.constantFrom<Meter>('downloads', 'bytes'), quantity: fc.bigInt({ min: -40n, max: 60n }), isOver: fc.boolean() });
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const before = new Map<number, Charged>();
      const used = new Map<Meter, bigint>([['downloads', 0n], ['bytes', 0n]]);
      let over = false;
      for (const { meter, quantity, isOver } of steps) {
        over ||= isOver;
        // Nothing is taken back that was not there.
        const fresh = -quantity > used.get(meter)! ? -used.get(meter)! : quantity;
        used.set(meter, used.get(meter)! + fresh);
        for (const c of chargePeriod(PLAN, 0, before, new Map([[meter, fresh]]), over)) {
          const sofar = before.get(c.component) ?? { quantity: 0n, netMinor: 0n };
          before.set(c.component, { quantity: sofar.quantity + c.quantity, netMinor: sofar.netMinor + c.netMinor });
        }
        const lines = usageLines(PLAN, used);
        expect([...before.values()].reduce((sum, c) => sum + c.netMinor, 0n)).toBe(sumLines([...lines, ...(over ? commitmentLines(PLAN, lines) : [])]));
      }
    }), { numRuns: 500 });
  });

  it('trues the minimum up once, and late use counts against it', () => {
    const first = chargePeriod(PLAN, 2, new Map(), new Map(), true);
    expect(first).toMatchObject([{ period: 2, component: COMMITMENT, netMinor: 260n, quantity: 0n }]);
    const before = new Map([[COMMITMENT, { quantity: 0n, netMinor: 260n }]]);
    expect(chargePeriod(PLAN, 2, before, new Map(), true)).toEqual([]);
    expect(chargePeriod(PLAN, 2, before, new Map([['downloads', 5n]]), true)).toMatchObject([{ component: 1, quantity: 5n, netMinor: 0n }]);
  });
});
