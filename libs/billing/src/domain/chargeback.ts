import { defineStateTable, type Money } from '#shared';

export const CHARGEBACK_STATES = ['OPEN', 'WON', 'LOST'] as const;
export type ChargebackState = (typeof CHARGEBACK_STATES)[number];

/** A payment that its payer takes back at the provider. */
export interface ChargebackRecord {
  readonly id: string;
  readonly provider: string;
  readonly providerReference: string;
  readonly paymentId: string;
  readonly tradeId: string;
  readonly buyerId: string;
  readonly vendorId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly state: ChargebackState;
  readonly openedAt: Date;
  readonly endedAt: Date | null;
}

export const chargebackStates = defineStateTable<ChargebackState, 'win' | 'lose'>('chargeback', ['OPEN'], CHARGEBACK_STATES, [
  { from: 'OPEN', event: 'win', to: 'WON' },
  { from: 'OPEN', event: 'lose', to: 'LOST' },
]);
