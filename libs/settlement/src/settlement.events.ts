import { eventType } from '#shared';
import type { TradeKind, TradeState } from './domain/trade.js';

/** A trade moved from one state to another. The opening itself tells of EXECUTED by the first move away from it. */
export const TradeChanged = eventType<{ tradeId: string; kind: TradeKind; agreementId: string; from: TradeState; to: TradeState }>('settlement.trade-changed.v1');
