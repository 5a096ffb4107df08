import { eventType } from '#shared';

/** Buyer and vendor agreed; the licence waits for the money. */
export const AgreementConcluded = eventType<{
  agreementId: string; licenceId: string; productId: string; vendorId: string; buyerId: string; decisionId: string;
  currency: string; oneOffPriceMinor: bigint; perDownloadPrice: string;
}>('contracts.agreement-concluded.v1');
