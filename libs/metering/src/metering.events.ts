import { eventType } from '#shared';

/** A download was counted. One message per event of the meter `downloads`; the aggregate is the licence. */
export const UsageRecorded = eventType<{
  licenceId: string; agreementId: string; meter: 'downloads'; quantity: bigint; eventId: string; source: string; receiptId: string | null; occurredAt: Date;
}>('metering.usage-recorded.v1');
