import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeJson } from '#shared';
import { dataset, transfer } from '../../../../../test/support/transfers.js';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { type Classification, LEVELS } from '../classification.js';
import type { Verdict } from '../decision.js';
import { type DecisionFacts, legsOf, NO_VOLUME, type TransferFacts, type Volume } from '../transfer.js';
import { documentOfFirstForm } from './document.js';
import { judge } from './engine.js';
import { Law } from './law.js';
import { type Outcome, severityOf } from './rulebook.js';

const DAY = '2026-11-22';
const PERSON = { persons: 10n };
const law = await packagedLaw();
const verdict = (datasets: readonly Partial<Classification>[], over: Partial<TransferFacts> = {}, prior: Partial<Volume> = {}, day = DAY): Verdict =>
  judge(law, legsOf({ ...transfer(datasets, over), prior: { ...NO_VOLUME, ...prior } }), day);
const last = (v: Verdict): string | undefined => v.considered.at(-1);

describe('export from mainland China', () => {
  const CASES: readonly (readonly [string, Outcome, string, readonly Partial<Classification>[], Partial<TransferFacts>?, Partial<Volume>?])[] = [
    ['no source statement', 'prohibited', 'exchange.source-and-identity', [{}, { sourceStatement: ' ' }]],
    ['seller not verified', 'prohibited', 'exchange.source-and-identity', [{}], { sellerVerified: false }],
    ['buyer not verified', 'prohibited', 'exchange.source-and-identity', [{}], { buyerVerified: false }],
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
    expect(v.considered.find((id) => id.startsWith('cn.'))).toBe('cn.level.core-or-secret');
    expect(v.considered).not.toContain('cn.volume.small');
    expect(last(v)).toBe('cn.volume.sensitive-10000');
    expect(v.mechanisms).toEqual(['security_assessment']);
    expect(v.filings).toMatchObject([{ type: 'security_assessment', to: 'national CAC via provincial CAC', validity: 'P3Y from result', clock: { days: 45, calendar: 'CN', from: 'acceptance' } }]);
    expect(v.filings[0]).not.toHaveProperty('effectiveFrom');
    expect(v.reasons[0]).toEqual({ rule: 'cn.volume.sensitive-10000', rulebook: 'cn-export', version: '2026-11-22', citation: 'CAC Order 16 (2024-03-22) Art. 7(1)(2)', confidence: 'secondary', guideline: 'cn-assessment' });
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
    expect(verdict([{}], { origin: 'BR', destination: 'CN' })).toMatchObject({ outcome: 'manual_review', permitted: false, needs: [['transfer_review']] });
    // The review that it asks for carries it, and nothing else.
    expect(verdict([{}], { origin: 'BR', destination: 'CN', mechanisms: { transfer_review: 'arranged' } })).toMatchObject({ outcome: 'manual_review', permitted: true, needs: [], reliedOn: ['transfer_review'] });
    expect(verdict([{}], { origin: 'BR', destination: 'CN', mechanisms: { security_assessment: 'arranged' } })).toMatchObject({ permitted: false, needs: [['transfer_review']] });
    expect(verdict([])).toMatchObject({ outcome: 'manual_review', permitted: false, needs: [], considered: ['exchange.facts-undecidable'] });
  });
});

