import { defineStateTable } from '#shared';

export type LicenceState = 'PENDING' | 'ACTIVE' | 'EXPIRED';

/** A licence waits for the money, is active, and ends by time. */
export const licenceStates = defineStateTable<LicenceState, 'activate' | 'expire'>('licence', ['PENDING'], ['PENDING', 'ACTIVE', 'EXPIRED'], [
  { from: 'PENDING', event: 'activate', to: 'ACTIVE' },
  { from: 'ACTIVE', event: 'expire', to: 'EXPIRED' },
]);

export type OfferState = 'ACTIVE' | 'WITHDRAWN';
export const offerStates = defineStateTable<OfferState, 'withdraw'>('offer', ['ACTIVE'], ['ACTIVE', 'WITHDRAWN'], [{ from: 'ACTIVE', event: 'withdraw', to: 'WITHDRAWN' }]);
