import type { Meter } from '#contracts';
import { eventType } from '#shared';

/** Use that vendors reported under a licence with a quota or a cap was added to its sums; the instants are those of the first and the last use of it. The aggregate is the licence. */
export const UsageCounted = eventType<{ licenceId: string; firstOccurredAt: Date; lastOccurredAt: Date }>('metering.usage-counted.v1');

/** A use was counted. One message per event of the meter `downloads`, and one for the first calls of a licence; the aggregate is the licence. */
export const UsageRecorded = eventType<{
  licenceId: string; agreementId: string; meter: Meter; quantity: bigint; eventId: string; source: string; receiptId: string | null; occurredAt: Date;
}>('metering.usage-recorded.v1');
