import fc from 'fast-check';
import { BLOCKING_KINDS, FINDING_KINDS, findingStates, staleBefore, standingOf } from '../findings/finding.js';
import { type EndUseFacts, endUseProblem, MOST_END_USERS, validUntilOf } from './end-use.js';

const facts: EndUseFacts = {
  purpose: 'RESEARCH', destination: 'SG', endUsers: [{ name: 'Harbour Labs', country: 'SG', organisationId: null }], onward: { planned: true, countries: ['JP'] }, statements: ['no_military_end_use'],
};
const user = (over: object = {}) => ({ name: 'A', country: 'SG', organisationId: null, ...over });
const wrong = (over: Partial<EndUseFacts>, home = 'SG'): string | undefined => {
  const problem = endUseProblem({ ...facts, ...over }, home);
  return problem && `${problem.kind} ${problem.path}`;
};

describe('a declaration of end use', () => {
  it('is taken when it says everything once', () => {
    expect([wrong({}), wrong({ endUsers: [] }), wrong({ endUsers: [user({ country: 'JP' })] }), wrong({ endUsers: [user({ country: 'HK' })] }, 'HK'), wrong({ onward: { planned: false, countries: [] } }, 'HK'), wrong({ statements: [] })])
      .toEqual(Array.from({ length: 6 }, () => undefined));
    expect(wrong({ endUsers: Array.from({ length: MOST_END_USERS }, (_, i) => user({ name: `user ${i}` })) })).toBeUndefined();
  });

  it.each<[string, Partial<EndUseFacts>]>([
    ['FORM purpose', { purpose: 'research' }], ['FORM destination', { destination: 'XX' }], ['FORM endUsers', { endUsers: Array.from({ length: MOST_END_USERS + 1 }, (_, i) => user({ name: `user ${i}` })) }],
    ['FORM endUsers.0.name', { endUsers: [user({ name: '  ' })] }], ['FORM endUsers.1.country', { endUsers: [user(), user({ name: 'B', country: 'ZZ' })] }], ['FORM endUsers.1', { endUsers: [user(), user({ name: ' a ' })] }],
    ['FORM endUsers.1', { endUsers: [user({ organisationId: 'x' }), user({ name: 'B', organisationId: 'x' })] }], ['FORM onward.countries.0', { onward: { planned: true, countries: ['ZZ'] } }],
    ['FORM onward.countries.1', { onward: { planned: true, countries: ['JP', 'JP'] } }], ['FORM statements', { statements: ['Not A Word'] }], ['FORM statements', { statements: ['aa', 'aa'] }],
    ['CONTRADICTION onward.countries', { onward: { planned: false, countries: ['JP'] } }], ['CONTRADICTION onward.countries', { onward: { planned: true, countries: [] } }],
    ['CONTRADICTION onward.countries.1', { onward: { planned: true, countries: ['JP', 'SG'] } }], ['CONTRADICTION endUsers.1.country', { endUsers: [user(), user({ name: 'B', country: 'RU' })] }],
  ])('is refused: %s', (problem, over) => expect(wrong(over)).toBe(problem));

  it('no end user is where nothing of it goes', () => {
    const country = fc.constantFrom('SG', 'HK', 'JP', 'KR');
    fc.assert(fc.property(country, country, country, fc.boolean(), (destination, home, where, planned) => {
      const taken = wrong({ destination, endUsers: [user({ country: where })], onward: planned ? { planned, countries: ['KR'] } : { planned, countries: [] } }, home) === undefined;
      if (taken) expect([destination, home, ...(planned ? ['KR'] : [])]).toContain(where);
    }));
  });

  it.each([['2026-11-23T10:00:00Z', '2027-11-23T10:00:00Z'], ['2028-02-29T10:00:00Z', '2029-02-28T10:00:00Z'], ['2026-12-31T23:59:59Z', '2027-12-31T23:59:59Z']])('of %s is good until %s', (from, until) =>
    expect(validUntilOf(new Date(from))).toEqual(new Date(until)));
});

describe('findings', () => {
  it('block when they are confirmed and of a kind that stops transfers', () => {
    expect(standingOf([])).toEqual({ blocking: false, kinds: [] });
    expect(standingOf(['OTHER', 'CERTIFICATE_MISMATCH'])).toEqual({ blocking: false, kinds: ['CERTIFICATE_MISMATCH', 'OTHER'] });
    fc.assert(fc.property(fc.array(fc.constantFrom(...FINDING_KINDS)), (kinds) => expect(standingOf(kinds).blocking).toBe(kinds.some((k) => BLOCKING_KINDS.includes(k)))));
  });

  it('are over for good once they are dismissed or cleared', () => {
    for (const event of ['confirm', 'dismiss', 'clear', 'cure'] as const) expect([findingStates.next('DISMISSED', event), findingStates.next('CLEARED', event)]).toEqual([undefined, undefined]);
    expect([findingStates.next('OPEN', 'clear'), findingStates.next('CONFIRMED', 'dismiss')]).toEqual([undefined, undefined]);
  });

  it('count twelve months', () => expect(staleBefore(new Date('2026-11-23T10:00:00Z'))).toEqual(new Date('2025-11-23T10:00:00Z')));
});
