import fc from 'fast-check';
import { type Role, STAFF_ROLES, TRADER_ROLES } from './permissions.js';
import { incompatibility, secondPersonDiffers } from './separation.js';

/** Every set of staff roles that one person may hold. */
const COMPATIBLE = new Set(['STAFF_ADMIN', 'LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER', 'AUDITOR', 'LISTING_REVIEWER,SETTLEMENT_OFFICER']);

describe('separation of duties', () => {
  const sets = Array.from({ length: 2 ** STAFF_ROLES.length - 1 }, (_, i) => STAFF_ROLES.filter((_role, bit) => ((i + 1) >> bit) & 1));
  it.each(sets.map((roles) => [roles.join(','), roles] as const))('%s', (name, roles) => expect(incompatibility(roles) === undefined).toBe(COMPATIBLE.has(name)));

  it('says nothing of traders', () => expect(incompatibility(TRADER_ROLES)).toBeUndefined());

  it('does not hang on order or repetition, and more roles never make it better', () => {
    const roles = fc.array(fc.constantFrom<Role>(...STAFF_ROLES), { maxLength: 8 });
    fc.assert(fc.property(roles, fc.constantFrom<Role>(...STAFF_ROLES), (some, more) => {
      expect(incompatibility([...some].reverse()) === undefined).toBe(incompatibility(some) === undefined);
      if (incompatibility(some)) expect(incompatibility([...some, more])).toBeDefined();
    }));
  });

  it('wants two persons for two acts, and knows only its table', () => {
    const differ = (first: string | null, second: string | null) => secondPersonDiffers('catalog:opine', 'catalog:review', { first, second });
    expect([differ('a', 'b'), differ('a', 'a'), differ(null, 'b'), differ('a', null), differ(null, null)]).toEqual([true, false, true, false, false]);
    expect(() => secondPersonDiffers('catalog:review', 'catalog:opine', { first: 'a', second: 'b' })).toThrow(/not a pair/);
  });
});
