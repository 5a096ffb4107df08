import fc from 'fast-check';
import { effectiveAt, GROUNDS, REASON_CODES, type Side, TERMINATION_STATES, type TerminationEvent, terminationStates } from './termination.js';

const NOW = new Date('2026-11-23T08:00:00Z');
const NOTHING = { vendorNoticeDays: null, buyerNoticeDays: null };
const SIDES: Side[] = ['VENDOR', 'BUYER', 'EXCHANGE'];
const day = (at: Date | null | undefined) => (at instanceof Date ? at.toISOString().slice(0, 10) : at);

describe('ending an agreement early', () => {
  it.each([
    ['MUTUAL_CONSENT', 'VENDOR', NOTHING, null], ['MUTUAL_CONSENT', 'EXCHANGE', NOTHING, undefined],
    ['CONVENIENCE', 'BUYER', NOTHING, undefined], ['CONVENIENCE', 'BUYER', { vendorNoticeDays: null, buyerNoticeDays: 30 }, '2026-12-23'], ['CONVENIENCE', 'VENDOR', { vendorNoticeDays: null, buyerNoticeDays: 30 }, undefined],
    ['MATERIAL_BREACH', 'VENDOR', NOTHING, '2026-12-07'], ['LAW', 'EXCHANGE', NOTHING, '2026-11-23'], ['LAW', 'VENDOR', NOTHING, undefined],
  ] as const)('%s by %s takes effect %#', (code, side, terms, expected) => expect(day(effectiveAt(code, side, terms, NOW))).toBe(expected));

  it('without a right in the terms no side ends it alone at once', () => {
    for (const code of REASON_CODES) for (const side of SIDES.slice(0, 2)) { const at = effectiveAt(code, side, NOTHING, NOW); expect(at === null || at === undefined || at > NOW).toBe(true); }
  });
  it('what is over stays over, whatever comes', () => {
    const events = fc.constantFrom<TerminationEvent>('consent', 'decline', 'contest', 'withdraw', 'uphold', 'dismiss', 'take-effect');
    fc.assert(fc.property(fc.array(events, { maxLength: 12 }), (path) => {
      let state = TERMINATION_STATES[0] as (typeof TERMINATION_STATES)[number];
      let over = false;
      for (const event of path) {
        const next = terminationStates.next(state, event);
        if (over) expect(next).toBeUndefined();
        if (next) state = next;
        over = state !== 'PROPOSED' && state !== 'CONTESTED';
      }
    }));
  });
  it('nobody but the other side is asked for consent', () => expect(REASON_CODES.filter((c) => GROUNDS[c].answers.includes('consent'))).toEqual(['MUTUAL_CONSENT', 'MATERIAL_BREACH']));
});
