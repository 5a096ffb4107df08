import { eventType } from '#shared';
import type { ApprovalState } from './domain/approvals/approval.js';
import type { CaseKind } from './domain/counter/case-kind.js';
import type { ReminderLevel } from './domain/counter/reminders.js';

/** A case was opened or moved on. */
export const CaseMoved = eventType<{ caseId: string; kind: CaseKind; applicantId: string; counterpartyId: string | null; subjectType: string; subjectId: string; mechanism: string; state: string; closed: boolean }>('compliance.case-moved.v1');
/** The time of a case runs out soon, tomorrow, or has run out: each is told once. Days are `YYYY-MM-DD`. */
export const CaseReminder = eventType<{ caseId: string; kind: CaseKind; applicantId: string; assigneeId: string | null; state: string; dueOn: string; level: ReminderLevel }>('compliance.case-reminder.v1');
/** An approval was granted, revoked, or has run out. */
export const ApprovalChanged = eventType<{ approvalId: string; holderId: string; recipientId: string | null; type: string; state: ApprovalState }>('compliance.approval-changed.v1');
/** From now on the renewal of an approval is due; told once. */
export const ApprovalRenewalDue = eventType<{ approvalId: string; holderId: string; type: string; validUntil: string }>('compliance.approval-renewal-due.v1');
/** An accredited assessor delivered the opinion on a product that its vendor ordered. `validUntil` is its last day. */
export const OpinionDelivered = eventType<{ caseId: string; productId: string; assessorId: string; favourable: boolean; scope: string; documentSha256: string; validUntil: string }>('compliance.opinion-delivered.v1');
/** Staff decided on an objection. */
export const ObjectionDecided = eventType<{ caseId: string; applicantId: string; subjectType: string; subjectId: string; upheld: boolean; reason: string }>('compliance.objection-decided.v1');
