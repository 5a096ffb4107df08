import fc from 'fast-check';
import { foreignShares, type Holding, holdingsProblem, undeclaredShare, WHOLE } from './ownership.js';

const entity = (jurisdiction: string, shareBasisPoints: number, over: Partial<Holding> = {}): Holding => ({
  holder: 'ENTITY', name: `${jurisdiction} Holdings`, jurisdiction, nationality: null, residence: null, registryNumber: null, shareBasisPoints, interest: 'EQUITY', directness: 'DIRECT', through: null, control: null, ...over,
});
const person = (nationality: string, residence: string, shareBasisPoints: number, over: Partial<Holding> = {}): Holding => entity('', shareBasisPoints, { holder: 'PERSON', jurisdiction: null, nationality, residence, ...over });
const indirect = { directness: 'INDIRECT' as const };

describe('a declaration of ownership', () => {
  it.each([
    ['the whole', [entity('SG', 6_000), person('CN', 'SG', 4_000)], undefined], ['more than the whole', [entity('SG', 6_000), entity('HK', 4_001)], 'holdings'],
    ['the whole of each class', [entity('SG', WHOLE), entity('SG', WHOLE, { interest: 'VOTING' }), person('US', 'US', WHOLE, { ...indirect, through: 0 })], undefined],
    ['more votes than there are', [entity('SG', WHOLE, { interest: 'VOTING' }), entity('HK', 1, { interest: 'VOTING' })], 'holdings'],
    ['an unknown country', [entity('ZZ', 1)], 'holdings.0.jurisdiction'], ['an entity with a nationality', [entity('SG', 1, { nationality: 'SG' })], 'holdings.0.nationality'],
    ['a person without residence', [person('SG', 'SG', 1, { residence: null })], 'holdings.0.residence'], ['a person with a register', [person('SG', 'SG', 1, { registryNumber: '1' })], 'holdings.0.registryNumber'],
    ['no share and no control', [entity('SG', 0)], 'holdings.0.shareBasisPoints'], ['control without a share', [person('CN', 'CN', 0, { control: 'CONTRACT' })], undefined],
    ['a way through nobody', [person('CN', 'CN', 1, { ...indirect, through: 5 })], 'holdings.0.through'], ['a way through itself', [person('CN', 'CN', 1, { ...indirect, through: 0 })], 'holdings.0.through'],
    ['a direct holding through another', [entity('SG', 1), entity('HK', 1, { through: 0 })], 'holdings.1.through'], ['a way through a person', [person('SG', 'SG', 9), entity('HK', 1, { ...indirect, through: 0 })], 'holdings.1.through'],
    ['a way through another interest', [entity('SG', 9, { interest: 'VOTING' }), entity('HK', 1, { ...indirect, through: 0 })], 'holdings.1.through'],
  ] as [string, Holding[], string | undefined][])('%s', (_, holdings, path) => expect(holdingsProblem(holdings)?.path).toBe(path));
});

describe('foreign shares', () => {
  it.each([
    ['those of the own country do not count', [entity('SG', WHOLE)], {}],
    ['in the aggregate, over 28 CFR 202\'s half', [entity('CN', 3_000), person('CN', 'SG', 2_000), entity('US', 5_000)], { CN: 5_000, US: 5_000 }],
    ['a person counts for nationality and residence', [person('CN', 'US', 1_000)], { CN: 1_000, US: 1_000 }],
    ['a chain of one country counts once', [entity('CN', 6_000), person('CN', 'CN', 6_000, { ...indirect, through: 0 })], { CN: 6_000 }],
    ['through another country no more than that one holds', [entity('US', 3_000), person('CN', 'CN', 5_000, { ...indirect, through: 0 })], { CN: 3_000, US: 3_000 }],
    ['direct and indirect together', [entity('CN', 3_000), entity('US', 7_000), person('CN', 'CN', 2_000, { ...indirect, through: 1 })], { CN: 5_000, US: 7_000 }],
    ['a way that is not declared counts in full', [entity('SG', 9_000), person('CN', 'CN', 5_000, indirect)], { CN: 5_000 }],
    ['the interest in which they have more', [entity('US', 1_000), entity('US', 8_000, { interest: 'VOTING' })], { US: 8_000 }],
    ['a controller without a share has none', [person('CN', 'CN', 0, { control: 'CONTRACT' })], { CN: 0 }],
  ] as [string, Holding[], Record<string, number>][])('%s', (_, holdings, shares) => expect(foreignShares(holdings, 'SG')).toEqual(shares));

  const arbitrary = fc.array(fc.record({ country: fc.constantFrom('SG', 'CN', 'US'), share: fc.integer({ min: 0, max: WHOLE }), isIndirect: fc.boolean(), through: fc.option(fc.nat(9), { nil: null }) }), { maxLength: 10 })
    .map((all) => all.map((h) => entity(h.country, h.share, h.isIndirect ? { ...indirect, through: h.through } : {})));
  it('stay within the whole and never fall when a holding of that country is added', () => {
    fc.assert(fc.property(arbitrary, fc.integer({ min: 0, max: WHOLE }), (holdings, more) => {
      const before = foreignShares(holdings, 'SG');
      const after = foreignShares([...holdings, entity('CN', more)], 'SG');
      for (const share of [...Object.values(before), ...Object.values(after)]) expect(share >= 0 && share <= WHOLE).toBe(true);
      expect(after['CN']).toBeGreaterThanOrEqual(before['CN'] ?? 0);
    }));
  });
  it('leave the rest undeclared', () => expect([undeclaredShare([]), undeclaredShare([entity('SG', 4_000), entity('SG', 9_000, { interest: 'VOTING' })])]).toEqual([WHOLE, 6_000]));
});
