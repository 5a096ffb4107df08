import { eventType } from '#shared';
import type { PendingOrderState } from './domain/licence-state.js';

/** An order waits for its second signature, or waits no more. The buyer's own matter. */
export const PendingOrderChanged = eventType<{ pendingOrderId: string; buyerId: string; offerId: string; state: PendingOrderState; expiresAt: string }>('contracts.pending-order-changed.v1');

/** Buyer and vendor agreed; the licence waits for the money. */
export const AgreementConcluded = eventType<{
  agreementId: string; licenceId: string; productId: string; vendorId: string; buyerId: string; decisionId: string;
  currency: string; oneOffPriceMinor: bigint; perDownloadPrice: string;
}>('contracts.agreement-concluded.v1');

/** The law does not permit a licence's transfer any more, or permits it again. Both sides' matter; the decision says why. */
type LicenceScreened = { licenceId: string; productId: string; vendorId: string; buyerId: string; decisionId: string; reason: string };
export const LicenceSuspended = eventType<LicenceScreened>('contracts.licence-suspended.v1');
export const LicenceResumed = eventType<LicenceScreened>('contracts.licence-resumed.v1');
