import fc from 'fast-check';
import { dataset, transfer } from '../../../../test/support/transfers.js';
import { CN_EXPORT } from '../rulebooks/cn-export-2024-03-22.js';
import { type Classification, LEVELS } from './classification.js';
import type { Verdict } from './decision.js';
import { judge } from './engine.js';
import type { Outcome } from './rulebook.js';
import { NO_VOLUME, type TransferFacts, type Volume } from './transfer.js';

const DAY = '2026-11-22';
const PERSON = { persons: 10n };
const verdict = (datasets: readonly Partial<Classification>[], over: Partial<TransferFacts> = {}, prior: Partial<Volume> = {}, day = DAY): Verdict =>
  judge(CN_EXPORT, { ...transfer(datasets, over), prior: { ...NO_VOLUME, ...prior } }, day);
const last = (v: Verdict): string | undefined => v.considered.at(-1);

describe('export from mainland China', () => {
  const CASES: readonly (readonly [string, Outcome, string, readonly Partial<Classification>[], Partial<TransferFacts>?, Partial<Volume>?])[] = [
    ['no source statement', 'prohibited', 'cn.gate.source-and-identity', [{}, { sourceStatement: ' ' }]],
    ['seller not verified', 'prohibited', 'cn.gate.source-and-identity', [{}], { sellerVerified: false }],
    ['buyer not verified', 'prohibited', 'cn.gate.source-and-identity', [{}], { buyerVerified: false }],
    ['core data', 'prohibited', 'cn.level.core-or-secret', [{}, { level: 'core' }]],
    ['state secret, even at home', 'prohibited', 'cn.level.core-or-secret', [{ level: 'state_secret' }], { destination: 'CN', recipientJurisdiction: 'CN' }],
    ['personal data sold at home', 'free', 'cn.domestic', [{ persons: 500_000n }], { destination: 'CN', recipientJurisdiction: 'CN' }],
    ['server at home, recipient abroad', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 500_000n }], { destination: 'CN' }],
    ['Hong Kong is abroad', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 150_000n }], { destination: 'HK', recipientJurisdiction: 'HK' }],
    ['important data, notified, no persons', 'security_assessment', 'cn.important-data', [{ level: 'important', importantDataNotified: true }]],
    ['important data in small volume', 'security_assessment', 'cn.important-data', [{ level: 'important', importantDataNotified: true, persons: 500n }]],
    ['important data, collected overseas', 'security_assessment', 'cn.important-data', [{ level: 'important', importantDataNotified: true, collectedIn: 'overseas', ...PERSON }]],
    ['important data, not notified', 'free', 'cn.no-personal-data', [{ level: 'important' }]],
    ['no personal data', 'free', 'cn.no-personal-data', [{}]],
    ['no personal data of a CIIO', 'free', 'cn.no-personal-data', [{}], { exporterIsCIIO: true }],
    ['anonymised with evidence', 'free', 'cn.anonymised', [{ persons: 2_000_000n, anonymisation: 'anonymised', anonymisationEvidence: 'report 7' }]],
    ['anonymised without evidence', 'security_assessment', 'cn.volume.persons-1000000', [{ persons: 2_000_000n, anonymisation: 'anonymised' }]],
    ['de-identified stays personal', 'security_assessment', 'cn.volume.persons-1000000', [{ persons: 2_000_000n, anonymisation: 'deidentified' }]],
    ['collected overseas', 'exempt', 'cn.collected-overseas', [{ persons: 2_000_000n, sensitivePersons: 20_000n, collectedIn: 'overseas' }]],
    ['collected overseas, of a CIIO', 'exempt', 'cn.collected-overseas', [{ ...PERSON, collectedIn: 'overseas' }], { exporterIsCIIO: true }],
    ['collected overseas, mainland data added', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 120_000n, collectedIn: 'overseas', domesticDataAdded: true }]],
    ['collected overseas beside mainland personal data', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 99_999n, collectedIn: 'overseas' }, { persons: 1n }]],
    ['CIIO with ten persons', 'security_assessment', 'cn.ciio', [PERSON], { exporterIsCIIO: true }],
    ['99,999 persons', 'exempt', 'cn.volume.small', [{ persons: 99_999n }]],
    ['100,000 persons', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 100_000n }]],
    ['100,000 persons in two datasets', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 50_000n }, { persons: 50_000n }]],
    ['99,999 persons beside anonymised ones', 'exempt', 'cn.volume.small', [{ persons: 99_999n }, { persons: 50_000n, anonymisation: 'anonymised', anonymisationEvidence: 'report 7' }]],
    ['999,999 persons', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 999_999n }]],
    ['1,000,000 persons', 'security_assessment', 'cn.volume.persons-1000000', [{ persons: 1_000_000n }]],
    ['no sensitive information', 'exempt', 'cn.volume.small', [{ persons: 1n, sensitivePersons: 0n }]],
    ['sensitive information of one', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ sensitivePersons: 1n }]],
    ['the stricter counter decides', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 50_000n, sensitivePersons: 20n }]],
    ['sensitive information of 9,999', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ sensitivePersons: 9_999n }]],
    ['sensitive information of 10,000', 'security_assessment', 'cn.volume.sensitive-10000', [{ sensitivePersons: 10_000n }]],
    ['no mainland entity, 99,999', 'exempt', 'cn.volume.small', [{ persons: 99_999n }], { exporterHasPRCEntity: false }],
    ['no mainland entity, 100,000', 'certification', 'cn.volume.no-prc-entity', [{ persons: 100_000n }], { exporterHasPRCEntity: false }],
    ['no mainland entity, sensitive', 'certification', 'cn.volume.no-prc-entity', [{ sensitivePersons: 1n }], { exporterHasPRCEntity: false }],
    ['the year so far: 99,998 and one', 'exempt', 'cn.volume.small', [{ persons: 1n }], {}, { persons: 99_998n }],
    ['the year so far: 99,999 and one', 'standard_contract', 'cn.volume.filed-by-prc-entity', [{ persons: 1n }], {}, { persons: 99_999n }],
    ['the year so far: a million and one', 'security_assessment', 'cn.volume.persons-1000000', [{ persons: 1n }], {}, { persons: 1_000_000n }],
  ];
  it.each(CASES.map((c) => ({ name: c[0], outcome: c[1], rule: c[2], datasets: c[3], over: c[4], prior: c[5] })))('$name: $outcome', ({ outcome, rule, datasets, over, prior }) => {
    const v = verdict(datasets, over, prior);
    expect([v.outcome, last(v)]).toEqual([outcome, rule]);
    expect(v.permitted).toBe(outcome === 'free' || outcome === 'exempt');
  });

  it('names each rule that it looked at, sources with their marks, filings and duties', () => {
    const v = verdict([{ sensitivePersons: 10_000n }]);
    expect(v.considered).toEqual(CN_EXPORT.rules.slice(0, 10).map((r) => r.id));
    expect(v.mechanisms).toEqual(['security_assessment']);
    expect(v.filings).toMatchObject([{ type: 'security_assessment', to: 'national CAC via provincial CAC', validity: 'P3Y' }]);
    expect(v.filings[0]).not.toHaveProperty('effectiveFrom');
    expect(v.reasons[0]).toEqual({ rule: 'cn.volume.sensitive-10000', rulebook: 'cn-export', version: '2024-03-22', citation: 'CAC Order 16 (2024-03-22) Art. 7(1)(2)', confidence: 'secondary' });
    expect(v.obligations.join()).toMatch(/PIPL Art\. 29: verified/);
  });

  it('keeps the baseline duties of an exempt transfer, and asks nothing where no person is in the data', () => {
    const duties = verdict([PERSON]).obligations.join('\n');
    for (const source of ['PIPL Art. 39: verified', 'PIPL Art. 55, 56: verified', 'CAC Order 16 (2024-03-22) Art. 10: general-knowledge']) expect(duties).toContain(source);
    expect(duties).not.toContain('Art. 29');
    expect(verdict([{}]).obligations).toEqual([]);
  });

  it('cites only what was in force on the day', () => {
    const early = verdict([{ persons: 100_000n }], { exporterHasPRCEntity: false }, {}, '2024-12-31');
    expect(early.reasons.map((r) => r.citation).join()).not.toContain('Order 20');
    expect(early.filings).toEqual([]);
    expect(early.obligations.join()).not.toContain('Network Data Security');
    expect(verdict([{}], {}, {}, '2024-03-21')).toMatchObject({ outcome: 'manual_review', permitted: false });
  });

  it('leaves to a person what it cannot decide', () => {
    expect(judge(null, { ...transfer([{}], { origin: 'SG' }), prior: NO_VOLUME }, '')).toMatchObject({ outcome: 'manual_review', permitted: false, considered: ['exchange.no-rulebook'] });
    for (const datasets of [[], [{ persons: -1n }], [{ level: 'secret' as never }]]) expect(verdict(datasets)).toMatchObject({ outcome: 'manual_review', permitted: false, considered: ['exchange.facts-undecidable'] });
  });
});

