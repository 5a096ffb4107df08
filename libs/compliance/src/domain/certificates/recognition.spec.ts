import fc from 'fast-check';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { type CertificatePaper, certificateStates, paperProblem, schemesHeld } from './certificate.js';
import { accepts, inForceOn } from './recognition.js';

const table = (await packagedLaw()).recognition()!;
const ask = (jurisdiction: string, day: string, country: string, schemes: string[], use = 'transfer', grantedIn = country) => schemes.filter((scheme) => accepts(table, { jurisdiction, for: use, day, country }, { scheme, grantedIn }));

describe('mutual recognition', () => {
  it('of Singapore: APEC CBPR and PRP, and the global ones from 2 March 2026, of member countries', () => {
    const all = ['APEC_CBPR', 'APEC_PRP', 'GLOBAL_CBPR', 'GLOBAL_PRP', 'DPF'];
    expect(ask('SG', '2026-03-01', 'JP', all)).toEqual(['APEC_CBPR', 'APEC_PRP']);
    expect(ask('SG', '2026-03-02', 'JP', all)).toEqual(['APEC_CBPR', 'APEC_PRP', 'GLOBAL_CBPR', 'GLOBAL_PRP']);
    expect(ask('SG', '2021-01-31', 'JP', all)).toEqual([]);
    expect([ask('SG', '2026-11-23', 'CN', all), ask('SG', '2026-11-23', 'HK', all), ask('SG', '2026-11-23', 'JP', all, 'listing')]).toEqual([[], [], []]);
  });

  it.each([['EU', 'DPF', '2023-07-10', '2023-07-09', 'US'], ['GB', 'DPF_UK', '2023-10-12', '2023-10-11', 'US'], ['CN', 'CAC_PI_CERT', '2021-11-01', '2021-10-31', 'CN']])('of %s: %s from its first day on', (jurisdiction, scheme, first, before, country) => {
    expect([ask(jurisdiction, first, country, [scheme]), ask(jurisdiction, before, country, [scheme]), ask(jurisdiction, first, 'DE', [scheme])]).toEqual([[scheme], [], []]);
  });

  it('ends on the day on which it no longer holds', () => {
    const [entry] = table.entries;
    const ending = { entries: [{ ...entry!, effectiveTo: '2027-01-01' }] };
    expect([inForceOn(ending, 'SG', '2026-12-31').length, inForceOn(ending, 'SG', '2027-01-01').length]).toEqual([1, 0]);
  });

  it('asks where a certificate was granted: in the recipient\'s country, or by the jurisdiction itself', () => {
    expect([ask('SG', '2026-11-23', 'CN', ['GLOBAL_CBPR'], 'transfer', 'SG'), ask('SG', '2026-11-23', 'CN', ['GLOBAL_CBPR'], 'transfer', 'JP')]).toEqual([[], []]);
    expect([ask('KR', '2026-11-23', 'CN', ['PIPC'], 'transfer', 'KR'), ask('KR', '2026-11-23', 'CN', ['PIPC'])]).toEqual([['PIPC'], []]);
  });
});

describe('a certificate', () => {
  const paper: CertificatePaper = { scheme: 'GLOBAL_CBPR', number: '7', issuingBody: 'TrustArc', grantedIn: 'US', scope: 'all', dataKinds: [], validFrom: '2026-01-01', validUntil: '2026-12-31' };
  const at = (over: Partial<CertificatePaper>): string | undefined => paperProblem({ ...paper, ...over }, '2026-11-23')?.path;
  it('says what it has to say', () => {
    expect([at({}), at({ validUntil: null }), at({ validUntil: '2026-11-23' }), at({ validFrom: '2027-01-01', validUntil: '2027-01-01' })]).toEqual([undefined, undefined, undefined, undefined]);
    expect([at({ scheme: 'x' }), at({ grantedIn: 'ZZ' }), at({ dataKinds: ['a1', 'a1'] }), at({ dataKinds: ['A'] }), at({ validFrom: '2026-02-30' }), at({ validUntil: '2025-12-31' }), at({ validUntil: '2026-11-22' }), at({ validUntil: 'never' })])
      .toEqual(['scheme', 'grantedIn', 'dataKinds', 'dataKinds', 'validFrom', 'validUntil', 'validUntil', 'validUntil']);
  });

  it('counts on its days and in the country of its grant', () => {
    const held = (day: string, country = 'US') => schemesHeld([paper, { ...paper, scheme: 'DPF', validUntil: null }], day, country);
    expect([held('2025-12-31'), held('2026-01-01'), held('2026-12-31'), held('2027-01-01'), held('2026-06-01', 'SG')]).toEqual([[], ['GLOBAL_CBPR', 'DPF'], ['GLOBAL_CBPR', 'DPF'], ['DPF'], []]);
  });

  it('is in force only after check and confirmation, and never again once it ended', () => {
    const events = ['check', 'confirm', 'refuse', 'suspend', 'reinstate', 'revoke', 'expire'] as const;
    fc.assert(fc.property(fc.array(fc.constantFrom(...events), { maxLength: 20 }), (tried) => {
      const done: string[] = [];
      let state: (typeof certificateStates.states)[number] = 'SUBMITTED';
      for (const event of tried) {
        const next = certificateStates.next(state, event);
        if (!next) continue;
        expect(['REVOKED', 'EXPIRED', 'REFUSED']).not.toContain(state);
        done.push(event);
        state = next;
      }
      if (state === 'ACTIVE') expect(done.slice(0, 2)).toEqual(['check', 'confirm']);
    }));
  });
});
