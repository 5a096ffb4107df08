import { CASE_KINDS, type CaseKind, type CaseKindRules, type CaseStep, defineCaseKind } from './case-kind.js';
import { CASE_RULES, mechanismOf } from './case-kinds.js';
import { type CaseDocument, missingDocuments } from './counter-case.js';

const step = (from: string, event: string, to: string, over: Partial<CaseStep> = {}): CaseStep => ({ from, event, to, by: ['STAFF'], ...over });
const base: CaseKindRules = { kind: 'TRANSFER_REVIEW', title: 't', mechanisms: ['x'], subjects: null, initial: 'A', steps: [step('A', 'go', 'B')], clocks: {}, calendar: 'cn', assessor: false };
const clock = { days: 1, unit: 'WORKING', citation: 'c', confidence: 'verified' } as const;
const approval = { end: 'OPTIONAL', citation: 'c' } as const;
const grant = step('B', 'grant', 'C', { effect: 'GRANT', accepted: ['RESULT'] });

describe('a kind of case', () => {
  it('is taken when it makes sense', () => {
    expect(defineCaseKind(base).isClosed('B')).toBe(true);
    expect(defineCaseKind({ ...base, approval, steps: [...base.steps, grant] }).rule('B', 'grant')).toEqual(grant);
    expect(defineCaseKind({ ...base, approval, steps: [step('A', 'go', 'B', { checks: true }), { ...grant, accepted: [] }] }).kind).toBe('TRANSFER_REVIEW');
  });
  it.each<[string, Partial<CaseKindRules>, string]>([
    ['an unreachable state', { steps: [...base.steps, step('Z', 'on', 'B')] }, 'unreachable Z'],
    ['an event with two ends', { steps: [...base.steps, step('A', 'go', 'C')] }, 'two ends'],
    ['nothing to do', { steps: [step('Z', 'go', 'A')] }, 'unreachable Z'],
    ['a clock of a closed state', { clocks: { B: clock } }, 'a clock for B'], ['a clock of an unknown state', { clocks: { Q: clock } }, 'a clock for Q'],
    ['a clock that goes on from nowhere', { clocks: { A: 'GOES_ON' } }, 'no clock runs before'],
    ['an effect that closes nothing', { steps: [step('A', 'go', 'B', { effect: 'UPHOLD' }), step('B', 'on', 'C')] }, 'does not close'],
    ['a grant without terms', { steps: [...base.steps, grant] }, 'belong together'], ['terms without a grant', { approval }, 'belong together'],
    ['a grant of the applicant himself', { approval, steps: [...base.steps, { ...grant, by: ['APPLICANT'] }] }, 'not of staff alone'],
    ['a grant that nobody checked', { approval, steps: [...base.steps, { ...grant, accepted: [] }] }, 'nobody has checked'],
    ['a check that can be gone around', { approval, steps: [step('A', 'check', 'B', { checks: true }), step('A', 'skip', 'B'), { ...grant, accepted: [] }] }, 'nobody has checked'],
    ['an assessor that it does not have', { steps: [step('A', 'go', 'B', { by: ['ASSESSOR'] })] }, 'does not have'],
  ])('is refused with %s', (_, over, message) => expect(() => defineCaseKind({ ...base, ...over })).toThrow(message));
});

