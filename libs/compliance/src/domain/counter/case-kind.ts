import { defineStateTable, type StateTable, type Transition } from '#shared';
import type { StatutoryClock } from '../calendar/clock.js';

export const CASE_KINDS = [
  'SECURITY_ASSESSMENT', 'STANDARD_CONTRACT_FILING', 'GBA_CONTRACT_FILING', 'CERTIFICATION', 'NEGATIVE_LIST_REPORT', 'OPINION_ORDER', 'ASSESSMENT_ORDER', 'OBJECTION', 'TRANSFER_MECHANISM', 'TRANSFER_REVIEW',
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

export const DOCUMENT_KINDS = [
  'SELF_ASSESSMENT', 'PIPIA', 'LEGAL_DOCUMENT', 'STANDARD_CONTRACT', 'FILING_RECEIPT', 'RESULT', 'CERTIFICATE', 'BUSINESS_LICENCE', 'IDENTITY', 'AUTHORISATION', 'EXPLANATION', 'OPINION', 'ASSESSMENT_REPORT',
  'MECHANISM_EVIDENCE', 'OTHER',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** On which side of a case somebody stands. The other party of a transfer only looks on. */
export const CASE_SIDES = ['APPLICANT', 'ASSESSOR', 'STAFF'] as const;
export type CaseSide = (typeof CASE_SIDES)[number];

export type CaseDetail = 'reason' | 'reference' | 'occurredOn' | 'validUntil' | 'opinion';
/** GRANT: an approval is made. The others are told to the rooms that answer them. */
export type CaseEffect = 'GRANT' | 'DELIVER_OPINION' | 'UPHOLD' | 'DISMISS';

export interface CaseStep {
  readonly from: string | readonly string[];
  readonly event: string;
  readonly to: string;
  readonly by: readonly CaseSide[];
  /** Of each of these kinds a document must be there. */
  readonly evidence?: readonly DocumentKind[];
  /** Of each of these kinds the newest document must have been accepted by staff. */
  readonly accepted?: readonly DocumentKind[];
  readonly needs?: readonly CaseDetail[];
  /** Whoever does it has checked the matter, and grants nothing in it. */
  readonly checks?: true;
  readonly effect?: CaseEffect;
}

export interface ApprovalTerm {
  readonly end: 'REQUIRED' | 'OPTIONAL';
  /** The longest time that the law gives it for. */
  readonly maxYears?: number;
  readonly citation: string;
}

export interface CaseKindRules {
  readonly kind: CaseKind;
  readonly title: string;
  /** The approvals that it may be after, the first when none is named; null: every word that no other kind has for itself. */
  readonly mechanisms: readonly string[] | null;
  /** What it may be about; null: anything. */
  readonly subjects: readonly string[] | null;
  readonly initial: string;
  readonly steps: readonly CaseStep[];
  /** The time that begins when a state is entered; `GOES_ON`: the one of the state before it. */
  readonly clocks: Readonly<Record<string, StatutoryClock | 'GOES_ON'>>;
  /** Whose working days count; those of the applicant's place where it has a calendar. */
  readonly calendar: 'cn' | 'APPLICANT';
  readonly approval?: ApprovalTerm;
  /** A contract: it is for the one recipient that it binds. */
  readonly bilateral?: true;
  /** An accredited assessor is ordered with it. */
  readonly assessor: boolean;
}

/** A kind of case, checked when it is defined. */
export interface CaseKindDefinition extends CaseKindRules {
  readonly table: StateTable<string, string>;
  rule(state: string, event: string): CaseStep | undefined;
  /** Nothing leads on from it. */
  isClosed(state: string): boolean;
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Refuses, so at start, what makes no sense: unreachable states, clocks of unknown or closed states, a grant that one person could do alone. */
export function defineCaseKind(rules: CaseKindRules): CaseKindDefinition {
  const { kind, initial, steps, clocks, approval } = rules;
  const transitions = steps.flatMap((step) => listOf(step.from).map((from) => ({ from, event: step.event, to: step.to, step })));
  const states = [...new Set([initial, ...transitions.flatMap((t) => [t.from, t.to])])];
  const table = defineStateTable<string, string>('case', [initial], states, transitions.map(({ from, event, to }): Transition<string, string> => ({ from, event, to })));
  const isClosed = (state: string): boolean => !transitions.some((t) => t.from === state);
  const wrong = (when: boolean, what: string): void => {
    if (when) throw new Error(`${kind}: ${what}`);
  };
  wrong(isClosed(initial), 'it is closed when it is opened');
  for (const state of Object.keys(clocks)) wrong(!states.includes(state) || isClosed(state), `a clock for ${state}`);
  wrong(clocks[initial] === 'GOES_ON', 'no clock runs before it is opened');
  for (const { step } of transitions.filter((t) => t.step.effect)) wrong(!isClosed(step.to), `${step.event} has an effect and does not close the case`);
  const grants = transitions.filter((t) => t.step.effect === 'GRANT');
  wrong((approval !== undefined) !== grants.length > 0, 'a grant and the terms of the approval belong together');
  for (const { from, step } of grants) {
    wrong(step.by.length !== 1 || step.by[0] !== 'STAFF', `${step.event} is not of staff alone`);
    wrong(!step.accepted?.length && reaches(transitions.filter((t) => !t.step.checks), initial, from), `${step.event} grants what nobody has checked`);
  }
  for (const { step } of transitions) wrong(step.by.includes('ASSESSOR') && !rules.assessor, `${step.event} is of an assessor that it does not have`);
  return { ...rules, table, isClosed, rule: (state, event) => transitions.find((t) => t.from === state && t.event === event)?.step };
}

/** What this side may do in a state. */
export const eventsFor = (rules: CaseKindRules, state: string, side: CaseSide): string[] => rules.steps.filter((s) => s.by.includes(side) && listOf(s.from).includes(state)).map((s) => s.event);

function reaches(transitions: readonly { readonly from: string; readonly to: string }[], from: string, to: string): boolean {
  const reached = new Set([from]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const t of transitions) if (reached.has(t.from)) reached.add(t.to);
  }
  return reached.has(to);
}
