import fc from 'fast-check';
import { addDays } from '../calendar/days.js';
import type { CaseStep } from './case-kind.js';
import { checkers, checkEvidence, checkMove, checkTerm } from './check-move.js';
import { checkScope } from './check-scope.js';
import type { CaseDocument } from './counter-case.js';
import { isWhatItSays, mediaTypeOf, nameProblem } from './document-rules.js';
import { dueReminder, REMINDERS } from './reminders.js';

const TODAY = '2026-11-23';
const step: CaseStep = { from: 'A', event: 'go', to: 'B', by: ['STAFF'] };
const code = (result: { code: string } | undefined): string | undefined => result?.code;

describe('what is said with an event', () => {
  it.each([
    [{}, {}, undefined], [{ needs: ['reason'] }, {}, 'compliance.case_detail_missing'], [{ needs: ['reason'] }, { reason: 'so' }, undefined],
    [{}, { occurredOn: TODAY }, undefined], [{}, { occurredOn: '2026-11-24' }, 'compliance.case_day_out_of_range'], [{}, { occurredOn: '2023-11-23' }, undefined], [{}, { occurredOn: '2023-11-22' }, 'compliance.case_day_out_of_range'],
    [{}, { occurredOn: '2026-11-31' }, 'compliance.case_detail_missing'], [{}, { validUntil: 'soon' }, 'compliance.case_detail_missing'],
    [{ effect: 'DELIVER_OPINION' }, { validUntil: TODAY }, 'compliance.approval_validity'], [{ effect: 'DELIVER_OPINION' }, { validUntil: '2027-11-23' }, undefined], [{ effect: 'DELIVER_OPINION' }, { validUntil: '2027-11-24' }, 'compliance.approval_validity'],
  ] as [Partial<CaseStep>, object, string | undefined][])('%j with %j: %s', (over, details, expected) => expect(code(checkMove({ ...step, ...over }, details, TODAY, null))).toBe(expected));
  it('is not from before the time began', () => {
    expect(code(checkMove(step, { occurredOn: '2026-11-19' }, TODAY, '2026-11-20'))).toBe('compliance.case_day_out_of_range');
    expect(checkMove(step, { occurredOn: '2026-11-20' }, TODAY, '2026-11-20')).toBeUndefined();
  });
});

describe('the days of an approval', () => {
  const three = { end: 'REQUIRED', maxYears: 3, citation: 'the law' } as const;
  const open = { end: 'OPTIONAL', citation: 'the contract' } as const;
  it.each([
    [three, TODAY, '2029-11-23', undefined], [three, TODAY, '2029-11-24', 'validUntil'], [three, TODAY, null, 'validUntil'], [three, '2026-11-24', TODAY, 'validUntil'], [three, '2023-11-23', '2026-11-22', 'validUntil'], [three, TODAY, TODAY, undefined],
    [open, TODAY, null, undefined], [open, TODAY, '2036-11-23', undefined], [open, TODAY, '2036-11-24', 'validUntil'], [open, '2016-11-22', null, 'validFrom'], [open, '2027-11-25', null, 'validFrom'],
  ] as const)('%j from %s until %s: wrong is %s', (term, from, until, path) => expect(checkTerm(term, from, until, TODAY)).toEqual(path === undefined ? undefined : expect.objectContaining({ fields: [expect.objectContaining({ path })] })));
});

