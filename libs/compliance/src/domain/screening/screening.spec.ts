import fc from 'fast-check';
import { dataset, transfer } from '../../../../../test/support/transfers.js';
import { LEVELS } from '../classification.js';
import { judge, prohibition } from '../law/engine.js';
import type { Law } from '../law/law.js';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { legsOf, NO_VOLUME } from '../transfer.js';
import { type ProductFacts, productLegs } from './product-facts.js';
import { effectOf, whySuspended } from './screening.js';

const DAY = '2026-11-23';

describe('a product without a buyer', () => {
  let law: Law;
  beforeAll(async () => { law = await packagedLaw(); });

  const product = (over: Partial<ProductFacts> = {}): ProductFacts => ({ origin: 'CN', originProvince: 'CN-SH', registeredIn: 'CN-SH', exporterIsCIIO: false, exporterHasPRCEntity: true, exporterZone: null, exporterInGBA: false, datasets: [dataset()], ...over });
  const prohibited = (facts: ProductFacts): boolean => prohibition(law, productLegs(facts), DAY) !== null;

  it.each([
    ['general data', product(), false],
    ['core data: nobody may buy it', product({ datasets: [dataset(), dataset({ level: 'core' })] }), true],
    ['a source that is not stated', product({ datasets: [dataset({ sourceStatement: ' ' })] }), true],
    ['much personal information: a mechanism may carry it', product({ datasets: [dataset({ persons: 5_000_000n })] }), false],
    ['an origin without a rulebook: a person decides', product({ origin: 'BR' }), false],
    ['no dataset', product({ datasets: [] }), false],
  ])('%s', (_, facts, expected) => expect(prohibited(facts)).toBe(expected));

  it('says which rule prohibits it and where that stands', () => {
    const verdict = prohibition(law, productLegs(product({ datasets: [dataset({ level: 'core' })] })), DAY)!;
    expect(verdict).toMatchObject({ outcome: 'prohibited', permitted: false });
    expect(verdict.considered.at(-1)).toBe(verdict.reasons[0]!.rule);
    expect(whySuspended(verdict)).toContain(`(${verdict.reasons[0]!.rule}: ${verdict.reasons[0]!.citation}`);
  });

  it('is prohibited only where every sale of it is: whatever the buyer, destination, purpose, volume and mechanisms', () => {
    const classification = fc.record({
      level: fc.constantFrom(...LEVELS), persons: fc.bigInt(0n, 3_000_000n), sensitivePersons: fc.bigInt(0n, 50_000n), importantDataNotified: fc.boolean(), collectedIn: fc.constantFrom('CN' as const, 'overseas' as const),
      governmentRelated: fc.boolean(), includesRRN: fc.boolean(), publiclyAvailable: fc.boolean(), collectedFirstHand: fc.constantFrom(true, false, null),
    });
    const sale = fc.record({
      destination: fc.constantFrom('SG', 'US', 'CN', 'DE', 'HK', 'RU'), recipientJurisdiction: fc.constantFrom('SG', 'US', 'CN', 'DE'), buyerVerified: fc.boolean(),
      mechanisms: fc.dictionary(fc.constantFrom('standard_contract', 'security_assessment', 'certification', 'transfer_review', 'us_no_onward_clause', 'consent', 'human_sign_off'), fc.constantFrom('arranged' as const, 'refused' as const)),
    });
    let seen = 0;
    fc.assert(fc.property(fc.constantFrom('CN', 'HK', 'SG', 'DE', 'GB', 'JP', 'KR', 'US'), classification, sale, (origin, tags, to) => {
      const datasets = [dataset(tags)];
      if (!prohibited(product({ origin, originProvince: null, registeredIn: null, datasets }))) return;
      seen++;
      const verdict = judge(law, legsOf({ ...transfer([], { origin, originProvince: null, registeredIn: null, ...to }), datasets, prior: NO_VOLUME }), DAY);
      expect([verdict.outcome, verdict.permitted]).toEqual(['prohibited', false]);
    }), { numRuns: 2_000 });
    expect(seen).toBeGreaterThan(20);
  });
});

describe('what a screening does', () => {
  it.each([[false, true, null], [false, false, 'SUSPEND'], [true, false, null], [true, true, 'RESUME']] as const)('suspended %s, allowed %s: %s', (suspended, allowed, effect) => expect(effectOf(suspended, allowed)).toBe(effect));

  it('says in words what it takes', () => {
    const reasons = [{ rule: 'r', rulebook: 'b', version: '1', citation: 'Art. 1', confidence: 'verified' as const }];
    expect(whySuspended({ outcome: 'standard_contract', missing: [], needs: [['standard_contract', 'certification'], ['consent']], reasons })).toBe('it needs standard_contract or certification and consent (r: Art. 1)');
    expect(whySuspended({ outcome: 'manual_review', missing: ['recipientOwnership'], needs: [], reasons })).toBe('it cannot be decided without recipientOwnership (r: Art. 1)');
  });
});
