import { Injectable } from '@nestjs/common';
import { Audit, type TransitionRequest } from '#audit';
import { type Caller, Clock, Config, isRefused, type StateConflict, type Tx } from '#shared';
import { windowAfter } from '../domain/acceptance.js';
import type { Trade, TradeState } from '../domain/trade.js';
import { TRADE_TABLES, type TradeEvent } from '../domain/trade-states.js';
import { TradeChanged } from '../settlement.events.js';
import { type TradePatch, TradeRepository } from '../storage/trade.repository.js';

/** The one way in which a trade changes its state: table, audit line, event and row together. The caller holds the row's lock. */
@Injectable()
export class MoveTrade {
  constructor(private readonly trades: TradeRepository, private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config) {}

  async execute(tx: Tx, caller: Caller, trade: Trade, event: TradeEvent, patch: Omit<TradePatch, 'state'> = {}, reason: string | null = null): Promise<Trade | StateConflict> {
    const state = await this.audit.transition(tx, caller, requestOf(trade, event, reason));
    if (isRefused(state)) return state;
    const acceptUntil = windowAfter(trade.kind, trade.state, event, this.clock.now(), this.config.ACCEPTANCE_SECONDS);
    const change = { ...patch, ...this.moment(event), ...(acceptUntil ? { acceptUntil } : {}), ...returns(trade, event), state };
    await this.trades.save(tx, trade.id, change);
    return { ...trade, ...change };
  }

  /** Many trades by one event that all of their tables allow, in a handful of statements. */
  async all(tx: Tx, caller: Caller, trades: readonly Trade[], event: 'clear' | 'settle', patch: Pick<TradePatch, 'cycleId'> = {}): Promise<void> {
    const states = await this.audit.transitionAll(tx, caller, trades.map((trade) => requestOf(trade, event, null)));
    for (const state of new Set(states)) await this.trades.saveAll(tx, trades.filter((_, i) => states[i] === state).map((t) => t.id), { ...patch, ...this.moment(event), state });
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
      case 'resolve': return { acceptedAt: now };
      case 'unwind': return { unwoundAt: now };
      case 'cancel': return { cancelledAt: now };
      case 'dispute': case 'reopen_FUNDED': case 'reopen_DELIVERED': case 'freeze': case 'thaw_FUNDED': case 'thaw_DELIVERED': case 'thaw_ACCEPTED': case 'thaw_CLEARED': case 'thaw_DISPUTED': return {};
      default: return event satisfies never;
    }
  }
}

/** Where a dispute or a freeze is to lead back to; nowhere any more once it has ended. */
function returns(trade: Trade, event: TradeEvent): Pick<TradePatch, 'disputedFrom' | 'frozenFrom'> {
  if (event === 'dispute') return { disputedFrom: trade.state };
  if (event === 'freeze') return { frozenFrom: trade.state };
  if (event === 'unwind') return { disputedFrom: null, frozenFrom: null };
  if (trade.state === 'FROZEN') return { frozenFrom: null };
  return trade.state === 'DISPUTED' ? { disputedFrom: null } : {};
}

const requestOf = (trade: Trade, event: TradeEvent, reason: string | null): TransitionRequest<TradeState, TradeEvent> => ({
  table: TRADE_TABLES[trade.kind], state: trade.state, event, objectType: 'trade', objectId: trade.id, tenantId: trade.buyerId, tradeId: trade.id, reason,
  announce: { type: TradeChanged, payload: { tradeId: trade.id, kind: trade.kind, agreementId: trade.agreementId } },
});
