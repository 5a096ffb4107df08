import { defineStateTable, type Currency, type Money } from '#shared';

export const CYCLE_STATES = ['OPEN', 'CLOSED'] as const;
export type CycleState = (typeof CYCLE_STATES)[number];

/** One run that nets accepted trades per vendor into payouts. */
export interface ClearingCycle {
  readonly id: string;
  readonly currency: Currency;
  readonly state: CycleState;
  readonly tradeCount: number;
  readonly payoutCount: number;
  readonly gross: Money;
  readonly paidOut: Money;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

export const cycleStates = defineStateTable<CycleState, 'close'>('clearing_cycle', ['OPEN'], CYCLE_STATES, [{ from: 'OPEN', event: 'close', to: 'CLOSED' }]);
