import { defineStateTable } from '#shared';

export type LicenceState = 'PENDING' | 'ACTIVE' | 'EXPIRED';

/** A licence waits for the money, is active, and ends by time. */
export const licenceStates = defineStateTable<LicenceState, 'activate' | 'expire'>('licence', ['PENDING'], ['PENDING', 'ACTIVE', 'EXPIRED'], [
  { from: 'PENDING', event: 'activate', to: 'ACTIVE' },
  { from: 'ACTIVE', event: 'expire', to: 'EXPIRED' },
]);

export type PendingOrderState = 'AWAITING_SIGNATURE' | 'CONCLUDED' | 'REJECTED' | 'EXPIRED';
/** An order that needs a second signature gets it, is refused by somebody of the buyer, or lapses. */
export const pendingOrderStates = defineStateTable<PendingOrderState, 'sign' | 'reject' | 'expire'>('pending-order', ['AWAITING_SIGNATURE'], ['AWAITING_SIGNATURE', 'CONCLUDED', 'REJECTED', 'EXPIRED'], [
  { from: 'AWAITING_SIGNATURE', event: 'sign', to: 'CONCLUDED' },
  { from: 'AWAITING_SIGNATURE', event: 'reject', to: 'REJECTED' },
  { from: 'AWAITING_SIGNATURE', event: 'expire', to: 'EXPIRED' },
]);

export type OfferState = 'ACTIVE' | 'WITHDRAWN';
export const offerStates = defineStateTable<OfferState, 'withdraw'>('offer', ['ACTIVE'], ['ACTIVE', 'WITHDRAWN'], [{ from: 'ACTIVE', event: 'withdraw', to: 'WITHDRAWN' }]);
