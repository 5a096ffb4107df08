import fc from 'fast-check';
import { priceTimes, roundScaled, scaledDecimal } from '#shared';
import { checkPlan } from './check-plan.js';
import type { PlanTerms, PriceTier, UsageComponent, UsageModel } from './price-plan.js';
import { boundMinor, commitmentLines, quote, startLines, sumLines, usageLines } from './quote.js';
import { explainLine } from './quote-text.js';
import { rateUsage, sumParts } from './rate-usage.js';

const plan = (over: Partial<PlanTerms> = {}): PlanTerms => ({ label: 'Plan', currency: 'SGD', duration: 'P1Y', period: 'P1M', components: [], minimumCommitmentMinor: null, trial: null, ...over });
const once = (minor: string) => ({ kind: 'ONE_OFF', label: 'Set-up', minor }) as const;
const monthly = (minor: string) => ({ kind: 'RECURRING', label: 'Access', minor }) as const;
const tier = (upTo: string | null, unitPrice: string, flatFeeMinor = '0'): PriceTier => ({ upTo, unitPrice, flatFeeMinor });
const usage = (model: UsageModel, tiers: readonly PriceTier[], over: Partial<UsageComponent> = {}): UsageComponent => ({ kind: 'USAGE', label: 'Downloads', meter: 'downloads', model, tiers, packageSize: null, freeQuota: '0', ...over });
const total = (component: UsageComponent, units: bigint): bigint => sumLines(usageLines(plan({ components: [component] }), new Map([['downloads', units]])));

/** A price below ten of the major unit with up to six places. */
const price = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 999_999 })).map(([whole, rest]) => `${whole}.${String(rest).padStart(6, '0')}`);
const anyUsage = (models: readonly UsageModel[] = ['FLAT', 'GRADUATED', 'VOLUME', 'PACKAGE']): fc.Arbitrary<UsageComponent> =>
  fc.record({ model: fc.constantFrom(...models), steps: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 9 }), prices: fc.array(price, { minLength: 10, maxLength: 10 }), fees: fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 10, maxLength: 10 }), size: fc.integer({ min: 1, max: 7 }), free: fc.integer({ min: 0, max: 30 }) })
    .map(({ model, steps, prices, fees, size, free }) => {
      let last = 0;
      const scale = model === 'PACKAGE' ? size : 1;
      const bounds = model === 'FLAT' ? [] : steps.map((s) => String((last += s) * scale));
      return usage(model, [...bounds, null].map((upTo, i) => tier(upTo, prices[i]!, String(fees[i]))), { packageSize: model === 'PACKAGE' ? String(size) : null, freeQuota: String(free) });
    });
const isSound = (component: UsageComponent): boolean => checkPlan(plan({ components: [component] })) === undefined;
const units = fc.bigInt({ min: 0n, max: 900n });

