import { eventType } from '#shared';
import type { HoldCause, LicenceState, PendingOrderState } from './domain/licence-state.js';

/** An order waits, waits for something else, or waits no more. The buyer's own matter. */
export const PendingOrderChanged = eventType<{ pendingOrderId: string; buyerId: string; offerId: string; state: PendingOrderState; expiresAt: string }>('contracts.pending-order-changed.v1');

/** An order waits for mechanisms that the law asks for: of each group of `needs` one has to be held. Told again when it comes to need something else. */
export const OrderAwaitsClearance = eventType<{
  pendingOrderId: string; vendorId: string; buyerId: string; productId: string; decisionId: string; needs: readonly (readonly string[])[];
}>('contracts.order-awaits-clearance.v1');

/** A licence began: its agreement is concluded, and paid where anything was due. */
export const LicenceBegun = eventType<{ licenceId: string; agreementId: string; begunAt: string }>('contracts.licence-begun.v1');

/** A licence is over: by time, for want of the money, or terminated. What it had reserved and not delivered is given back. */
export const LicenceEnded = eventType<{ licenceId: string; agreementId: string; productId: string; vendorId: string; buyerId: string; reason: string | null; from: LicenceState; to: LicenceState }>('contracts.licence-ended.v1');

/** A licence is going to end with the period that runs, or with its trial: nothing falls due after it. */
export const RenewalCancelled = eventType<{ licenceId: string; agreementId: string; until: string }>('contracts.renewal-cancelled.v1');

/** Buyer and vendor agreed; the licence waits for the money, where any is due at the start: minor units, net of tax. What else its plan costs stands in the agreement. */
export const AgreementConcluded = eventType<{
  agreementId: string; licenceId: string; productId: string; vendorId: string; buyerId: string; decisionId: string;
  currency: string; dueAtStartMinor: bigint;
}>('contracts.agreement-concluded.v1');

/** A licence rests, or goes on now that nothing holds it any more. Both sides' matter; where the law is the cause, the decision says why. */
type LicenceHeld = { licenceId: string; productId: string; vendorId: string; buyerId: string; cause: HoldCause; decisionId: string | null; reason: string };
export const LicenceSuspended = eventType<LicenceHeld>('contracts.licence-suspended.v1');
export const LicenceResumed = eventType<LicenceHeld>('contracts.licence-resumed.v1');

/** A buyer set a cap on what a licence costs him: who counts its use looks how much of it is spent. The buyer's own matter. */
export const SpendingCapSet = eventType<{ licenceId: string; setAt: Date }>('contracts.spending-cap-set.v1');
