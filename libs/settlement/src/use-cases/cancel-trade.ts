import { Injectable } from '@nestjs/common';
import { type Caller, notFound, type Refusal, type Tx } from '#shared';
import type { Trade } from '../domain/trade.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** Ends a trade for which no money came in. The reason stands in the audit log. */
@Injectable()
export class CancelTrade {
  constructor(private readonly trades: TradeRepository, private readonly move: MoveTrade) {}

  async execute(tx: Tx, caller: Caller, tradeId: string, reason: string): Promise<Trade | Refusal> {
    const trade = await this.trades.lock(tx, tradeId);
    if (!trade) return notFound('trade');
    if (trade.state === 'CANCELLED') return trade;
    return this.move.execute(tx, caller, trade, 'cancel', {}, reason);
  }
}
