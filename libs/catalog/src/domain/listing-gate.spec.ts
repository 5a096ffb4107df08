import { GATE_STEPS, isListed, missingForListing } from './listing-gate.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const complete = { state: 'LISTED' as const, demandedSteps: GATE_STEPS, completedSteps: GATE_STEPS, opinionValidUntil: new Date('2027-01-01'), certificateValidUntil: new Date('2027-01-01') };

describe('listing gate', () => {
  it('holds a complete product to be listed', () => expect(isListed(complete, NOW)).toBe(true));
  it.each(GATE_STEPS)('misses %s', (step) => {
    expect(missingForListing({ ...complete, completedSteps: GATE_STEPS.filter((s) => s !== step) }, NOW)).toEqual([`${step} is not done`]);
  });
  it('does not hold a product with a lapsed opinion or certificate to be listed', () => {
    expect(isListed({ ...complete, opinionValidUntil: NOW }, NOW)).toBe(false);
    expect(isListed({ ...complete, certificateValidUntil: new Date('2026-01-01') }, NOW)).toBe(false);
  });
  it('does not hold a suspended product to be listed', () => expect(isListed({ ...complete, state: 'SUSPENDED' }, NOW)).toBe(false));
});
