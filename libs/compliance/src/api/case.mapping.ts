import type { Actor } from '#identity';
import type { Scope } from '../domain/approvals/approval.js';
import type { CaseDocument, CaseEvent, CounterCase } from '../domain/counter/counter-case.js';
import type { ApprovalScopeInput } from './case.inputs.js';
import type * as T from './case.types.js';

/** What a field resolver finds on its parent. */
export interface ShownCase extends T.Case {
  readonly case: CounterCase;
}

export const toScopeType = (s: Scope): T.ApprovalScope => ({
  purposes: s.purposes, destinations: s.destinations, productIds: s.productIds, persons: s.persons?.toString() ?? null, sensitivePersons: s.sensitivePersons?.toString() ?? null, recipientId: s.recipientId,
});
export const fromScopeInput = (s: ApprovalScopeInput): Scope => ({
  purposes: s.purposes ?? null, destinations: s.destinations ?? null, productIds: s.productIds ?? null, persons: countOf(s.persons), sensitivePersons: countOf(s.sensitivePersons), recipientId: s.recipientId ?? null,
});
const countOf = (digits: string | null | undefined): bigint | null => (digits === null || digits === undefined ? null : BigInt(digits));

const isStaff = (viewer: Actor): boolean => viewer.organisationKind === 'EXCHANGE';

export const toCaseType = (c: CounterCase, viewer: Actor): ShownCase => ({
  id: c.id, kind: c.kind, state: c.state, applicantId: c.applicantId, counterpartyId: c.counterpartyId, assessorId: c.assessorId, subjectType: c.subjectType, subjectId: c.subjectId, mechanism: c.mechanism, decisionId: c.decisionId,
  scope: toScopeType(c.scope), assigneeId: isStaff(viewer) ? c.assigneeId : null, openedAt: c.openedAt, closedAt: c.closedAt, case: c,
});

/** Parties learn that staff did it, not who of them. */
export const toStepType = (e: CaseEvent, c: CounterCase, viewer: Actor): T.CaseStep => {
  const own = (e.side === 'APPLICANT' && viewer.tenantId === c.applicantId) || (e.side === 'ASSESSOR' && viewer.tenantId === c.assessorId);
  return { event: e.event, from: e.from, to: e.to, side: e.side, actor: own || isStaff(viewer) ? e.actor : null, reason: e.reason, reference: e.reference, occurredOn: e.occurredOn, at: e.at };
};

export const toDocumentType = ({ id, caseId, kind, name, mediaType, byteLength, sha256, state, uploadedAt, checkedAt, checkReason }: CaseDocument): T.CaseDocument =>
  ({ id, caseId, kind, name, mediaType, byteLength, sha256, state, uploadedAt, checkedAt, checkReason });
