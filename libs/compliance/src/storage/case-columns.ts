import type { Scope } from '../domain/approvals/approval.js';
import type { CounterCase } from '../domain/counter/counter-case.js';

/** A scope as both tables keep it. */
export interface ScopeRecord {
  readonly purposes: string[] | null;
  readonly destinations: string[] | null;
  readonly productIds: string[] | null;
  readonly persons: string | null;
  readonly sensitivePersons: string | null;
  readonly recipientId: string | null;
}
export type CaseRecord = Omit<CounterCase, 'scope'> & ScopeRecord;

export const SCOPE_COLUMNS = 'purposes, destinations, product_ids::text[] as "productIds", persons::text, sensitive_persons::text as "sensitivePersons", recipient_id as "recipientId"';
export const CASE_COLUMNS = `id, kind, state, applicant_id as "applicantId", counterparty_id as "counterpartyId", assessor_id as "assessorId", subject_type as "subjectType", subject_id as "subjectId", mechanism, decision_id as "decisionId",
  ${SCOPE_COLUMNS}, calendar, assignee_id as "assigneeId", opened_at as "openedAt", clock_from::text as "clockFrom", due_on::text as "dueOn", due_problem as "dueProblem", soon_on::text as "soonOn", next_on::text as "nextOn",
  reminded, reminded_at as "remindedAt", timed, late, checked_by as "checkedBy", closed_at as "closedAt", working_days as "workingDays"`;

export const toScope = (r: ScopeRecord): Scope => ({
  purposes: r.purposes, destinations: r.destinations, productIds: r.productIds, persons: r.persons === null ? null : BigInt(r.persons), sensitivePersons: r.sensitivePersons === null ? null : BigInt(r.sensitivePersons), recipientId: r.recipientId,
});
/** In the order of the columns. */
export const scopeValues = (s: Scope): unknown[] => [s.purposes, s.destinations, s.productIds, s.persons?.toString() ?? null, s.sensitivePersons?.toString() ?? null, s.recipientId];

export function toCase({ purposes, destinations, productIds, persons, sensitivePersons, recipientId, ...rest }: CaseRecord): CounterCase {
  return { ...rest, scope: toScope({ purposes, destinations, productIds, persons, sensitivePersons, recipientId }) };
}