describe('tiers', () => {
  it('leave no unit out and count none twice: the charged parts of a period follow each other from its first unit to its last', () => {
    fc.assert(fc.property(anyUsage(), units, (component, n) => {
      const counted = rateUsage(component, n, 'SGD').filter((p) => p.kind !== 'FLAT_FEE');
      expect(counted.reduce((at, p) => (expect(p.from).toBe(at + 1n), p.to), 0n)).toBe(n);
      for (const p of counted) if (p.kind === 'UNITS' || p.kind === 'FREE') expect(p.quantity).toBe(p.to - p.from + 1n);
    }));
  });

  it('come to more with more units, never to less, for every plan that is taken; graduated ones and packages always', () => {
    fc.assert(fc.property(anyUsage(), units, fc.bigInt({ min: 1n, max: 50n }), (component, n, more) => {
      if (component.model !== 'VOLUME') expect(isSound(component)).toBe(true);
      fc.pre(isSound(component));
      expect(total(component, n + more)).toBeGreaterThanOrEqual(total(component, n));
    }), { numRuns: 500 });
  });

  it('of volume are refused exactly where the total falls, with the place', () => {
    fc.assert(fc.property(anyUsage(['VOLUME']), (component) => {
      const exact = (n: bigint): bigint => sumParts(rateUsage({ ...component, freeQuota: '0' }, n, 'SGD'));
      const last = BigInt(component.tiers.at(-2)?.upTo ?? 0) + 2n;
      let falls: bigint | null = null;
      for (let n = 1n; n <= last && falls === null; n++) if (exact(n) < exact(n - 1n)) falls = n;
      const problem = checkPlan(plan({ components: [component] }));
      expect(problem === undefined).toBe(falls === null);
      if (falls !== null) expect(problem!.message).toContain(`for ${falls - 1n} to`);
    }), { numRuns: 300 });
    expect(checkPlan(plan({ components: [usage('VOLUME', [tier('1000', '0.25'), tier(null, '0.20')])] }))).toEqual({ path: 'components.0.tiers.1', message: 'the total falls from 25000 minor units for 1000 to 20020 for 1001' });
  });

  it('cost to the cent what a reckoning unit by unit costs', () => {
    const bySteps = (c: UsageComponent, n: bigint): bigint => {
      const charged = n - BigInt(c.freeQuota);
      if (charged <= 0n) return 0n;
      const size = BigInt(c.packageSize ?? 1);
      const tierOf = (unit: bigint) => c.tiers.findIndex((t) => t.upTo === null || unit <= BigInt(t.upTo));
      const reached = tierOf(charged);
      let scaled = 0n;
      const scaledOf = (text: string): bigint => BigInt(text.replace('.', '')) * 10n ** 6n;
      if (c.model === 'VOLUME') scaled = scaledOf(c.tiers[reached]!.unitPrice) * charged + BigInt(c.tiers[reached]!.flatFeeMinor) * 10n ** 10n;
      else {
        for (let unit = 1n; unit <= charged; unit += size) scaled += scaledOf(c.tiers[tierOf(unit)]!.unitPrice);
        for (const t of c.tiers.slice(0, reached + 1)) scaled += BigInt(t.flatFeeMinor) * 10n ** 10n;
      }
      return roundScaled(scaled, 'SGD');
    };
    fc.assert(fc.property(anyUsage(), units, (component, n) => expect(total(component, n)).toBe(bySteps(component, n))), { numRuns: 300 });
  });

  it('cost the same however a period is cut into closings: what all comes to less what was charged', () => {
    fc.assert(fc.property(anyUsage(), fc.array(fc.bigInt({ min: 1n, max: 90n }), { maxLength: 12 }), (component, uses) => {
      fc.pre(isSound(component));
      let [all, charged] = [0n, 0n];
      for (const n of uses) {
        const due = total(component, all + n) - charged;
        expect(due).toBeGreaterThanOrEqual(0n);
        [all, charged] = [all + n, charged + due];
      }
      expect(charged).toBe(total(component, all));
    }));
  });

  it.each([
    ['FLAT', usage('FLAT', [tier(null, '0.25')]), 3n, 75n], ['sub-cent', usage('FLAT', [tier(null, '0.0025')]), 3n, 1n], ['graduated', usage('GRADUATED', [tier('100', '1'), tier('200', '0.5', '1000'), tier(null, '0.1')]), 250n, 10_000n + 5_000n + 1_000n + 500n],
    ['volume', usage('VOLUME', [tier('100', '1'), tier(null, '1', '500')]), 101n, 10_600n], ['packages', usage('PACKAGE', [tier('1000', '5'), tier(null, '4')], { packageSize: '500' }), 1_001n, 1_400n],
    ['free units', usage('GRADUATED', [tier('10', '1'), tier(null, '0.5')], { freeQuota: '100' }), 115n, 1_000n + 250n], ['nothing above the free', usage('GRADUATED', [tier(null, '1', '900')], { freeQuota: '100' }), 100n, 0n],
  ])('%s', (_, component, n, minor) => expect(total(component, n)).toBe(minor));
});