describe('properties', () => {
  const SEVERITY: Record<Outcome, number> = { free: 0, exempt: 1, standard_contract: 2, certification: 2, security_assessment: 3, manual_review: 4, prohibited: 5 };
  const count = fc.oneof(fc.constantFrom(0n, 1n, 9_999n, 10_000n, 99_999n, 100_000n, 999_999n, 1_000_000n), fc.bigInt(0n, 2_000_000n));
  const anyDataset: fc.Arbitrary<Classification> = fc.record({
    level: fc.constantFrom(...LEVELS), importantDataNotified: fc.boolean(), persons: count, sensitivePersons: count, anonymisation: fc.constantFrom('none', 'deidentified', 'anonymised'),
    anonymisationEvidence: fc.constantFrom(null, 'report 7'), collectedIn: fc.constantFrom('CN', 'overseas'), domesticDataAdded: fc.boolean(), sourceStatement: fc.constantFrom('own', 'own', 'own', ''),
  }).map(dataset);
  const facts = fc.record({
    datasets: fc.array(anyDataset, { minLength: 1, maxLength: 3 }), exporterIsCIIO: fc.boolean(), exporterHasPRCEntity: fc.boolean(),
    buyerVerified: fc.boolean(), destination: fc.constantFrom('SG', 'CN', 'HK'), recipientJurisdiction: fc.constantFrom('SG', 'CN'), prior: fc.record({ persons: count, sensitivePersons: count }),
  }).map(({ datasets, prior, ...over }) => ({ ...transfer([], over), datasets, prior }));
  const severity = (f: Parameters<typeof judge>[1]): number => SEVERITY[judge(CN_EXPORT, f, DAY).outcome];
  const changeFirst = (f: Parameters<typeof judge>[1], over: Partial<Classification>) => ({ ...f, datasets: f.datasets.map((d, i) => (i ? d : { ...d, ...over })) });

  it('more persons never give a milder outcome', () => {
    fc.assert(fc.property(facts, count, count, (f, more, sensitive) => {
      const [first] = f.datasets;
      expect(severity(changeFirst(f, { persons: first!.persons + more, sensitivePersons: first!.sensitivePersons + sensitive }))).toBeGreaterThanOrEqual(severity(f));
      expect(severity({ ...f, prior: { persons: f.prior.persons + more, sensitivePersons: f.prior.sensitivePersons + sensitive } })).toBeGreaterThanOrEqual(severity(f));
    }), { numRuns: 500 });
  });
  it('a stricter level never gives a milder outcome', () => {
    fc.assert(fc.property(facts, fc.constantFrom(...LEVELS), fc.boolean(), (f, level, notified) => {
      const [first] = f.datasets;
      const stricter = LEVELS.indexOf(level) > LEVELS.indexOf(first!.level) ? level : first!.level;
      expect(severity(changeFirst(f, { level: stricter, importantDataNotified: first!.importantDataNotified || notified }))).toBeGreaterThanOrEqual(severity(f));
    }), { numRuns: 500 });
  });
  it('the same facts, version and day give the same verdict, and every verdict has a reason', () => {
    fc.assert(fc.property(facts, (f) => {
      const v = judge(CN_EXPORT, f, DAY);
      expect(judge(structuredClone(CN_EXPORT), structuredClone(f), DAY)).toEqual(v);
      expect(v.reasons.length).toBeGreaterThan(0);
      expect(v.permitted).toBe(SEVERITY[v.outcome] <= 1);
    }));
  });
});