describe('the kinds of cases at the counter', () => {
  /** Where a case of this kind comes by these events. */
  const walk = (kind: CaseKind, ...events: string[]): string => events.reduce((state, event) => CASE_RULES[kind].table.next(state, event) ?? `no ${event} in ${state}`, CASE_RULES[kind].initial);
  it.each<[CaseKind, string, string[]]>([
    ['SECURITY_ASSESSMENT', 'PASSED', ['submit', 'ask-evidence', 'file', 'note-receipt', 'note-acceptance', 'begin', 'pass']],
    ['SECURITY_ASSESSMENT', 'REJECTED', ['submit', 'ask-evidence', 'file', 'return', 'file', 'note-receipt', 'note-acceptance', 'begin', 'fail', 'ask-again', 'reject']],
    ['SECURITY_ASSESSMENT', 'NOT_REQUIRED', ['submit', 'note-not-required']], ['SECURITY_ASSESSMENT', 'PASSED', ['present-held', 'record-held']],
    ['STANDARD_CONTRACT_FILING', 'REGISTERED', ['sign', 'take-effect', 'file', 'ask-supplement', 'file-supplement', 'register']], ['STANDARD_CONTRACT_FILING', 'REFUSED', ['sign', 'take-effect', 'file', 'refuse']],
    ['STANDARD_CONTRACT_FILING', 'no withdraw in FILING_DUE', ['sign', 'take-effect', 'withdraw']], ['GBA_CONTRACT_FILING', 'TURNED_DOWN', ['present-held', 'turn-down']],
    ['CERTIFICATION', 'CERTIFIED', ['apply', 'begin', 'visit', 'certify']], ['NEGATIVE_LIST_REPORT', 'ACKNOWLEDGED', ['export', 'report', 'acknowledge']], ['NEGATIVE_LIST_REPORT', 'no withdraw in EXPORTED', ['export', 'withdraw']],
    ['OPINION_ORDER', 'DELIVERED', ['accept', 'deliver']], ['OPINION_ORDER', 'DECLINED', ['accept', 'decline']], ['ASSESSMENT_ORDER', 'GRANTED', ['accept', 'deliver', 'grant']],
    ['OBJECTION', 'UPHELD', ['take-up', 'uphold']], ['OBJECTION', 'no uphold in FILED', ['uphold']], ['TRANSFER_MECHANISM', 'GRANTED', ['submit', 'ask-supplement', 'submit', 'grant']], ['TRANSFER_REVIEW', 'GRANTED', ['take-up', 'recommend', 'grant']],
  ])('%s comes to %s by %j', (kind, state, events) => expect(walk(kind, ...events)).toBe(state));

  it.each(CASE_KINDS)('%s ends from wherever it is, and shows a source for every time', (kind) => {
    const { table, isClosed, clocks, initial } = CASE_RULES[kind];
    const ends = new Set(table.states.filter(isClosed));
    for (let before = -1; before !== ends.size; ) {
      before = ends.size;
      for (const t of table.transitions) if (ends.has(t.to)) ends.add(t.from);
    }
    expect([...ends].sort()).toEqual([...table.states].sort());
    expect(isClosed(initial)).toBe(false);
    for (const time of Object.values(clocks)) if (time !== 'GOES_ON') expect([time.days > 0, time.citation.length > 0]).toEqual([true, true]);
  });
  it('leave to staff what makes an approval, ends an objection, or finds it wanting', () => {
    for (const kind of CASE_KINDS) for (const s of CASE_RULES[kind].steps) if (['GRANT', 'UPHOLD', 'DISMISS'].includes(s.effect ?? '') || ['refuse', 'reject', 'turn-down'].includes(s.event)) expect([kind, s.event, s.by]).toEqual([kind, s.event, ['STAFF']]);
  });
  it('are after approvals of their own, or of a word that no other has for itself', () => {
    expect([mechanismOf('SECURITY_ASSESSMENT', null), mechanismOf('SECURITY_ASSESSMENT', 'certification'), mechanismOf('TRANSFER_REVIEW', 'human_sign_off')]).toEqual(['security_assessment', undefined, 'human_sign_off']);
    expect([mechanismOf('TRANSFER_MECHANISM', 'eu_scc'), mechanismOf('TRANSFER_MECHANISM', 'security_assessment'), mechanismOf('TRANSFER_MECHANISM', 'EU SCC'), mechanismOf('TRANSFER_MECHANISM', null)]).toEqual(['eu_scc', undefined, undefined, undefined]);
  });
});

describe('documents', () => {
  const document = (id: string, over: Partial<CaseDocument>): CaseDocument => ({ id, caseId: 'c', kind: 'PIPIA', name: id, mediaType: 'application/pdf', byteLength: 1, sha256: '', state: 'PENDING', uploadedBy: 'x', uploadedAt: new Date(), checkedBy: null, checkedAt: null, checkReason: null, ...over });
  it('are missing, unchecked or good, the newest of each kind', () => {
    const two = [document('2', { state: 'REJECTED' }), document('1', { state: 'ACCEPTED' })];
    expect(missingDocuments([], ['PIPIA'], ['RESULT'])).toEqual({ missing: ['PIPIA', 'RESULT'], unchecked: [] });
    expect(missingDocuments(two, ['PIPIA'], [])).toEqual({ missing: [], unchecked: [] });
    expect(missingDocuments(two, [], ['PIPIA'])).toEqual({ missing: [], unchecked: ['PIPIA'] });
    expect(missingDocuments([...two, document('3', { state: 'ACCEPTED' })], [], ['PIPIA'])).toEqual({ missing: [], unchecked: [] });
  });
});
