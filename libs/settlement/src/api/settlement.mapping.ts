import { money, toMoneyType } from '#shared';
import type { ClearingCycle } from '../domain/clearing.js';
import type { Journal, TrialBalanceLine } from '../domain/ledger.js';
import type { Payout } from '../domain/payout.js';
import { type Reversal, reversedGross } from '../domain/reversal.js';
import type { Trade } from '../domain/trade.js';
import type * as T from './settlement.types.js';

export const toTradeType = (trade: Trade): T.Trade => ({
  id: trade.id, kind: trade.kind, state: trade.state, agreementId: trade.agreementId, licenceId: trade.licenceId, vendorId: trade.vendorId, buyerId: trade.buyerId,
  gross: toMoneyType(trade.gross), net: toMoneyType(trade.net), tax: toMoneyType(trade.tax), taxJurisdiction: trade.taxJurisdiction,
  commissionBasisPoints: trade.commissionBasisPoints, commission: toMoneyType(trade.commission), executedAt: trade.executedAt, fundedAt: trade.fundedAt,
  deliveredAt: trade.deliveredAt, acceptUntil: trade.acceptUntil, acceptedAt: trade.acceptedAt, clearedAt: trade.clearedAt, settledAt: trade.settledAt,
  reversed: toMoneyType(reversedGross(trade)), unwoundAt: trade.unwoundAt, cancelledAt: trade.cancelledAt, payoutId: trade.payoutId,
});

export const toReversalType = (r: Reversal): T.Reversal => ({
  id: r.id, cause: r.cause, reason: r.reason, net: toMoneyType(r.net), tax: toMoneyType(r.tax), clawback: toMoneyType(r.clawback), madeAt: r.madeAt,
});

export const toPayoutType = (payout: Payout): T.Payout => ({
  id: payout.id, vendorId: payout.vendorId, amount: toMoneyType(payout.amount), state: payout.state, provider: payout.provider,
  providerReference: payout.providerReference, failure: payout.failure, createdAt: payout.createdAt, confirmedAt: payout.confirmedAt,
});

export const toJournalType = (journal: Journal): T.Journal => ({
  id: journal.id, kind: journal.kind, tradeId: journal.tradeId, payoutId: journal.payoutId, effectiveAt: journal.effectiveAt, recordedAt: journal.recordedAt,
  postings: journal.postings.map((p) => ({ accountId: p.accountId, ownerId: p.ownerId, kind: p.kind, qualifier: p.qualifier || null, amount: toMoneyType(money(p.amountMinor, p.currency)) })),
});

export const toClearingCycleType = (cycle: ClearingCycle): T.ClearingCycle => ({
  id: cycle.id, currency: cycle.currency, state: cycle.state, tradeCount: cycle.tradeCount, payoutCount: cycle.payoutCount,
  gross: toMoneyType(cycle.gross), paidOut: toMoneyType(cycle.paidOut), settlementDay: cycle.settlementDay, openedAt: cycle.openedAt, closedAt: cycle.closedAt,
});

export const toTrialBalanceType = (line: TrialBalanceLine): T.TrialBalance => ({
  currency: line.currency, debitMinor: line.debitMinor.toString(), creditMinor: line.creditMinor.toString(), sumMinor: line.sumMinor.toString(),
  driftedAccounts: line.driftedAccounts, accounts: line.accounts.map((a) => ({ kind: a.kind, balance: toMoneyType({ minor: a.balanceMinor, currency: line.currency }) })),
});
