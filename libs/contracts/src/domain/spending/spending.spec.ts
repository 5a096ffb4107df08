import fc from 'fast-check';
import { type PeriodSpan, periodSpans } from '../pricing/periods.js';
import type { PricePlan } from '../pricing/price-plan.js';
import { quote, sumLines, startLines, usageLines, type Usage } from '../pricing/quote.js';
import { capWindow, reached, slicesOf, spentOn } from './spending.js';

const BEGAN = new Date('2026-01-15T00:00:00Z');
const NEVER = new Date('2100-01-01T00:00:00Z');
const plan = (over: Partial<PricePlan> = {}): PricePlan => ({
  id: 'p', label: 'P', currency: 'SGD', duration: 'P1Y', period: 'P1M', minimumCommitmentMinor: null, trial: null,
  components: [
    { kind: 'ONE_OFF', label: 'Setup', minor: '500' }, { kind: 'RECURRING', label: 'Base', minor: '1000' },
    { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'GRADUATED', packageSize: null, freeQuota: '2', tiers: [{ upTo: '10', unitPrice: '0.333', flatFeeMinor: '0' }, { upTo: null, unitPrice: '0.1', flatFeeMinor: '7' }] },
  ], ...over,
});
const months = (spans: readonly PeriodSpan[]): PeriodSpan[] => {
  const all: PeriodSpan[] = [];
  for (let at = spans[0]!.from; at < spans.at(-1)!.until;) { const window = capWindow('MONTH', spans, at)!; all.push(window); at = window.until; }
  return all;
};
const usage = (n: number): Usage => new Map([['downloads', BigInt(n)]]);
const within = (events: readonly Date[], { from, until }: PeriodSpan): number => events.filter((e) => e >= from && e < until).length;

describe('what a window of a cap costs', () => {
  it('adds up over months, and over periods, to what the licence is charged', () => {
    const events = fc.array(fc.integer({ min: 0, max: 364 * 24 }).map((h) => new Date(BEGAN.getTime() + h * 3_600_000)), { maxLength: 60 });
    fc.assert(fc.property(events, fc.constantFrom(null, '1500', '3000'), fc.constantFrom('P1M', 'P3M', 'P1Y', null), (used, minimumCommitmentMinor, period) => {
      const terms = plan({ minimumCommitmentMinor, period });
      const spans = periodSpans(terms, BEGAN);
      const charged = { spans, planOf: () => terms };
      const total = spans.reduce((sum, span, n) => { const { lines } = quote(terms, usage(within(used, span))); return sum + sumLines(lines.filter((l) => n === 0 || l.kind !== 'ONE_OFF')); }, 0n);
      for (const windows of [months(spans), spans]) {
        const spent = windows.map((w) => { const slices = slicesOf(spans, w, NEVER); return spentOn(charged, slices, slices.map((s) => usage(within(used, s))), new Map()); });
        expect(spent.reduce((a, b) => a + b, 0n)).toBe(total);
        expect(spent.every((s) => s >= 0n)).toBe(true);
      }
    }));
  });
  it('counts what is paid in advance once its period has begun, and one more where the last slice is', () => {
    const [terms, spans] = [plan(), periodSpans(plan(), BEGAN)];
    const march = capWindow('MONTH', spans, new Date('2026-03-20T12:00:00Z'))!;
    expect(march).toEqual({ from: new Date('2026-03-01T00:00:00Z'), until: new Date('2026-04-01T00:00:00Z') });
    const early = slicesOf(spans, march, new Date('2026-03-10T00:00:00Z'));
    expect(early.map((s) => [s.period, s.within, s.from.toISOString().slice(0, 10), s.until.toISOString().slice(0, 10)])).toEqual([[1, false, '2026-02-15', '2026-03-01'], [1, true, '2026-03-01', '2026-03-15']]);
    expect(spentOn({ spans, planOf: () => terms }, early, [usage(2), usage(0)], usage(1))).toBe(33n);
    const late = slicesOf(spans, march, new Date('2026-03-20T12:00:00Z'));
    expect(late).toHaveLength(3);
    expect(spentOn({ spans, planOf: () => terms }, late, [usage(2), usage(1), usage(0)], usage(3))).toBe(33n + sumLines([...startLines(terms, 2), ...usageLines(terms, usage(3))]));
  });
  it('is nothing in a trial', () => {
    const spans = periodSpans(plan(), BEGAN);
    const before = new Date('2026-01-10T00:00:00Z');
    expect(capWindow('LICENCE_PERIOD', spans, before)).toBeNull();
    expect(slicesOf(spans, capWindow('MONTH', spans, before)!, before)).toEqual([]);
    expect(capWindow('LICENCE_PERIOD', spans, BEGAN)).toEqual(spans[0]);
  });
  it.each([[0n, []], [49n, []], [50n, [50]], [79n, [50]], [80n, [50, 80]], [100n, [50, 80, 100]], [500n, [50, 80, 100]]])('%d of a hundred reaches %j', (spent, percents) => expect(reached(spent, 100n)).toEqual(percents));
});