describe('a plan', () => {
  it.each<[string, Partial<PlanTerms>]>([
    ['currency', { currency: 'XAU' }], ['duration', { duration: 'P1M5D' }], ['period', { duration: 'P1Y', period: 'P30D' }], ['period', { duration: 'P10Y', period: 'P1D' }],
    ['components.0', { period: null, components: [monthly('1')] }], ['components.0.minor', { components: [once('0')] }], ['components.0.minor', { components: [once('')] }], ['components.0.minor', { components: [once('1000000000001')] }], ['components', { components: Array.from({ length: 13 }, () => once('1')) }],
    ['components.0.meter', { components: [usage('FLAT', [tier(null, '1')], { meter: 'furlongs' as 'bytes' })] }], ['components.0.meter', { components: [usage('FLAT', [tier(null, '1')]), usage('FLAT', [tier(null, '2')])] }],
    ['components.0.tiers', { components: [usage('FLAT', [tier('1', '1'), tier(null, '1')])] }], ['components.0.tiers', { components: [usage('GRADUATED', [])] }], ['components.0.tiers', { components: [usage('GRADUATED', Array.from({ length: 21 }, (_, i) => tier(i === 20 ? null : String(i + 1), '1')))] }],
    ['components.0.tiers.0.upTo', { components: [usage('GRADUATED', [tier('10', '1')])] }], ['components.0.tiers.0.upTo', { components: [usage('GRADUATED', [tier(null, '1'), tier(null, '1')])] }], ['components.0.tiers.1.upTo', { components: [usage('GRADUATED', [tier('10', '1'), tier('10', '1'), tier(null, '1')])] }],
    ['components.0.tiers.0.upTo', { components: [usage('GRADUATED', [tier('0', '1'), tier(null, '1')])] }], ['components.0.tiers.0.unitPrice', { components: [usage('FLAT', [tier(null, '12345678')])] }], ['components.0.tiers.0.unitPrice', { components: [usage('FLAT', [tier(null, '-1')])] }], ['components.0.tiers.0.flatFeeMinor', { components: [usage('FLAT', [tier(null, '1', '-5')])] }],
    ['components.0.packageSize', { components: [usage('PACKAGE', [tier(null, '1')])] }], ['components.0.packageSize', { components: [usage('FLAT', [tier(null, '1')], { packageSize: '10' })] }], ['components.0.packageSize', { components: [usage('PACKAGE', [tier(null, '1')], { packageSize: '0' })] }],
    ['components.0.tiers.0.upTo', { components: [usage('PACKAGE', [tier('15', '1'), tier(null, '1')], { packageSize: '10' })] }], ['components.0.freeQuota', { components: [usage('FLAT', [tier(null, '1')], { freeQuota: '1.5' })] }],
    ['minimumCommitmentMinor', { components: [usage('FLAT', [tier(null, '1')])], minimumCommitmentMinor: '0' }], ['minimumCommitmentMinor', { components: [once('1')], minimumCommitmentMinor: '5' }], ['minimumCommitmentMinor', { components: [monthly('500'), usage('FLAT', [tier(null, '1')])], minimumCommitmentMinor: '500' }],
    ['trial.duration', { components: [monthly('5')], trial: { duration: 'P1M', quotas: [] } }], ['trial.duration', { components: [monthly('5')], trial: { duration: 'P91D', quotas: [] } }], ['trial', { trial: { duration: 'P14D', quotas: [] } }],
    ['trial.quotas.1.meter', { components: [monthly('5')], trial: { duration: 'P14D', quotas: [{ meter: 'bytes', quantity: '1' }, { meter: 'bytes', quantity: '2' }] } }], ['trial.quotas.0.quantity', { components: [monthly('5')], trial: { duration: 'P14D', quotas: [{ meter: 'bytes', quantity: '0' }] } }],
  ])('is refused at %s', (path, over) => expect(checkPlan(plan(over))).toMatchObject({ path }));

  const full = plan({ components: [once('10000'), monthly('5000'), usage('GRADUATED', [tier('100', '0.25'), tier(null, '0.20')], { freeQuota: '10' })], minimumCommitmentMinor: '8000', trial: { duration: 'P14D', quotas: [] } });

  it('comes to its lines, and says each', () => {
    expect(checkPlan(full)).toBeUndefined();
    const quoted = quote(full, new Map([['downloads', 120n]]), 12);
    expect(quoted.lines.map((l) => [l.kind, l.minor, l.times])).toEqual([['ONE_OFF', 10_000n, 1n], ['RECURRING', 5_000n, 12n], ['USAGE', 2_700n, 12n], ['COMMITMENT', 300n, 12n]]);
    expect(quoted).toMatchObject({ totalMinor: 10_000n + 12n * 8_000n, dueAtStartMinor: 0n });
    expect(quote({ ...full, trial: null }).dueAtStartMinor).toBe(15_000n);
    expect(quoted.lines.map((l) => explainLine(l, 'SGD', 'en'))).toEqual([
      'Set-up: SGD 100.00', 'Access: SGD 50.00, in each of 12 periods', 'Downloads: 120 downloads, 1 to 10 free; 11 to 110 × 0.25 = 25; 111 to 120 × 0.20 = 2; SGD 27.00, in each of 12 periods', 'what is missing to the minimum of the period: SGD 3.00, in each of 12 periods',
    ]);
    expect(explainLine(quoted.lines[2]!, 'SGD', 'zh')).toBe('Downloads：120 次下载，第 1 至 10 免费；第 11 至 110 × 0.25 = 25；第 111 至 120 × 0.20 = 2；SGD 27.00，共 12 期');
    expect(explainLine(usageLines(plan({ components: [usage('FLAT', [tier(null, '0.0025')])] }), new Map([['downloads', 3n]]))[0]!, 'SGD', 'en')).toBe('Downloads: 3 downloads, 1 to 3 × 0.0025 = 0.0075; SGD 0.01 (rounded half up)');
  });

  it('binds to what is paid once and the minimum of the first period, used or not', () => {
    expect(boundMinor(full)).toBe(18_000n);
    expect(boundMinor({ ...full, minimumCommitmentMinor: null })).toBe(15_000n);
    expect(boundMinor(plan())).toBe(0n);
  });

  it('is one price whether it is quoted or charged: start, use and commitment of each period add up to the quote', () => {
    fc.assert(fc.property(anyUsage(), units, fc.integer({ min: 1, max: 12 }), fc.bigInt({ min: 1n, max: 100_000n }), fc.bigInt({ min: 1n, max: 100_000n }), (component, n, periods, recurring, minimum) => {
      const terms = plan({ components: [once('777'), monthly(recurring.toString()), component], minimumCommitmentMinor: minimum.toString() });
      const used = new Map([['downloads', n]]);
      let charged = 0n;
      for (let period = 0; period < periods; period++) {
        const lines = usageLines(terms, used);
        charged += sumLines([...startLines(terms, period), ...lines, ...commitmentLines(terms, lines)]);
      }
      const quoted = quote(terms, used, periods);
      expect(quoted.totalMinor).toBe(charged);
      for (const line of quoted.lines) expect(line.minor).toBe(roundScaled(sumParts(line.parts), 'SGD'));
    }));
  });

  it('is exact where a unit price is: no amount of units drifts', () => {
    fc.assert(fc.property(price, fc.bigInt({ min: 1n, max: 10n ** 9n }), (unitPrice, n) => expect(total(usage('FLAT', [tier(null, unitPrice)]), n)).toBe(priceTimes(unitPrice, n, 'SGD').minor)));
    expect(scaledDecimal(1_234_500_000_000n)).toBe('1.2345');
  });
});
