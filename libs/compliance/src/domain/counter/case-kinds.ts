import type { StatutoryClock } from '../calendar/clock.js';
import type { Confidence } from '../law/in-force.js';
import { CASE_KINDS, type CaseKind, type CaseKindDefinition, type CaseKindRules, type CaseSide, type CaseStep, defineCaseKind } from './case-kind.js';

const workingDays = (days: number, citation: string, confidence: Confidence): StatutoryClock => ({ days, unit: 'WORKING', citation, confidence });
const own = (days: number): StatutoryClock => workingDays(days, 'rule of the exchange', 'verified');

const APPLICANT: readonly CaseSide[] = ['APPLICANT'];
const ASSESSOR: readonly CaseSide[] = ['ASSESSOR'];
const STAFF: readonly CaseSide[] = ['STAFF'];
/** The authority answers the applicant; staff records it when it has seen the paper. */
const EITHER: readonly CaseSide[] = ['APPLICANT', 'STAFF'];

/** Staff ends what leads nowhere any more: an assessor that is gone, a contract that was given up. */
function define(rules: CaseKindRules): CaseKindDefinition {
  const open = [...new Set(rules.steps.flatMap((step) => step.from))];
  return defineCaseKind({ ...rules, steps: [...rules.steps, { from: open, event: 'cancel', to: 'CANCELLED', by: STAFF, needs: ['reason'] }] });
}
const withdraw = (...from: string[]): CaseStep => ({ from, event: 'withdraw', to: 'WITHDRAWN', by: APPLICANT });
/** A result that the applicant has already. */
const held = (from: string, document: 'RESULT' | 'CERTIFICATE' | 'FILING_RECEIPT', to: string): CaseStep[] => [
  { from, event: 'present-held', to: 'HELD_PRESENTED', by: APPLICANT, evidence: [document] },
  { from: 'HELD_PRESENTED', event: 'record-held', to, by: STAFF, accepted: [document], needs: ['reference'], effect: 'GRANT' },
  { from: 'HELD_PRESENTED', event: 'turn-down', to: 'TURNED_DOWN', by: STAFF, needs: ['reason'] },
];

const securityAssessment = define({
  kind: 'SECURITY_ASSESSMENT', title: 'Security assessment by the Cyberspace Administration (PIPL Art. 38(1), 40; CAC Order 11 of 2022)', mechanisms: ['security_assessment'], subjects: null,
  calendar: 'cn', assessor: false, initial: 'DRAFT',
  steps: [
    { from: 'DRAFT', event: 'submit', to: 'PRECHECK', by: APPLICANT },
    { from: 'PRECHECK', event: 'ask-evidence', to: 'EVIDENCE_COLLECTING', by: STAFF },
    { from: 'PRECHECK', event: 'note-not-required', to: 'NOT_REQUIRED', by: STAFF, needs: ['reason'] },
    { from: 'EVIDENCE_COLLECTING', event: 'file', to: 'FILED', by: APPLICANT, evidence: ['SELF_ASSESSMENT', 'PIPIA', 'LEGAL_DOCUMENT'] },
    { from: 'FILED', event: 'note-receipt', to: 'PROVINCIAL_REVIEW', by: STAFF, evidence: ['FILING_RECEIPT'] },
    { from: ['FILED', 'PROVINCIAL_REVIEW'], event: 'return', to: 'EVIDENCE_COLLECTING', by: STAFF, needs: ['reason'] },
    { from: 'PROVINCIAL_REVIEW', event: 'note-acceptance', to: 'ACCEPTED', by: EITHER, needs: ['occurredOn'] },
    { from: 'ACCEPTED', event: 'begin', to: 'UNDER_ASSESSMENT', by: EITHER },
    { from: ['UNDER_ASSESSMENT', 'REASSESSMENT'], event: 'pass', to: 'PASSED', by: STAFF, accepted: ['RESULT'], needs: ['reference', 'validUntil'], effect: 'GRANT' },
    { from: 'UNDER_ASSESSMENT', event: 'fail', to: 'FAILED', by: STAFF, evidence: ['RESULT'], needs: ['occurredOn'] },
    { from: 'UNDER_ASSESSMENT', event: 'note-not-required', to: 'NOT_REQUIRED', by: STAFF, needs: ['reason'] },
    { from: 'FAILED', event: 'ask-again', to: 'REASSESSMENT', by: APPLICANT },
    { from: ['FAILED', 'REASSESSMENT'], event: 'reject', to: 'REJECTED', by: STAFF, needs: ['reason'] },
    ...held('DRAFT', 'RESULT', 'PASSED'),
    withdraw('DRAFT', 'PRECHECK', 'EVIDENCE_COLLECTING', 'FILED', 'PROVINCIAL_REVIEW', 'ACCEPTED', 'UNDER_ASSESSMENT', 'FAILED', 'HELD_PRESENTED'),
  ],
  clocks: {
    PROVINCIAL_REVIEW: workingDays(12, 'CAC Order 11 (2022): 5 working days for completeness, 7 for acceptance', 'general-knowledge'),
    ACCEPTED: workingDays(45, 'CAC Order 11 (2022): 45 working days from acceptance', 'verified'), UNDER_ASSESSMENT: 'GOES_ON',
    FAILED: workingDays(15, 'CAC Order 11 (2022): 15 working days to ask for re-assessment', 'verified'),
  },
  approval: { end: 'REQUIRED', maxYears: 3, citation: 'CAC Order 16 (2024) Art. 9' },
});

