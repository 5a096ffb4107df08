import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Notices } from '#identity';
import { Commands, formatMoney, invalid, isRefused, money, notFound, type Result, stateConflict } from '#shared';
import { openGross } from '../../domain/reversal.js';
import type { Trade, TradeState } from '../../domain/trade.js';
import { SETTLEMENT_ERRORS } from '../../settlement.errors.js';
import { TradeRepository } from '../../storage/trade.repository.js';
import { ReverseTrade } from './reverse-trade.js';

export interface RefundTradeInput {
  readonly tradeId: string;
  /** Gross, in minor units; null: all that is left. */
  readonly amountMinor: bigint | null;
  /** Both sides read it. */
  readonly reason: string;
}

/** What is in dispute is decided there, and what is frozen stays until it is not. */
const HELD: ReadonlySet<TradeState> = new Set(['DISPUTED', 'FROZEN']);

/** The vendor gives money back, of his own accord. What he was paid already he owes then, and the buyer has it once that is covered. */
@Injectable()
export class RefundTrade {
  constructor(private readonly commands: Commands, private readonly trades: TradeRepository, private readonly reverse: ReverseTrade, private readonly notices: Notices) {}

  async execute(actor: Actor, input: RefundTradeInput): Promise<Result<Trade>> {
    const refusal = authorise(actor, 'settlement:refund');
    if (refusal) return refusal;
    // Both sides' accounts, and those of the exchange.
    return this.commands.runAcross<Result<Trade>>(actor, 'settlement.refund-trade', { ...input, amountMinor: input.amountMinor?.toString() ?? null }, async (tx) => {
      const trade = await this.trades.lock(tx, input.tradeId);
      if (!trade || trade.vendorId !== actor.tenantId) return notFound('trade');
      if (HELD.has(trade.state)) return stateConflict(SETTLEMENT_ERRORS.NOT_REVERSIBLE, `what is ${trade.state} is not given back: the dispute, or whoever froze it, decides`, trade.state);
      const open = openGross(trade);
      if (input.amountMinor !== null && input.amountMinor > open.minor) return invalid(SETTLEMENT_ERRORS.AMOUNT_DIFFERS, 'amountMinor', `at the most what is left of the trade: ${open.minor}`);
      const amount = input.amountMinor === null ? open : money(input.amountMinor, trade.currency);
      const done = await this.reverse.execute(tx, actor, trade, { amount, cause: 'REFUND', reason: input.reason });
      if (isRefused(done)) return done;
      await this.notices.tell(tx, [trade.vendorId, trade.buyerId], { objectType: 'TRADE', objectId: trade.id, kind: 'REFUNDED', text: `${formatMoney(amount)} goes back: ${input.reason}`, details: { tradeId: trade.id, reversalId: done.reversal.id } });
      return done.trade;
    });
  }
}
