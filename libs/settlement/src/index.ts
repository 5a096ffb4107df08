export { toJournalType, toPayoutType, toTradeType, toTrialBalanceType } from './api/settlement.mapping.js';
export { Journal as JournalType, Payout as PayoutType, Trade as TradeType, TrialBalance as TrialBalanceType } from './api/settlement.types.js';
export type { Journal, Posting, TrialBalanceLine } from './domain/ledger.js';
export type { Payout, PayoutState } from './domain/payout.js';
export { type PayoutAnswer, type PayoutOrder, PayoutPort } from './domain/payout-port.js';
export type { Funding, OpenTrade, TaxTreatmentRecord, Trade, TradeKind, TradeState } from './domain/trade.js';
export { TradeChanged } from './settlement.events.js';
export { Settlement } from './settlement.facade.js';
export { SettlementModule } from './settlement.module.js';