const contractSteps: readonly CaseStep[] = [
  { from: 'DRAFT', event: 'sign', to: 'SIGNED', by: APPLICANT, evidence: ['STANDARD_CONTRACT'] },
  { from: 'SIGNED', event: 'take-effect', to: 'FILING_DUE', by: APPLICANT, needs: ['occurredOn'] },
  { from: 'FILING_DUE', event: 'file', to: 'FILED', by: APPLICANT, evidence: ['STANDARD_CONTRACT', 'PIPIA'] },
  { from: 'FILED', event: 'ask-supplement', to: 'SUPPLEMENT', by: STAFF, needs: ['reason'] },
  { from: 'SUPPLEMENT', event: 'file-supplement', to: 'FILED', by: APPLICANT },
  { from: 'FILED', event: 'register', to: 'REGISTERED', by: STAFF, accepted: ['FILING_RECEIPT'], needs: ['reference'], effect: 'GRANT' },
  { from: ['FILED', 'SUPPLEMENT'], event: 'refuse', to: 'REFUSED', by: STAFF, needs: ['reason'] },
  ...held('DRAFT', 'FILING_RECEIPT', 'REGISTERED'),
  // Once it is in effect it has to be filed.
  withdraw('DRAFT', 'SIGNED', 'HELD_PRESENTED'),
];

const standardContract = define({
  kind: 'STANDARD_CONTRACT_FILING', title: 'Filing of the standard contract (PIPL Art. 38(3); CAC Order 13 of 2023)', mechanisms: ['standard_contract'], bilateral: true, subjects: null,
  calendar: 'cn', assessor: false, initial: 'DRAFT', steps: contractSteps,
  clocks: {
    FILING_DUE: workingDays(10, 'CAC Order 13 (2023): filed within 10 working days of the contract taking effect', 'secondary'),
    FILED: workingDays(15, 'Filing Guide, 2nd edition (2024): answered within 15 working days', 'secondary'),
    SUPPLEMENT: workingDays(10, 'Filing Guide, 2nd edition (2024): supplemented within 10 working days', 'secondary'),
  },
  approval: { end: 'OPTIONAL', citation: 'the term of the contract' },
});

const gbaContract = define({
  kind: 'GBA_CONTRACT_FILING', title: 'Filing of the Greater Bay Area standard contract (Guangdong CAC, or the Digital Policy Office in Hong Kong)', mechanisms: ['gba_standard_contract'], bilateral: true, subjects: null,
  calendar: 'APPLICANT', assessor: false, initial: 'DRAFT', steps: contractSteps,
  clocks: {
    FILING_DUE: workingDays(10, 'GBA standard contract guidelines (2023): filed within 10 working days', 'secondary'),
    FILED: workingDays(10, 'GBA standard contract guidelines (2023): looked through within 10 working days', 'general-knowledge'),
    SUPPLEMENT: workingDays(10, 'GBA standard contract guidelines (2023)', 'general-knowledge'),
  },
  approval: { end: 'OPTIONAL', citation: 'the term of the contract' },
});

