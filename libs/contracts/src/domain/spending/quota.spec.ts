import type { Meter } from '../pricing/meters.js';
import type { PricePlan } from '../pricing/price-plan.js';
import { describeQuota, exceeded, planQuotas, type QuotaWindow } from './quota.js';

const licence = { licenceId: 'l', vendorId: 'v', buyerId: 'b', setAt: new Date(0) };
const limit = (meter: Meter, quantity: string): QuotaWindow => ({ quota: planQuotas({ quotas: [{ meter, quantity }] } as unknown as PricePlan, licence)[0]!, window: { from: new Date('2026-12-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') } });
const of = (...pairs: [Meter, bigint][]): Map<Meter, bigint> => new Map(pairs);

describe('quotas of use', () => {
  it('of a plan are its vendor’s, and hard; a plan of before has none', () => {
    expect(planQuotas({} as PricePlan, licence)).toEqual([]);
    expect(limit('calls', '10').quota).toMatchObject({ side: 'VENDOR', meter: 'calls', quantity: 10n, period: 'LICENCE_PERIOD', hard: true });
    expect(describeQuota(limit('calls', '10'))).toBe('the quota of 10 calls for 2026-12-01 to 2027-01-01');
  });

  it.each([[9n, 1n, false], [10n, 1n, true], [9n, 2n, true], [11n, 0n, false]] as const)('of ten, %s used and %s more is beyond it: %s', (used, more, beyond) => {
    const limits = [limit('bytes', '1000'), limit('downloads', '10')];
    const found = exceeded(limits, [of(['bytes', 1n]), of(['downloads', used])], of(['downloads', more], ['bytes', 5n]));
    expect(found).toBe(beyond ? limits[1] : undefined);
  });
});
