import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { GATE_STEPS, type GateEvent, type GateStep, isListed, listingGate, missingForListing, movesByItself, type ProductState } from '../listing-gate.js';
import { certificateStates, isInForce, readCertificateNumber } from './certificate.js';
import { demandedSteps, type GateFacts, type GateRulebook, parseRulebook } from './rulebook.js';

const DAY = 86_400_000;
const PACKAGED = JSON.parse(readFileSync('libs/catalog/gate/rulebooks/2026-11-01.json', 'utf8')) as Record<string, unknown> & { steps: Record<string, unknown>[] };
const read = (data: unknown): GateRulebook => {
  const parsed = parseRulebook(data);
  if ('problems' in parsed) throw new Error(parsed.problems.join('; '));
  return parsed.rulebook;
};
const anyFacts = fc.record({ levels: fc.subarray(['general', 'important', 'core']), origins: fc.subarray(['CN', 'SG', 'HK']), personalData: fc.boolean() });
const condition = fc.record({ levels: fc.subarray(['general', 'important', 'core'], { minLength: 1 }), origins: fc.subarray(['CN', 'SG', 'HK'], { minLength: 1 }), personalData: fc.boolean() }, { requiredKeys: [] }).filter((c) => Object.keys(c).length > 0);
const when = fc.oneof(fc.constant(null), fc.array(condition, { maxLength: 3 }));
const anyRulebook = fc.tuple(when, when, when, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })).map(([opinion, review, notice, opinionDays, noticeDays, days]) => read({
  ...PACKAGED, steps: [{ step: 'PLATFORM_TEST' }, { step: 'OPINION', when: opinion, days: opinionDays }, { step: 'REVIEW', when: review }, { step: 'NOTICE', when: notice, days: noticeDays }, { step: 'CERTIFICATE', days }],
}));

/** A product as the use cases move it: what is refused changes nothing. */
class Model {
  state: ProductState = 'DRAFT';
  demandedSteps: readonly GateStep[] = [];
  completedSteps: GateStep[] = [];
  opinionValidUntil: Date | null = null;
  noticeEndsAt: Date | null = null;
  certificateValidUntil: Date | null = null;
  now = new Date('2026-11-23T00:00:00Z');
  constructor(readonly rulebook: GateRulebook, readonly facts: GateFacts) {}

  private in(step: GateStep): Date {
    return new Date(this.now.getTime() + this.rulebook.steps.find((r) => r.step === step)!.days! * DAY);
  }
  try(event: GateEvent | 'wait'): void {
    if (event === 'wait') return void (this.now = new Date(this.now.getTime() + 3 * DAY));
    const to = listingGate.next(this.state, event);
    // What happens by itself, nobody asks for.
    if (to === undefined || event.startsWith('skip') || event === 'open-notice') return;
    if (event === 'certify' && (this.noticeEndsAt && this.noticeEndsAt > this.now || this.opinionValidUntil && this.opinionValidUntil <= this.now)) return;
    if ((event === 'list' || event === 'reinstate') && missingForListing(this, this.now).length) return;
    if (event === 'submit') Object.assign(this, { demandedSteps: demandedSteps(this.rulebook, this.facts), completedSteps: [], opinionValidUntil: null, noticeEndsAt: null });
    if (event === 'pass-test') this.completedSteps.push('PLATFORM_TEST');
    if (event === 'opine') Object.assign(this, { completedSteps: [...this.completedSteps, 'OPINION'], opinionValidUntil: this.in('OPINION') });
    if (event === 'approve') this.completedSteps.push('REVIEW');
    if (event === 'certify') Object.assign(this, { completedSteps: [...this.completedSteps, 'CERTIFICATE'], certificateValidUntil: this.in('CERTIFICATE') });
    this.state = to;
    for (let own = movesByItself(this); own; own = movesByItself(this)) {
      if (own === 'open-notice') Object.assign(this, { completedSteps: [...this.completedSteps, 'NOTICE'], noticeEndsAt: this.in('NOTICE') });
      this.state = listingGate.next(this.state, own)!;
    }
  }
}