describe('properties', () => {
  const count = fc.oneof(fc.constantFrom(0n, 1n, 9_999n, 10_000n, 99_999n, 100_000n, 999_999n, 1_000_000n), fc.bigInt(0n, 2_000_000n));
  const anyDataset: fc.Arbitrary<Classification> = fc.record({
    level: fc.constantFrom(...LEVELS), importantDataNotified: fc.boolean(), persons: count, sensitivePersons: count, anonymisation: fc.constantFrom('none', 'deidentified', 'anonymised'),
    anonymisationEvidence: fc.constantFrom(null, 'report 7'), collectedIn: fc.constantFrom('CN', 'overseas'), domesticDataAdded: fc.boolean(), sourceStatement: fc.constantFrom('own', 'own', 'own', ''),
    upstream: fc.uniqueArray(fc.record({ jurisdiction: fc.constantFrom('CN', 'US', 'DE', 'SG', 'BR'), noOnwardClause: fc.constantFrom(true, false, null) }), { maxLength: 2, selector: (u) => u.jurisdiction }),
    usCounts: fc.oneof(fc.constant(null), fc.record({ health: count, biometric: count })), collectedFirstHand: fc.constantFrom(true, false, null),
  }).map(dataset);
  const facts = fc.record({
    datasets: fc.array(anyDataset, { minLength: 1, maxLength: 3 }), exporterIsCIIO: fc.boolean(), exporterHasPRCEntity: fc.boolean(),
    buyerVerified: fc.boolean(), origin: fc.constantFrom('CN', 'HK', 'SG', 'DE', 'GB', 'JP', 'KR', 'US'), destination: fc.constantFrom('SG', 'CN', 'HK', 'FR', 'US'), recipientJurisdiction: fc.constantFrom('SG', 'CN'), prior: fc.record({ persons: count, sensitivePersons: count }),
  }).map(({ datasets, prior, ...over }) => ({ ...transfer([], over), datasets, prior }));
  const severity = (f: DecisionFacts): number => severityOf(judge(law, legsOf(f), DAY).outcome);
  const changeFirst = (f: DecisionFacts, over: Partial<Classification>) => ({ ...f, datasets: f.datasets.map((d, i) => (i ? d : { ...d, ...over })) });

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
      const v = judge(law, legsOf(f), DAY);
      expect(judge(Law.of(structuredClone(law.documents)), legsOf(structuredClone(f)), DAY)).toEqual(v);
      expect(v.reasons.length).toBeGreaterThan(0);
      expect(v.permitted).toBe(severityOf(v.outcome) <= severityOf('exempt'));
    }));
  });
  it('one more origin never gives a milder outcome', () => {
    fc.assert(fc.property(facts, fc.constantFrom('CN', 'US', 'DE', 'JP', 'KR', 'BR'), fc.constantFrom(true, false, null), (f, jurisdiction, noOnwardClause) => {
      const [first] = f.datasets;
      if ((first!.upstream ?? []).some((u) => u.jurisdiction === jurisdiction)) return;
      expect(severity(changeFirst(f, { upstream: [...(first!.upstream ?? []), { jurisdiction, noOnwardClause }] }))).toBeGreaterThanOrEqual(severity(f));
    }), { numRuns: 500 });
  });
  it('more US persons in the window never give a milder outcome', () => {
    fc.assert(fc.property(facts, count, fc.constantFrom('health', 'biometric', 'human_genomic'), (f, more, category) => {
      const known = { ...f, origin: 'US', datasets: f.datasets.map((d) => ({ ...d, usCounts: d.usCounts ?? {}, collectedFirstHand: d.collectedFirstHand ?? false })) };
      expect(severity({ ...known, prior: { ...known.prior, categories: { [category]: more } } })).toBeGreaterThanOrEqual(severity(known));
    }), { numRuns: 500 });
  });
});

describe('decisions of the first form', () => {
  const kept = JSON.parse(readFileSync('test/fixtures/first-form.json', 'utf8')) as { rulebook: object; hash: string; decisions: { day: string; facts: unknown; rule: string; outcome: Outcome }[] };
  it('are worked out again from their rulebook, word for word', () => {
    const document = documentOfFirstForm(kept.rulebook);
    expect(document.hash).toBe(kept.hash);
    const first = Law.of([document]);
    for (const { day, facts, rule, ...said } of kept.decisions) {
      const again = judge(first, legsOf(decodeJson<DecisionFacts>(JSON.stringify(facts))), day);
      const { outcome, permitted, mechanisms, filings, obligations, reasons } = again;
      expect({ outcome, permitted, mechanisms, obligations, filings: filings.map(({ clock: _clock, ...f }) => f), reasons: reasons.map(({ guideline: _guideline, ...r }) => r) }).toEqual(said);
      expect(last(again)).toBe(rule);
    }
    expect(kept.decisions.length).toBeGreaterThan(40);
  });
});
