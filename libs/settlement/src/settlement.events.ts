import { eventType } from '#shared';
import type { TradeKind, TradeState } from './domain/trade.js';

/** A trade moved from one state to another. The opening itself tells of EXECUTED by the first move away from it. */
export const TradeChanged = eventType<{ tradeId: string; kind: TradeKind; agreementId: string; from: TradeState; to: TradeState }>('settlement.trade-changed.v1');
/** Money of a trade goes back to its buyer. `unwound`: all of it has by now. */
export const TradeReversed = eventType<{ tradeId: string; reversalId: string; kind: TradeKind; agreementId: string; unwound: boolean }>('settlement.trade-reversed.v1');