describe('evidence', () => {
  const document = (over: Partial<CaseDocument>): CaseDocument => ({ id: '1', caseId: 'c', kind: 'RESULT', name: 'n', mediaType: 'm', byteLength: 1, sha256: '', state: 'ACCEPTED', uploadedBy: 'x', uploadedAt: new Date(), checkedBy: 'first', checkedAt: null, checkReason: null, ...over });
  it('is there and accepted, and names who looked at it', () => {
    const grant: CaseStep = { ...step, evidence: ['PIPIA'], accepted: ['RESULT'] };
    const pipia = document({ id: '0', kind: 'PIPIA', state: 'PENDING', checkedBy: null });
    expect([[], [pipia], [pipia, document({ state: 'PENDING' })], [pipia, document({ state: 'REJECTED' })]].map((d) => code(checkEvidence(grant, d, 'A')))).toEqual(Array.from({ length: 4 }, () => 'compliance.case_evidence_missing'));
    expect(checkEvidence(grant, [pipia, document({})], 'A')).toBeUndefined();
    expect([checkers(grant, [pipia, document({})], null), checkers(step, [document({})], 'second'), checkers(grant, [document({ id: '2', checkedBy: 'third' }), document({})], 'second')]).toEqual([['first'], ['second'], ['second', 'third']]);
  });
});

describe('a scope', () => {
  const wide = { purposes: null, destinations: null, productIds: null, persons: null, sensitivePersons: null, recipientId: null };
  it.each([
    [{}, undefined], [{ destinations: ['SG', 'HK'], persons: 0n }, undefined], [{ destinations: [] }, 'scope.destinations'], [{ destinations: ['XX'] }, 'scope.destinations'], [{ purposes: ['research'] }, 'scope.purposes'],
    [{ productIds: ['x'] }, 'scope.productIds'], [{ persons: 10_000_000_001n }, 'scope.persons'], [{ sensitivePersons: -1n }, 'scope.sensitivePersons'], [{ recipientId: 'me' }, 'scope.recipientId'],
  ])('%o: wrong is %s', (over, path) => expect(checkScope({ ...wide, ...over })?.fields[0]?.path).toBe(path));
});

describe('a document', () => {
  it.each([['a.pdf', true], ['合同.PDF', true], ['a.b.jpeg', true], ['a', false], ['a.svg', false], ['a.html', false], ['../a.pdf', false], ['.pdf', false], ['a\u200bb.pdf', false], ['a\n.pdf', false]])('called %j: taken %s', (name, good) => expect(nameProblem(name) === undefined).toBe(good));
  it('is what the end of its name says', () => {
    const png = Buffer.from('89504e470d0a1a0a00', 'hex');
    expect([mediaTypeOf('a.PNG'), isWhatItSays('a.png', png), isWhatItSays('a.pdf', png), isWhatItSays('a.jpg', Buffer.from('ffd8ffe0', 'hex')), isWhatItSays('a.zip', Buffer.from('PK\u0003\u0004')), isWhatItSays('a.txt', Buffer.from('早'))]).toEqual(['image/png', true, false, true, true, true]);
    expect([isWhatItSays('a.txt', Buffer.from([0xc3])), isWhatItSays('a.json', Buffer.from('{}\0')), isWhatItSays('a.exe', png)]).toEqual([false, false, false]);
  });
  it('is judged whatever its name and bytes are', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 40 }), (name, bytes) => {
      expect(['string', 'undefined']).toContain(typeof nameProblem(name));
      expect(typeof isWhatItSays(name, Buffer.from(bytes))).toBe('boolean');
    }));
  });
});

describe('reminders', () => {
  it('come each once and in their order, whichever days somebody looks', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 }), (steps) => {
      const timed = { soonOn: addDays(TODAY, 3), nextOn: addDays(TODAY, 8), dueOn: addDays(TODAY, 10) };
      const sent: number[] = [];
      let [day, reminded] = [TODAY, 0];
      for (const days of steps) {
        day = addDays(day, days);
        const level = dueReminder({ ...timed, reminded }, day);
        if (level) sent.push((reminded = REMINDERS.indexOf(level) + 1));
        expect(dueReminder({ ...timed, reminded }, day)).toBeUndefined();
      }
      expect(sent).toEqual([...new Set(sent)].sort());
      expect(reminded === 3).toBe(day > timed.dueOn);
    }));
    expect(dueReminder({ soonOn: null, nextOn: null, dueOn: null, reminded: 0 }, TODAY)).toBeUndefined();
  });
});
