import { defineStateTable } from '#shared';

export const LICENCE_STATES = ['PENDING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'TERMINATED'] as const;
export type LicenceState = (typeof LICENCE_STATES)[number];
export type LicenceEvent = 'activate' | 'suspend' | 'resume' | 'expire' | 'lapse' | 'terminate';

/** Why a licence rests: a screening found that the law forbids its transfers; a charge is overdue; the vendor says that the terms are not kept; the exchange. */
export const HOLD_CAUSES = ['COMPLIANCE', 'PAYMENT', 'BREACH', 'STAFF'] as const;
export type HoldCause = (typeof HOLD_CAUSES)[number];

/** A licence waits for the money, is active, rests as long as there is a cause for it, and ends by time, for want of the money, or by being terminated. */
export const licenceStates = defineStateTable<LicenceState, LicenceEvent>('licence', ['PENDING'], LICENCE_STATES, [
  { from: 'PENDING', event: 'activate', to: 'ACTIVE' },
  { from: 'PENDING', event: 'lapse', to: 'TERMINATED' },
  { from: 'ACTIVE', event: 'suspend', to: 'SUSPENDED' },
  { from: 'SUSPENDED', event: 'resume', to: 'ACTIVE' },
  { from: 'ACTIVE', event: 'expire', to: 'EXPIRED' },
  { from: 'SUSPENDED', event: 'expire', to: 'EXPIRED' },
  { from: 'ACTIVE', event: 'terminate', to: 'TERMINATED' },
  { from: 'SUSPENDED', event: 'terminate', to: 'TERMINATED' },
]);

export const PENDING_ORDER_STATES = ['AWAITING_SIGNATURE', 'AWAITING_CLEARANCE', 'CONCLUDED', 'REJECTED', 'EXPIRED'] as const;
export type PendingOrderState = (typeof PENDING_ORDER_STATES)[number];
type PendingOrderEvent = 'sign' | 'wait' | 'clear' | 'reject' | 'expire';
/** An order waits for a second signature, then or from the start for what the law asks for; it is refused by somebody of the buyer, or lapses. */
export const pendingOrderStates = defineStateTable<PendingOrderState, PendingOrderEvent>('pending-order', ['AWAITING_SIGNATURE', 'AWAITING_CLEARANCE'], PENDING_ORDER_STATES, [
  { from: 'AWAITING_SIGNATURE', event: 'sign', to: 'CONCLUDED' },
  { from: 'AWAITING_SIGNATURE', event: 'wait', to: 'AWAITING_CLEARANCE' },
  { from: 'AWAITING_CLEARANCE', event: 'clear', to: 'CONCLUDED' },
  { from: 'AWAITING_CLEARANCE', event: 'sign', to: 'CONCLUDED' },
  { from: 'AWAITING_CLEARANCE', event: 'reject', to: 'REJECTED' },
  { from: 'AWAITING_CLEARANCE', event: 'expire', to: 'EXPIRED' },
  { from: 'AWAITING_SIGNATURE', event: 'reject', to: 'REJECTED' },
  { from: 'AWAITING_SIGNATURE', event: 'expire', to: 'EXPIRED' },
]);

export const OFFER_STATES = ['AWAITING_SIGNATURE', 'ACTIVE', 'WITHDRAWN', 'REJECTED', 'EXPIRED'] as const;
export type OfferState = (typeof OFFER_STATES)[number];
type OfferEvent = 'sign' | 'reject' | 'expire' | 'withdraw';
/** An offer that one alone cannot bind its vendor by is nothing before another has signed it. */
export const offerStates = defineStateTable<OfferState, OfferEvent>('offer', ['AWAITING_SIGNATURE', 'ACTIVE'], OFFER_STATES, [
  { from: 'AWAITING_SIGNATURE', event: 'sign', to: 'ACTIVE' },
  { from: 'AWAITING_SIGNATURE', event: 'reject', to: 'REJECTED' },
  { from: 'AWAITING_SIGNATURE', event: 'expire', to: 'EXPIRED' },
  { from: 'ACTIVE', event: 'withdraw', to: 'WITHDRAWN' },
]);
/** Days in which somebody else signs, of an order or an offer; then it has lapsed. */
export const SIGNING_DAYS = 14;
