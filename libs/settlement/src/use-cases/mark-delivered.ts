import { Injectable } from '@nestjs/common';
import { type Caller, notFound, type Refusal, type Tx } from '#shared';
import type { Trade } from '../domain/trade.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** The first delivery under a purchase. Later ones find it delivered and change nothing. */
@Injectable()
export class MarkDelivered {
  constructor(private readonly trades: TradeRepository, private readonly move: MoveTrade) {}

  async execute(tx: Tx, caller: Caller, tradeId: string): Promise<Trade | Refusal> {
    const trade = await this.trades.lock(tx, tradeId);
    if (!trade) return notFound('trade');
    if (trade.deliveredAt) return trade;
    return this.move.execute(tx, caller, trade, 'deliver');
  }
}
