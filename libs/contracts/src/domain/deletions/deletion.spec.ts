import fc from 'fast-check';
import { certificateDocument, certificateHash } from './certificate.js';
import { DELETION_STATES, type DeletionEvent, deletionStates, dueEvent, inDays, nextAt } from './deletion.js';

const NOW = new Date('2026-11-23T08:00:00Z');
const EVENTS: DeletionEvent[] = ['lapse', 'certify', 'contest', 'release', 'settle', 'close', 'reopen'];

describe('a deletion after a licence', () => {
  it('is over for good, and never over without a certificate, the vendor or staff', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 15 }), (path) => {
      let state: (typeof DELETION_STATES)[number] = 'REQUESTED';
      const done: DeletionEvent[] = [];
      for (const event of path) {
        const next = deletionStates.next(state, event);
        if (state === 'CLOSED') expect(next).toBeUndefined();
        if (!next) continue;
        if (next === 'CLOSED') expect(event === 'release' || event === 'close' || (event === 'settle' && done.at(-1) === 'certify')).toBe(true);
        done.push(event);
        state = next;
      }
    }));
  });
  it.each([[40, 33], [7, 6], [5, 4], [1, 1], [0.5, 0.5]])('due in %d days, the buyer hears of it next after %d', (due, next) => expect(nextAt('REQUESTED', inDays(NOW, due), NOW)).toEqual(inDays(NOW, next)));
  it('time lapses what is due, settles what nobody contested, and else reminds', () => {
    expect(dueEvent('REQUESTED', NOW, NOW)).toBe('lapse');
    expect(dueEvent('REQUESTED', inDays(NOW, 1), NOW)).toBeNull();
    expect([dueEvent('OVERDUE', NOW, NOW), dueEvent('CERTIFIED', NOW, NOW)]).toEqual([null, 'settle']);
    expect(['OVERDUE', 'CERTIFIED', 'CONTESTED', 'CLOSED'].map((s) => nextAt(s as 'OVERDUE', NOW, NOW))).toEqual([inDays(NOW, 7), inDays(NOW, 30), null, null]);
  });
  it('time always comes to matter later, as long as it is waited for', () => {
    fc.assert(fc.property(fc.constantFrom(...DELETION_STATES), fc.integer({ min: 1, max: 4_000 }), (state, hours) => {
      const at = nextAt(state, new Date(NOW.getTime() + hours * 3_600_000), NOW);
      expect(at === null ? state === 'CONTESTED' || state === 'CLOSED' : at > NOW).toBe(true);
    }));
  });
});

describe('a certificate of deletion', () => {
  const deletion = { id: 'd', agreementId: 'a', agreementHash: 'f'.repeat(64), vendorId: 'v', buyerId: 'b' };
  const statement = { deletedAt: NOW, method: 'Volume wiped, Café', copies: ['warehouse'], recipients: [{ statement: 'said so', organisationId: null, name: 'Lab' }], retained: null };
  it('has one hash, whatever the order of keys and the Unicode form', () => {
    const hash = certificateHash(certificateDocument(deletion, statement));
    expect(certificateHash(certificateDocument(deletion, { ...statement, method: 'Volume wiped, Café', recipients: [{ name: 'Lab', organisationId: null, statement: 'said so' }] }))).toBe(hash);
    expect(certificateHash(certificateDocument(deletion, { ...statement, copies: ['warehouse', 'backup'] }))).not.toBe(hash);
  });
});