const certification = define({
  kind: 'CERTIFICATION', title: 'Certification of cross-border transfers (PIPL Art. 38(2); CAC and SAMR Order 20 of 2025)', mechanisms: ['certification'], subjects: null, calendar: 'cn', assessor: false, initial: 'DRAFT',
  steps: [
    { from: 'DRAFT', event: 'apply', to: 'APPLIED', by: APPLICANT, evidence: ['PIPIA', 'LEGAL_DOCUMENT'] },
    { from: 'APPLIED', event: 'begin', to: 'TECHNICAL_CHECK', by: EITHER },
    { from: 'TECHNICAL_CHECK', event: 'visit', to: 'ON_SITE', by: EITHER },
    { from: ['TECHNICAL_CHECK', 'ON_SITE'], event: 'certify', to: 'CERTIFIED', by: STAFF, accepted: ['CERTIFICATE'], needs: ['reference', 'validUntil'], effect: 'GRANT' },
    { from: ['APPLIED', 'TECHNICAL_CHECK', 'ON_SITE'], event: 'refuse', to: 'REFUSED', by: STAFF, needs: ['reason'] },
    ...held('DRAFT', 'CERTIFICATE', 'CERTIFIED'),
    withdraw('DRAFT', 'APPLIED', 'TECHNICAL_CHECK', 'ON_SITE', 'HELD_PRESENTED'),
  ],
  // The bodies set their own times.
  clocks: {},
  approval: { end: 'REQUIRED', maxYears: 3, citation: 'CAC and SAMR Order 20 (2025)' },
});

const negativeListReport = define({
  kind: 'NEGATIVE_LIST_REPORT', title: 'Report of an export that is on no negative list (CAC Order 16 Art. 6)', mechanisms: ['negative_list_report'], subjects: null, calendar: 'cn', assessor: false, initial: 'OFF_LIST',
  steps: [
    { from: 'OFF_LIST', event: 'export', to: 'EXPORTED', by: APPLICANT, needs: ['occurredOn'] },
    { from: 'EXPORTED', event: 'report', to: 'REPORTED', by: APPLICANT, evidence: ['BUSINESS_LICENCE', 'IDENTITY', 'AUTHORISATION', 'EXPLANATION'] },
    { from: 'REPORTED', event: 'acknowledge', to: 'ACKNOWLEDGED', by: STAFF },
    withdraw('OFF_LIST'),
  ],
  clocks: { EXPORTED: workingDays(15, 'Shanghai negative list: reported within 15 working days after the export', 'secondary') },
});

const orderSteps = (document: 'OPINION' | 'ASSESSMENT_REPORT'): CaseStep[] => [
  { from: 'ORDERED', event: 'accept', to: 'ACCEPTED', by: ASSESSOR },
  { from: ['ORDERED', 'ACCEPTED'], event: 'decline', to: 'DECLINED', by: ASSESSOR, needs: ['reason'] },
  { from: 'ACCEPTED', event: 'deliver', to: 'DELIVERED', by: ASSESSOR, evidence: [document],
    ...(document === 'OPINION' ? { needs: ['opinion', 'validUntil'], effect: 'DELIVER_OPINION' } : {}) },
  withdraw('ORDERED'),
];

const opinionOrder = define({
  kind: 'OPINION_ORDER', title: 'Order of a compliance opinion on a product from an accredited assessor', mechanisms: ['listing_opinion'], subjects: ['product'], calendar: 'cn', assessor: true, initial: 'ORDERED',
  steps: orderSteps('OPINION'), clocks: { ORDERED: own(5), ACCEPTED: own(20) },
});

const assessmentOrder = define({
  kind: 'ASSESSMENT_ORDER', title: 'Order of an assessment of a transfer from an accredited assessor', mechanisms: null, subjects: null, calendar: 'cn', assessor: true, initial: 'ORDERED',
  steps: [
    ...orderSteps('ASSESSMENT_REPORT'),
    { from: 'DELIVERED', event: 'grant', to: 'GRANTED', by: STAFF, accepted: ['ASSESSMENT_REPORT'], needs: ['reference'], effect: 'GRANT' },
    { from: 'DELIVERED', event: 'refuse', to: 'REFUSED', by: STAFF, needs: ['reason'] },
  ],
  clocks: { ORDERED: own(5), ACCEPTED: own(20), DELIVERED: own(10) },
  approval: { end: 'OPTIONAL', citation: 'what the report says' },
});

