import fc from 'fast-check';
import { packagedLaw } from '../../use-cases/law/law-files.js';
import { Calendars } from '../calendar/calendar.js';
import { addDays } from '../calendar/days.js';
import { type ApprovalUse, covers } from './covers.js';
import { renewalFrom } from './renewal.js';

type Held = Parameters<typeof covers>[0];
const use: ApprovalUse = { recipientId: 'r', purposes: ['RESEARCH'], destinations: ['SG'], productId: 'p', persons: 100n, sensitivePersons: 10n, day: '2026-11-23' };
const wide: Held = { type: 'standard_contract', state: 'ACTIVE', validFrom: '2026-01-01', validUntil: null, recipientId: null, purposes: null, destinations: null, productIds: null, persons: null, sensitivePersons: null };

describe('an approval', () => {
  it.each<[string, Partial<Held>, boolean]>([
    ['without limits', {}, true], ['whose limits are met exactly', { recipientId: 'r', purposes: ['RESEARCH'], destinations: ['HK', 'SG'], productIds: ['p'], persons: 100n, sensitivePersons: 10n }, true],
    ['for another recipient', { recipientId: 'x' }, false], ['for another purpose', { purposes: ['RESALE'] }, false], ['for no purpose', { purposes: [] }, false], ['for another destination', { destinations: ['HK'] }, false],
    ['for another product', { productIds: ['x'] }, false], ['for one person fewer', { persons: 99n }, false], ['for one sensitive person fewer', { sensitivePersons: 9n }, false],
    ['on its first day', { validFrom: '2026-11-23' }, true], ['a day before its first', { validFrom: '2026-11-24' }, false], ['on its last day', { validUntil: '2026-11-23' }, true], ['a day after its last', { validUntil: '2026-11-22' }, false],
    ['that was revoked', { state: 'REVOKED' }, false], ['that has expired', { state: 'EXPIRED' }, false],
    ['of an assessment without end', { type: 'security_assessment' }, false], ['of a certification without end', { type: 'certification' }, false], ['of an assessment with an end', { type: 'security_assessment', validUntil: '2027-01-01' }, true],
  ])('%s: %o covers %s', (_, over, expected) => expect(covers({ ...wide, ...over }, use)).toBe(expected));

  it.each<[Partial<ApprovalUse>, boolean]>([[{ destinations: ['SG', 'US'] }, false], [{ destinations: ['SG', 'HK'] }, true], [{ purposes: ['RESEARCH', 'RESALE'] }, false]])(
    'covers every place and purpose of a use or nothing: %o %s', (over, expected) => expect(covers({ ...wide, purposes: ['RESEARCH'], destinations: ['HK', 'SG'] }, { ...use, ...over })).toBe(expected));

  it('does not cover a count that is none', () => expect(covers(wide, { ...use, persons: -1n })).toBe(false));

  const list = (...items: string[]) => fc.option(fc.subarray(items), { nil: null });
  const count = fc.bigInt({ min: 0n, max: 200n });
  const day = fc.integer({ min: -5, max: 5 }).map((n) => addDays('2026-11-23', n));
  const held: fc.Arbitrary<Held> = fc.record({
    type: fc.constantFrom('standard_contract', 'security_assessment', 'certification'), state: fc.constantFrom('ACTIVE', 'REVOKED', 'EXPIRED'), validFrom: day, validUntil: fc.option(day, { nil: null }),
    recipientId: fc.option(fc.constantFrom('r', 's'), { nil: null }), purposes: list('RESEARCH', 'RESALE'), destinations: list('SG', 'HK'), productIds: list('p', 'q'), persons: fc.option(count, { nil: null }), sensitivePersons: fc.option(count, { nil: null }),
  });
  const uses: fc.Arbitrary<ApprovalUse> = fc.record({ recipientId: fc.constantFrom('r', 's'), purposes: fc.constantFrom(['RESEARCH'], ['RESALE']), destinations: fc.subarray(['SG', 'HK'], { minLength: 1 }), productId: fc.constantFrom('p', 'q'), persons: count, sensitivePersons: count, day });

  it('that covers a use covers a smaller one, and a wider approval covers it too', () => {
    fc.assert(fc.property(held, uses, count, count, (approval, asked, fewer, fewerSensitive) => {
      fc.pre(covers(approval, asked));
      const smaller = { ...asked, persons: fewer < asked.persons ? fewer : asked.persons, sensitivePersons: fewerSensitive < asked.sensitivePersons ? fewerSensitive : asked.sensitivePersons };
      expect(covers(approval, smaller)).toBe(true);
      for (const wider of [{ recipientId: null }, { purposes: null }, { destinations: null }, { productIds: null }, { persons: null }, { sensitivePersons: null }]) expect(covers({ ...approval, ...wider }, asked)).toBe(true);
    }), { maxSkipsPerRun: 100_000 });
  });
  it('covers nothing outside its days, or when it is not active', () => {
    fc.assert(fc.property(held, uses, (approval, asked) => {
      const outside = asked.day < approval.validFrom || (approval.validUntil !== null && asked.day > approval.validUntil) || approval.state !== 'ACTIVE';
      if (outside) expect(covers(approval, asked)).toBe(false);
    }));
  });
});

const calendars = new Calendars((await packagedLaw()).calendars());

describe('renewal', () => {
  it.each([
    ['security_assessment', '2026-11-30', '2026-09-01'], ['certification', '2027-05-31', '2026-11-30'], ['standard_contract', '2027-05-31', null],
    // The mainland's year 2027 is not published: counted from the end at its longest.
    ['security_assessment', '2027-02-01', '2026-10-04'],
  ])('of a %s until %s is due from %s', (type, until, from) => expect(renewalFrom(type, until, calendars)).toBe(from));
});
