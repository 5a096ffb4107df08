import fc from 'fast-check';
import { LIMITS } from '#shared';
import { answersWith, answerStates, checkWanted, DATA_REQUEST_STATES, dataRequestStates, isOpen, type Wanted } from './data-request.js';

const NOW = new Date('2026-11-23T08:00:00Z');
const KNOWN = { themes: { TRAN: {} }, frequencies: { DAILY: {} } };
const wanted = (over: Partial<Wanted> = {}): Wanted => ({ title: 't', description: 'd', themes: ['TRAN'], countries: ['SG'], frequency: 'DAILY', budget: { minMinor: 1n, maxMinor: 1n, currency: 'SGD' }, purposes: [], expiresAt: new Date('2026-12-23T08:00:00Z'), ...over });
const paths = (over: Partial<Wanted>): string[] => checkWanted(wanted(over), KNOWN, NOW).map((p) => p.path);
const ahead = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);

describe('a request for data', () => {
  it('is good as it stands', () => expect(paths({})).toEqual([]));
  it.each([
    ['themes.0', { themes: ['constructor'] }], ['countries.1', { countries: ['SG', 'EU'] }], ['frequency', { frequency: 'toString' }], ['budget.currency', { budget: { minMinor: 1n, maxMinor: null, currency: 'XXX' } }],
    ['budget', { budget: { minMinor: null, maxMinor: null, currency: 'SGD' } }], ['budget.maxMinor', { budget: { minMinor: 2n, maxMinor: 1n, currency: 'SGD' } }], ['expiresAt', { expiresAt: NOW }], ['expiresAt', { expiresAt: ahead(LIMITS.dataRequestDays + 1) }],
  ] as const)('is refused at %s', (path, over) => expect(paths(over)).toEqual([path]));
  it('may last as long as it may, and needs neither budget nor frequency', () => expect(paths({ expiresAt: ahead(LIMITS.dataRequestDays), budget: null, frequency: null, themes: [], countries: [] })).toEqual([]));
  it('is over once it is over: no event leads out of an end', () => {
    for (const state of DATA_REQUEST_STATES.slice(1)) for (const { event } of dataRequestStates.transitions) expect([state, event, dataRequestStates.next(state, event)]).toEqual([state, event, undefined]);
    for (const state of ['ACCEPTED', 'DECLINED'] as const) for (const event of ['accept', 'decline'] as const) expect([state, event, answerStates.next(state, event)]).toEqual([state, event, undefined]);
  });
  it('is not open once its time is over, whatever its row says', () => {
    expect([isOpen({ state: 'OPEN', expiresAt: ahead(1) }, NOW), isOpen({ state: 'OPEN', expiresAt: NOW }, NOW), isOpen({ state: 'CLOSED', expiresAt: ahead(1) }, NOW)]).toEqual([true, false, false]);
  });
  it('of somebody who is not named is answered alike whoever he is', () => fc.assert(fc.property(fc.uuid(), fc.uuid(), fc.array(fc.uuid()), (one, other, ids) => {
    const asker = (id: string, anonymous: boolean) => ({ anonymous, asker: { id, legalName: 'x', jurisdiction: 'SG' } });
    const named = { audience: 'NAMED', audienceIds: [...ids, one] } as const;
    expect([answersWith(named, asker(one, true)), answersWith(named, asker(other, true)), answersWith({ audience: 'PUBLIC', audienceIds: [] }, asker(one, true))]).toEqual([false, false, true]);
    expect(answersWith(named, asker(one, false))).toBe(true);
  })));
});
