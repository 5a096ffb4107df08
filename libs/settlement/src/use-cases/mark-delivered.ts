import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, notFound, type Refusal, type Tx } from '#shared';
import type { Trade, TradeState } from '../domain/trade.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** The first delivery under a purchase. Later ones find it delivered and change nothing. */
@Injectable()
export class MarkDelivered {
  constructor(private readonly trades: TradeRepository, private readonly move: MoveTrade, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, tradeId: string): Promise<Trade | Refusal> {
    const trade = await this.trades.lock(tx, tradeId);
    if (!trade) return notFound('trade');
    if (trade.deliveredAt || trade.state === 'UNWOUND') return trade;
    return trade.disputedFrom ?? trade.frozenFrom ? this.whileHeld(tx, caller, trade) : this.move.execute(tx, caller, trade, 'deliver');
  }

  /** A trade that is disputed or frozen stays so: it goes on as one that was delivered. */
  private async whileHeld(tx: Tx, caller: Caller, trade: Trade): Promise<Trade> {
    const after = (state: TradeState | null): TradeState | null => (state === 'FUNDED' ? 'DELIVERED' : state);
    const change = { deliveredAt: this.clock.now(), disputedFrom: after(trade.disputedFrom), frozenFrom: after(trade.frozenFrom) };
    await this.trades.save(tx, trade.id, change);
    await this.audit.append(tx, caller, { act: 'trade.note-delivery', objectType: 'trade', objectId: trade.id, tradeId: trade.id, tenantId: trade.buyerId });
    return { ...trade, ...change };
  }
}
