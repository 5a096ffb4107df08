import type { TradeKind, TradeState } from './trade.js';
import { TRADE_TABLES, type TradeEvent } from './trade-states.js';

/** When the window to accept ends, if this move opens it: the state that follows is the one from which a trade is accepted. */
export function windowAfter(kind: TradeKind, state: TradeState, event: TradeEvent, now: Date, seconds: number): Date | undefined {
  const next = TRADE_TABLES[kind].next(state, event);
  if (next === undefined || TRADE_TABLES[kind].next(next, 'accept') === undefined) return undefined;
  return new Date(now.getTime() + seconds * 1000);
}
