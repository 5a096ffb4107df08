import type { Meter } from '#contracts';
import { eventType } from '#shared';

/** The uses that a receipt tells of. */
export interface Disallowed {
  readonly licenceId: string;
  readonly receiptId: string;
  /** When the use was, as the receipt says. */
  readonly occurredAt: Date;
  readonly reason: string;
  readonly contestedBy: string;
}

/** Use that vendors reported under a licence with a quota or a cap was added to its sums; the instants are those of the first and the last use of it. The aggregate is the licence. */
export const UsageCounted = eventType<{ licenceId: string; firstOccurredAt: Date; lastOccurredAt: Date }>('metering.usage-counted.v1');

/**
 * A receipt was contested, and that was conceded or upheld: what it says was used is not to count. The aggregate is the licence. Whoever knows what is
 * charged takes it out; `contestedBy` and `decidedBy` are for its record.
 */
export const UsageDisallowed = eventType<Disallowed & { decidedBy: string }>('metering.usage-disallowed.v1');

/** A use was counted. One message per event of the meter `downloads`, and one for the first calls of a licence; the aggregate is the licence. */
export const UsageRecorded = eventType<{
  licenceId: string; agreementId: string; meter: Meter; quantity: bigint; eventId: string; source: string; receiptId: string | null; occurredAt: Date;
}>('metering.usage-recorded.v1');
