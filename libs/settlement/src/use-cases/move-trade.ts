import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, Config, isRefused, type StateConflict, type Tx } from '#shared';
import { windowAfter } from '../domain/acceptance.js';
import type { Trade } from '../domain/trade.js';
import { TRADE_TABLES, type TradeEvent } from '../domain/trade-states.js';
import { TradeChanged } from '../settlement.events.js';
import { type TradePatch, TradeRepository } from '../storage/trade.repository.js';

/** The one way in which a trade changes its state: table, audit line, event and row together. The caller holds the row's lock. */
@Injectable()
export class MoveTrade {
  constructor(private readonly trades: TradeRepository, private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config) {}

  async execute(tx: Tx, caller: Caller, trade: Trade, event: TradeEvent, patch: Omit<TradePatch, 'state'> = {}, reason: string | null = null): Promise<Trade | StateConflict> {
    const state = await this.audit.transition(tx, caller, {
      table: TRADE_TABLES[trade.kind], state: trade.state, event, objectType: 'trade', objectId: trade.id, tenantId: trade.buyerId, tradeId: trade.id, reason,
      announce: { type: TradeChanged, payload: { tradeId: trade.id, kind: trade.kind, agreementId: trade.agreementId } },
    });
    if (isRefused(state)) return state;
    const acceptUntil = windowAfter(trade.kind, trade.state, event, this.clock.now(), this.config.ACCEPTANCE_SECONDS);
    const change: TradePatch = { ...patch, ...this.moment(event), ...(acceptUntil ? { acceptUntil } : {}), state };
    await this.trades.save(tx, trade.id, change);
    return { ...trade, ...change };
  }

  private moment(event: TradeEvent): Omit<TradePatch, 'state'> {
    const now = this.clock.now();
    switch (event) {
      case 'await_payment': return {};
      case 'fund': return { fundedAt: now };
      case 'deliver': return { deliveredAt: now };
      case 'accept': return { acceptedAt: now };
      case 'clear': return { clearedAt: now };
      case 'settle': return { settledAt: now };
      case 'cancel': return { cancelledAt: now };
      default: return event satisfies never;
    }
  }
}
