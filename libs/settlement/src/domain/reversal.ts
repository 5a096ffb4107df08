import { add, type Money, proportion, subtract } from '#shared';
import type { Trade } from './trade.js';

export const REVERSAL_CAUSES = ['REFUND', 'DISPUTE', 'UNWINDING', 'CHARGEBACK'] as const;
/** REFUND: the vendor gives it back. DISPUTE: it was awarded to the buyer. UNWINDING: the exchange undoes the trade. CHARGEBACK: the payer took it back at the provider. */
export type ReversalCause = (typeof REVERSAL_CAUSES)[number];

/** What of a trade goes back: price, tax, and the commission with its own tax, in the same proportion. */
export interface ReversedParts {
  readonly net: Money;
  readonly tax: Money;
  readonly commission: Money;
  readonly commissionTax: Money;
}

export interface Reversal extends ReversedParts {
  readonly id: string;
  readonly tradeId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly cause: ReversalCause;
  readonly reason: string;
  /** Whether the trade was cleared by then: what the vendor owes of it is his share. */
  readonly afterClearing: boolean;
  readonly clawback: Money;
  readonly madeBy: string;
  readonly madeAt: Date;
}

/** An answer of the provider to a refund; a retry after a failure is an attempt of its own. */
export interface RefundMove {
  readonly provider: string;
  readonly attempt: number;
}

export const reversedGross = (trade: Pick<Trade, 'reversedNet' | 'reversedTax'>): Money => add(trade.reversedNet, trade.reversedTax);
/** What is left of the gross amount. */
export const openGross = (trade: Pick<Trade, 'gross' | 'reversedNet' | 'reversedTax'>): Money => subtract(trade.gross, reversedGross(trade));

/**
 * The parts of a further gross amount that goes back. Each comes to its share of all that has gone back by then, rounded half up, less what went
 * back before: however a refund is cut into pieces, the whole is exactly the whole. The commission follows the price, its tax the commission.
 */
export function reversedParts(trade: Trade, gross: Money): ReversedParts {
  const total = add(reversedGross(trade), gross);
  const net = proportion(trade.net, total, trade.gross);
  const commission = proportion(trade.commission, net, trade.net);
  return {
    net: subtract(net, trade.reversedNet), tax: subtract(subtract(total, net), trade.reversedTax),
    commission: subtract(commission, trade.reversedCommission), commissionTax: subtract(proportion(trade.commissionTax, commission, trade.commission), trade.reversedCommissionTax),
  };
}
