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
  /** `YYYY-MM-DD` in the place of the currency's settlement system; null: run by hand. */
  readonly settlementDay: string | null;
  /** Who ran it; null of those from before. */
  readonly openedBy: string | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

export const cycleStates = defineStateTable<CycleState, 'close'>('clearing_cycle', ['OPEN'], CYCLE_STATES, [{ from: 'OPEN', event: 'close', to: 'CLOSED' }]);

/** What the trades of a cycle leave a vendor, before what he owes comes off. Minor units. */
export interface VendorTurnover {
  readonly vendorId: string;
  readonly tradeCount: number;
  /** Price, tax and commission (with its own tax), as far as they had not gone back when the trades were cleared. */
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly commissionMinor: bigint;
  /** What had gone back by then, price and tax. */
  readonly reversedMinor: bigint;
  /** What he owes from before. */
  readonly owesMinor: bigint;
}

/** What one cycle left one vendor, and how it came about. */
export interface ClearingStatement extends Omit<VendorTurnover, 'owesMinor'> {
  readonly cycleId: string;
  readonly currency: Currency;
  readonly recoveredMinor: bigint;
  readonly paidOutMinor: bigint;
  readonly payoutId: string | null;
  readonly madeAt: Date;
}

/** What he owes comes off first; a payout is for the rest. */
export function stateTurnover({ id: cycleId, currency }: ClearingCycle, { owesMinor, ...turnover }: VendorTurnover, payoutId: string, madeAt: Date): ClearingStatement {
  const share = turnover.netMinor - turnover.commissionMinor;
  const recoveredMinor = owesMinor < share ? owesMinor : share;
  const paidOutMinor = share - recoveredMinor;
  return { ...turnover, cycleId, currency, recoveredMinor, paidOutMinor, payoutId: paidOutMinor > 0n ? payoutId : null, madeAt };
}
