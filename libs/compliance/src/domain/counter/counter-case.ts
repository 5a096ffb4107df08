import type { Scope } from '../approvals/approval.js';
import type { Day } from '../calendar/days.js';
import type { CaseKind, CaseSide, DocumentKind } from './case-kind.js';

/** A matter at the service counter. */
export interface CounterCase {
  readonly id: string;
  readonly kind: CaseKind;
  readonly state: string;
  readonly applicantId: string;
  /** The other party of the transfer: it looks on. */
  readonly counterpartyId: string | null;
  readonly assessorId: string | null;
  /** What it is about: `order`, `product`, `licence`, `trade`, `decision`, `organisation`, and its id. */
  readonly subjectType: string;
  readonly subjectId: string;
  /** The type of approval that it is after. */
  readonly mechanism: string;
  readonly decisionId: string | null;
  readonly scope: Scope;
  /** Whose working days its times count. */
  readonly calendar: string;
  readonly assigneeId: string | null;
  readonly openedAt: Date;
  /** The day on which the running time began. */
  readonly clockFrom: Day | null;
  readonly dueOn: Day | null;
  readonly dueProblem: 'CALENDAR_MISSING' | null;
  readonly soonOn: Day | null;
  readonly nextOn: Day | null;
  /** Of the three reminders, how many are behind it. */
  readonly reminded: number;
  readonly remindedAt: Date | null;
  /** A time ran out in it, or was kept. */
  readonly timed: boolean;
  readonly late: boolean;
  /** The last who checked the matter by an event; documents have their own. */
  readonly checkedBy: string | null;
  readonly closedAt: Date | null;
  /** From the opening to the end; null while it is open, or where the calendar of a year is missing. */
  readonly workingDays: number | null;
}

export interface CaseEvent {
  readonly id: string;
  readonly caseId: string;
  /** `open` for the first. */
  readonly event: string;
  readonly from: string | null;
  readonly to: string;
  /** EXCHANGE: another room, or a schedule. */
  readonly side: CaseSide | 'EXCHANGE';
  readonly actor: string;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly occurredOn: Day | null;
  readonly at: Date;
}

export type DocumentState = 'PENDING' | 'ACCEPTED' | 'REJECTED';
export interface CaseDocument {
  readonly id: string;
  readonly caseId: string;
  readonly kind: DocumentKind;
  readonly name: string;
  readonly mediaType: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly state: DocumentState;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
  readonly checkedBy: string | null;
  readonly checkedAt: Date | null;
  readonly checkReason: string | null;
}

/** The kinds of which there is no document, or whose newest one staff has not accepted. */
export function missingDocuments(documents: readonly CaseDocument[], present: readonly DocumentKind[], accepted: readonly DocumentKind[]): { readonly missing: DocumentKind[]; readonly unchecked: DocumentKind[] } {
  return {
    missing: [...present, ...accepted].filter((kind) => !newest(documents, kind)),
    unchecked: accepted.filter((kind) => newest(documents, kind) && newest(documents, kind)!.state !== 'ACCEPTED'),
  };
}

/** Ids are made in the order of time. */
export const newest = (documents: readonly CaseDocument[], kind: DocumentKind): CaseDocument | undefined =>
  documents.filter((d) => d.kind === kind).reduce<CaseDocument | undefined>((last, d) => (last && last.id > d.id ? last : d), undefined);
