import type { Licence } from '#contracts';
import { METERING_ERRORS } from '../metering.errors.js';
import type { UsageClaim } from './cloud-event.js';
import type { UsageEventInput } from './usage-event.js';

/** Clocks of two systems differ; a use that lies further ahead has not happened. */
export const EARLY_MS = 5 * 60_000;
/** A month and the days in which it is closed: what comes later is corrected between the two sides, not counted. */
export const LATE_MS = 35 * 86_400_000;

export type ReportRefusal = { readonly code: (typeof METERING_ERRORS)[keyof typeof METERING_ERRORS]; readonly message: string };
export type Report = { readonly use: UsageEventInput } | { readonly refusal: ReportRefusal };

const refused = (code: ReportRefusal['code'], message: string): Report => ({ refusal: { code, message } });

/** Whether a use counts that a vendor reports, and what is then recorded: under his own licence, within its time, neither too late nor ahead of the clock. */
export function countable(claim: UsageClaim, licence: Licence | undefined, reporter: { readonly vendorId: string | null; readonly subject: string }, now: Date): Report {
  const { occurredAt, subjectId, ...told } = claim;
  // Of a licence of others he learns nothing.
  if (!licence || licence.vendorId !== reporter.vendorId) return refused(METERING_ERRORS.LICENCE_UNKNOWN, 'no licence of yours has this id');
  const ahead = occurredAt.getTime() - now.getTime();
  if (ahead > EARLY_MS) return refused(METERING_ERRORS.TOO_EARLY, `time is ${Math.round(ahead / 1_000)} s ahead of the exchange's clock, ${EARLY_MS / 1_000} s at the most`);
  if (-ahead > LATE_MS) return refused(METERING_ERRORS.TOO_LATE, `older than ${LATE_MS / 86_400_000} days`);
  const { state, validFrom, validUntil } = licence;
  if (state !== 'ACTIVE' && state !== 'EXPIRED') return refused(METERING_ERRORS.LICENCE_NOT_ACTIVE, `the licence is ${state}`);
  if (!validFrom || occurredAt < validFrom || (validUntil && occurredAt >= validUntil)) return refused(METERING_ERRORS.OUTSIDE_LICENCE, 'the licence was not in force then');
  const { agreementId, vendorId, buyerId } = licence;
  return { use: { ...told, agreementId, vendorId, buyerId, occurredAt, subjectId, receiptId: null, reportedBy: reporter.subject } };
}