const objection = define({
  kind: 'OBJECTION', title: 'Objection to a product on public notice, or to a decision that concerns the objector', mechanisms: ['objection'], subjects: ['product', 'decision'], calendar: 'cn', assessor: false, initial: 'FILED',
  steps: [
    { from: 'FILED', event: 'take-up', to: 'UNDER_REVIEW', by: STAFF },
    { from: 'UNDER_REVIEW', event: 'uphold', to: 'UPHELD', by: STAFF, needs: ['reason'], effect: 'UPHOLD' },
    { from: 'UNDER_REVIEW', event: 'dismiss', to: 'DISMISSED', by: STAFF, needs: ['reason'], effect: 'DISMISS' },
    withdraw('FILED', 'UNDER_REVIEW'),
  ],
  clocks: { FILED: own(15), UNDER_REVIEW: 'GOES_ON' },
});

const transferMechanism = define({
  kind: 'TRANSFER_MECHANISM', title: 'Evidence of another mechanism between the parties', mechanisms: null, subjects: null, calendar: 'cn', assessor: false, initial: 'DRAFT',
  steps: [
    { from: ['DRAFT', 'SUPPLEMENT'], event: 'submit', to: 'SUBMITTED', by: APPLICANT, evidence: ['MECHANISM_EVIDENCE'] },
    { from: 'SUBMITTED', event: 'ask-supplement', to: 'SUPPLEMENT', by: STAFF, needs: ['reason'] },
    { from: 'SUBMITTED', event: 'grant', to: 'GRANTED', by: STAFF, accepted: ['MECHANISM_EVIDENCE'], needs: ['reference'], effect: 'GRANT' },
    { from: ['SUBMITTED', 'SUPPLEMENT'], event: 'refuse', to: 'REFUSED', by: STAFF, needs: ['reason'] },
    withdraw('DRAFT', 'SUBMITTED', 'SUPPLEMENT'),
  ],
  clocks: { SUBMITTED: own(10) },
  approval: { end: 'OPTIONAL', citation: 'what the evidence says' },
});

const transferReview = define({
  kind: 'TRANSFER_REVIEW', title: 'Review of a transfer by a person', mechanisms: ['transfer_review', 'human_sign_off'], subjects: null, calendar: 'cn', assessor: false, initial: 'OPEN',
  steps: [
    { from: 'OPEN', event: 'take-up', to: 'UNDER_REVIEW', by: STAFF },
    { from: 'UNDER_REVIEW', event: 'recommend', to: 'RECOMMENDED', by: STAFF, needs: ['reason'], checks: true },
    { from: 'RECOMMENDED', event: 'grant', to: 'GRANTED', by: STAFF, needs: ['reason', 'reference', 'validUntil'], effect: 'GRANT' },
    { from: ['UNDER_REVIEW', 'RECOMMENDED'], event: 'refuse', to: 'REFUSED', by: STAFF, needs: ['reason'] },
    withdraw('OPEN', 'UNDER_REVIEW', 'RECOMMENDED'),
  ],
  clocks: { OPEN: own(10), UNDER_REVIEW: 'GOES_ON', RECOMMENDED: 'GOES_ON' },
  approval: { end: 'REQUIRED', maxYears: 1, citation: 'rule of the exchange' },
});

const DEFINED = [securityAssessment, standardContract, gbaContract, certification, negativeListReport, opinionOrder, assessmentOrder, objection, transferMechanism, transferReview];

/** Every kind of case, defined and checked once. */
export const CASE_RULES = Object.fromEntries(CASE_KINDS.map((kind) => [kind, DEFINED.find((d) => d.kind === kind)!])) as Readonly<Record<CaseKind, CaseKindDefinition>>;

export const CASE_EVENTS: readonly string[] = [...new Set(DEFINED.flatMap((d) => d.steps.map((s) => s.event)))].sort();

/** Words that one kind has for itself: nobody gets a security assessment as evidence of some other mechanism. */
const CLAIMED = new Set(DEFINED.flatMap((d) => d.mechanisms ?? []));
const OPEN_WORD = /^[a-z][a-z0-9_]{1,59}$/;

/** The approval that a case of this kind is after; undefined where it cannot be this one. */
export function mechanismOf(kind: CaseKind, asked: string | null): string | undefined {
  const { mechanisms } = CASE_RULES[kind];
  if (mechanisms) return asked === null ? mechanisms[0] : mechanisms.find((m) => m === asked);
  return asked !== null && OPEN_WORD.test(asked) && !CLAIMED.has(asked) ? asked : undefined;
}

/** The kind of case through which a mechanism is obtained. */
export const kindFor = (mechanism: string): CaseKind => DEFINED.find((d) => d.mechanisms?.includes(mechanism))?.kind ?? 'TRANSFER_MECHANISM';
