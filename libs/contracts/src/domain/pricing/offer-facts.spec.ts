import { nextChange, offerFacts } from './offer-facts.js';
import type { PricePlan } from './price-plan.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const at = (day: number): Date => new Date(NOW.getTime() + day * 86_400_000);
const plan = (over: Partial<PricePlan> = {}): PricePlan => ({ id: 'p', label: 'Plan', currency: 'SGD', duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Access', minor: '500' }], minimumCommitmentMinor: null, trial: null, ...over });
const offer = (plans: PricePlan[], over: object = {}) => ({ plans, state: 'ACTIVE' as const, audience: 'PUBLIC' as 'PUBLIC' | 'NAMED', audienceIds: [], opensAt: null, validUntil: null, supersededAt: null, ...over });

describe('what search knows of prices', () => {
  it('names models, currencies and the least that a first period costs in each', () => {
    const usage = { kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'FLAT', tiers: [{ upTo: null, unitPrice: '1', flatFeeMinor: '0' }], packageSize: null, freeQuota: '0' } as const;
    expect(offerFacts([offer([plan({ trial: { duration: 'P14D', quotas: [] } }), plan({ currency: 'CNY', components: [{ kind: 'ONE_OFF', label: 'L', minor: '900' }, usage] })]), offer([plan({ components: [usage], minimumCommitmentMinor: '300' })])], NOW)).toEqual({
      models: ['ONE_OFF', 'RECURRING', 'TRIAL', 'USAGE'], lowest: [{ currency: 'CNY', minor: 900n }, { currency: 'SGD', minor: 300n }],
    });
    expect(offerFacts([offer([plan({ components: [] })])], NOW)).toEqual({ models: ['FREE'], lowest: [{ currency: 'SGD', minor: 0n }] });
  });
  it('nothing of what is named, withdrawn, lapsed, superseded or not open yet', () => {
    const shut = [{ audience: 'NAMED', audienceIds: ['x'] }, { state: 'WITHDRAWN' }, { validUntil: NOW }, { supersededAt: NOW }, { opensAt: at(1) }];
    for (const over of shut) expect(offerFacts([offer([plan()], over)], NOW)).toEqual({ models: [], lowest: [] });
  });
  it('changes at the next opening, end or turn of a public offer', () => {
    expect(nextChange([offer([plan()], { validUntil: at(9) }), offer([plan()], { opensAt: at(3), validUntil: at(20) }), offer([plan()], { supersededAt: at(-1), validUntil: at(4) }), offer([plan()], { audience: 'NAMED', validUntil: at(1) })], NOW)).toEqual(at(3));
    expect(nextChange([offer([plan()], { validUntil: at(-1) })], NOW)).toBeNull();
  });
});
