import fc from 'fast-check';
import { agreedMinor, dueBeforeReplaced, dueMinor } from './agreed-value.js';
import type { PlanTerms } from './price-plan.js';

const from = new Date('2026-11-01T00:00:00Z');
const plan = (over: Partial<PlanTerms> = {}): PlanTerms => ({
  label: 'A year', currency: 'SGD', duration: 'P1Y', period: 'P1M', minimumCommitmentMinor: null, trial: null,
  components: [{ kind: 'ONE_OFF', label: 'Setup', minor: '500' }, { kind: 'RECURRING', label: 'Month', minor: '1000' }], ...over,
} as PlanTerms);

describe('what an agreement comes to', () => {
  it('is all of it where nothing ends early', () => expect(agreedMinor(plan())).toBe(12_500n));
  it.each([
    ['before it begins', '2026-10-31T00:00:00Z', null], ['as it begins', '2026-11-01T00:00:00Z', null], ['in its first period', '2026-11-01T00:00:01Z', 1_500n], ['as the second one would begin', '2026-12-01T00:00:00Z', 1_500n],
    ['in the second', '2026-12-01T00:00:01Z', 2_500n], ['in the last', '2027-10-31T23:59:59Z', 12_500n], ['long after', '2030-01-01T00:00:00Z', 12_500n],
  ])('where it is over %s', (_, over, minor) => expect(dueMinor(plan(), from, new Date(over))).toBe(minor));
  it('of a fixed term is all of it: it was paid for at once', () => expect(dueMinor(plan({ period: null }), from, new Date('2026-11-02T00:00:00Z'))).toBe(1_500n));

  it.each([
    ['in the middle of a month, of what recurs', plan(), '2026-11-16T00:00:00Z', 500n + 500n], ['as a month begins', plan(), '2026-12-01T00:00:00Z', 1_500n], ['in the second one', plan(), '2026-12-02T00:00:00Z', 1_500n + 32n],
    ['of a fixed term, of all of it', plan({ period: null, duration: 'P30D' }), '2026-11-16T00:00:00Z', 750n], ['at its end', plan({ period: null, duration: 'P30D' }), '2026-12-01T00:00:00Z', 1_500n], ['before it begins', plan(), '2026-10-01T00:00:00Z', null],
  ])('where it is replaced %s', (_, of, over, minor) => expect(dueBeforeReplaced(of, from, new Date(over))).toBe(minor));

  it('never falls with time and never goes beyond what was agreed on', () => fc.assert(fc.property(fc.nat(500), fc.nat(500), (a, b) => {
    const due = (days: number): bigint => dueMinor(plan({ minimumCommitmentMinor: '1200' }), from, new Date(from.getTime() + days * 86_400_000)) ?? 0n;
    expect(due(Math.min(a, b)) <= due(Math.max(a, b)) && due(Math.max(a, b)) <= agreedMinor(plan({ minimumCommitmentMinor: '1200' }))).toBe(true);
  })));
});
