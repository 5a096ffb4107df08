import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Commands, notFound, type Result } from '#shared';
import type { Trade } from '../domain/trade.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** The buyer accepts what was delivered; from then on the money is the vendor's to be cleared. */
@Injectable()
export class AcceptTrade {
  constructor(private readonly commands: Commands, private readonly trades: TradeRepository, private readonly move: MoveTrade) {}

  async execute(actor: Actor, tradeId: string): Promise<Result<Trade>> {
    const refusal = authorise(actor, 'settlement:accept');
    if (refusal) return refusal;
    return this.commands.run<Result<Trade>>(actor, 'settlement.accept-trade', { tradeId }, async (tx) => {
      const trade = await this.trades.lock(tx, tradeId);
      if (!trade || trade.buyerId !== actor.tenantId) return notFound('trade');
      return this.move.execute(tx, actor, trade, 'accept');
    });
  }
}