describe('the gate under any rulebook', () => {
  const events = [...new Set(listingGate.transitions.map((t) => t.event)), 'wait' as const];
  it('has no path to LISTED without each step that is demanded, in force', () => {
    fc.assert(fc.property(anyRulebook, anyFacts, fc.array(fc.constantFrom(...events), { maxLength: 80 }), (rules, of, tried) => {
      const product = new Model(rules, of);
      for (const event of tried) {
        const before = product.state;
        product.try(event);
        if (product.state !== 'LISTED' || before === 'LISTED') continue;
        expect(demandedSteps(rules, of).filter((s) => !product.completedSteps.includes(s))).toEqual([]);
        expect([product.completedSteps[0], product.completedSteps.includes('CERTIFICATE')]).toEqual(['PLATFORM_TEST', true]);
        expect(isListed(product, product.now)).toBe(true);
        if (product.demandedSteps.includes('OPINION')) expect(product.opinionValidUntil! > product.now).toBe(true);
        if (product.demandedSteps.includes('NOTICE')) expect(product.noticeEndsAt! <= product.now).toBe(true);
        expect(product.certificateValidUntil! > product.now).toBe(true);
      }
    }), { numRuns: 2_000 });
  });
  it('lets every product through that does what is demanded', () => {
    fc.assert(fc.property(anyRulebook, anyFacts, (rules, of) => {
      const product = new Model(rules, of);
      for (const event of ['submit', 'pass-test', 'opine', 'approve'] as const) product.try(event);
      // A notice may outlast an opinion: then a new opinion is due, as it would be.
      for (let i = 0; i < 11 && product.state !== 'CERTIFIED'; i++) {
        product.try('wait');
        product.try('certify');
        if (product.opinionValidUntil && product.opinionValidUntil <= product.now) product.opinionValidUntil = new Date(product.now.getTime() + DAY);
      }
      product.try('certify');
      product.try('list');
      expect(product.state).toBe('LISTED');
    }));
  });
  it('is never demanded less of data that is more', () => {
    fc.assert(fc.property(anyRulebook, anyFacts, anyFacts, (rules, one, other) => {
      const both = { levels: [...one.levels, ...other.levels], origins: [...one.origins, ...other.origins], personalData: one.personalData };
      const [less, more] = [demandedSteps(rules, one), demandedSteps(rules, both)];
      expect(less.filter((s) => !more.includes(s))).toEqual([]);
    }));
  });
});

describe('a rulebook', () => {
  it('that comes along demands every step of everything', () => expect(demandedSteps(read(PACKAGED), { levels: [], origins: [], personalData: false })).toEqual(GATE_STEPS));
  const steps = (i: number, over: object): object => ({ steps: PACKAGED.steps.map((s, at) => (at === i ? { ...s, ...over } : s)) });
  it.each<[string, object]>([
    ['$.id', { id: 'other' }], ['$.version', { version: 'v 1' }], ['$.effectiveFrom', { effectiveFrom: '2026-02-30' }], ['$.title', { title: ' ' }], ['$.surprise', { surprise: 1 }], ['$.steps', { steps: PACKAGED.steps.slice(1) }], ['$.steps', { steps: PACKAGED.steps.toReversed() }],
    ['$.steps.0.when', steps(0, { when: [] })], ['$.steps.4.when', steps(4, { when: [{ personalData: true }] })], ['$.steps.1.when.0', steps(1, { when: [{}] })], ['$.steps.1.when.0.levels', steps(1, { when: [{ levels: ['secret'] }] })],
    ['$.steps.1.when.0.origins', steps(1, { when: [{ origins: ['cn'] }] })], ['$.steps.1.days', steps(1, { days: 0 })], ['$.steps.3.days', steps(3, { days: 1.5 })], ['$.steps.2.days', steps(2, { days: 3 })], ['$.steps.1.roles', steps(1, { roles: ['BUYER'] })], ['$.steps.3.roles', steps(3, { roles: ['AUDITOR'] })],
  ])('is refused at %s', (path, over) => {
    const parsed = parseRulebook({ ...PACKAGED, ...over });
    expect('problems' in parsed && parsed.problems.some((p) => p.startsWith(`${path}:`))).toBe(true);
  });
  it('of any form is read or refused, never thrown at', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      for (const data of [one, { ...PACKAGED, steps: one }, { ...PACKAGED, steps: PACKAGED.steps.map((s) => ({ ...s, when: [other] })) }]) expect(['rulebook', 'problems']).toContain(Object.keys(parseRulebook(data))[0]);
    }));
  });
});

describe('a certificate', () => {
  it('that has ended does not come back', () => {
    for (const ended of ['CANCELLED', 'REVOKED'] as const) for (const event of ['change', 'transfer', 'cancel', 'revoke'] as const) expect(certificateStates.next(ended, event)).toBeUndefined();
  });
  it('counts while it is active and not lapsed', () => {
    const now = new Date('2026-11-23T00:00:00Z');
    expect([isInForce({ state: 'ACTIVE', validUntil: new Date(now.getTime() + 1) }, now), isInForce({ state: 'ACTIVE', validUntil: now }, now), isInForce({ state: 'REVOKED', validUntil: new Date('2030-01-01') }, now)]).toEqual([true, false, false]);
  });
  it.each([['00000042', 42n], ['42', 42n], ['', null], ['-1', null], ['1e3', null], ['9'.repeat(19), null]])('number %j is %s', (text, number) => expect(readCertificateNumber(text)).toBe(number));
});
