import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import type { Caller, Page, PageRequest, Refusal, Result, Tx } from '#shared';
import type { AccountBalance, AccountFilter, LedgerMoment, StatementLine, StatementWindow } from './domain/balances.js';
import type { Chargeback } from './domain/chargeback.js';
import type { ClearingCycle, ClearingStatement } from './domain/clearing.js';
import type { Journal, TrialBalanceLine } from './domain/ledger.js';
import type { Payout, PayoutState } from './domain/payout.js';
import type { RefundMove, Reversal } from './domain/reversal.js';
import type { Funding, OpenTrade, Trade } from './domain/trade.js';
import type { TradeFilter } from './storage/trade.repository.js';
import { AcceptTrade } from './use-cases/accept-trade.js';
import { CancelTrade } from './use-cases/cancel-trade.js';
import { FundTrade } from './use-cases/fund-trade.js';
import { MarkDelivered } from './use-cases/mark-delivered.js';
import { OpenTradeUseCase } from './use-cases/open-trade.js';
import { ReadLedger, type Statement } from './use-cases/read-ledger.js';
import { ReadTrades, seesAllTrades, seesTrade } from './use-cases/read-trades.js';
import { BookChargeback } from './use-cases/chargebacks/book-chargeback.js';
import { BookRefund } from './use-cases/reversals/book-refund.js';
import { RefundTrade, type RefundTradeInput } from './use-cases/reversals/refund-trade.js';
import { RetryPayout } from './use-cases/retry-payout.js';
import { RunClearing } from './use-cases/run-clearing.js';

/** What other rooms do to a trade, in their own transaction. */
@Injectable()
export class TradeSteps {
  constructor(readonly open: OpenTradeUseCase, readonly fund: FundTrade, readonly deliver: MarkDelivered, readonly cancel: CancelTrade) {}
}

/** What becomes of a trade that does not go its way. */
@Injectable()
export class TradeReturns {
  constructor(readonly refund: RefundTrade, readonly book: BookRefund, readonly chargeback: BookChargeback) {}
}

/** The money of the exchange: trades, their escrow, clearing and payouts, in double entry. */
@Injectable()
export class Settlement {
  constructor(
    private readonly steps: TradeSteps, private readonly acceptance: AcceptTrade, private readonly clearing: RunClearing,
    private readonly retry: RetryPayout, private readonly read: ReadTrades, private readonly ledger: ReadLedger,
    private readonly returns: TradeReturns,
  ) {}

  /**
   * Executes a trade and brings it to AWAITING_PAYMENT. Commission and tax treatment are frozen on it. Idempotent by
   * `reference`: asked again it answers the trade that is there. `gross` is `net + tax`, in minor units of one currency.
   */
  openTrade(tx: Tx, caller: Caller, input: OpenTrade): Promise<Trade> {
    return this.steps.open.execute(tx, caller, input);
  }
  /** Books the buyer's payment into escrow: AWAITING_PAYMENT > FUNDED. The amount must be the gross amount. The same payment again changes nothing. */
  fund(tx: Tx, caller: Caller, tradeId: string, funding: Funding): Promise<Trade | Refusal> {
    return this.steps.fund.execute(tx, caller, tradeId, funding);
  }
  /** The first delivery of a purchase: FUNDED > DELIVERED. A trade that is delivered already is answered unchanged. */
  markDelivered(tx: Tx, caller: Caller, tradeId: string): Promise<Trade | Refusal> {
    return this.steps.deliver.execute(tx, caller, tradeId);
  }
  /** The trade as it is, held until the transaction ends. */
  lockTrade(tx: Tx, tradeId: string): Promise<Trade | null> {
    return this.read.lock(tx, tradeId);
  }
  /** Purchases that have awaited their payment since before then, the oldest first. */
  unpaidPurchases(before: Date, limit: number): Promise<string[]> {
    return this.read.unpaidPurchases(before, limit);
  }
  /** Ends a trade that is not funded. */
  cancel(tx: Tx, caller: Caller, tradeId: string, reason: string): Promise<Trade | Refusal> {
    return this.steps.cancel.execute(tx, caller, tradeId, reason);
  }

  acceptTrade(actor: Actor, tradeId: string): Promise<Result<Trade>> {
    return this.acceptance.execute(actor, tradeId);
  }
  /** The vendor gives back what is left of a trade, or a part of it (gross, minor units). What he was paid already he owes then. */
  refundTrade(actor: Actor, input: RefundTradeInput): Promise<Result<Trade>> {
    return this.returns.refund.execute(actor, input);
  }
  /** For whoever pays refunds; null where there is none. */
  reversalById(id: string): Promise<Reversal | null> {
    return this.returns.book.byId(id);
  }
  /** Of each trade what went back, oldest first. */
  reversalsOfTrades(tradeIds: readonly string[]): Promise<Map<string, Reversal[]>> {
    return this.returns.book.ofTrades(tradeIds);
  }
  /** Whether the vendor has given back by now what he owes of a reversal; at once where he had not been paid. */
  isCovered(tx: Tx, reversal: Reversal): Promise<boolean> {
    return this.returns.book.covered(tx, reversal);
  }
  /** The provider has paid a refund. Each attempt is booked once. */
  refundConfirmed(tx: Tx, reversal: Reversal, move: RefundMove): Promise<void> {
    return this.returns.book.confirmed(tx, reversal, move);
  }
  /** A refund that was confirmed came back to the provider. */
  refundReturned(tx: Tx, reversal: Reversal, move: RefundMove): Promise<void> {
    return this.returns.book.returned(tx, reversal, move);
  }

  /** A provider has taken back the payment of a trade: the trade is frozen where it can be. The caller holds it, here and in the next two. */
  chargebackTaken(tx: Tx, caller: Caller, trade: Trade, chargeback: Chargeback): Promise<void> {
    return this.returns.chargeback.taken(tx, caller, trade, chargeback);
  }
  /** It has given it back: the trade goes on. */
  chargebackWon(tx: Tx, caller: Caller, trade: Trade, chargeback: Chargeback): Promise<void> {
    return this.returns.chargeback.won(tx, caller, trade, chargeback);
  }
  /** It is gone: what is left of the trade goes back by that way, and its vendor owes his share where he had it. */
  chargebackLost(tx: Tx, caller: Caller, trade: Trade, chargeback: Chargeback): Promise<void> {
    return this.returns.chargeback.lost(tx, caller, trade, chargeback);
  }

  /** Clears every accepted trade of a currency and nets one payout per vendor, less what he owes; staff only. Answers the closed cycle, or one that goes on by itself where it is large. */
  runClearing(actor: Actor, currency: string): Promise<Result<ClearingCycle>> {
    return this.clearing.execute(actor, currency);
  }
  /** What cycles left the actor's organisation as vendor, newest first; every vendor for staff. */
  clearingStatementsFor(actor: Actor, cycleId: string | null, request: PageRequest): Promise<Page<ClearingStatement>> {
    return this.read.statements(actor, cycleId, request);
  }
  /** Payouts to the actor's organisation, newest first; to every vendor for staff. */
  payoutsFor(actor: Actor, state: PayoutState | null, cycleId: string | null, request: PageRequest): Promise<Page<Payout>> {
    return this.read.payouts(actor, state, cycleId, request);
  }
  /** Newest first; null for whoever may not read the ledger. */
  clearingCyclesFor(actor: Actor, currency: string | null, request: PageRequest): Promise<Page<ClearingCycle> | null> {
    return this.read.cycles(actor, currency, request);
  }
  retryPayout(actor: Actor, payoutId: string): Promise<Result<Payout>> {
    return this.retry.execute(actor, payoutId);
  }

  /** For other rooms: whoever shows it to somebody checks who that is. */
  async tradeById(id: string): Promise<Trade | null> {
    return (await this.read.byIds([id])).get(id) ?? null;
  }
  /** Oldest first, 500 at the most. */
  tradesOfAgreement(agreementId: string): Promise<Trade[]> {
    return this.read.ofAgreement(agreementId);
  }
  /** The trade if the actor may see it: its vendor, its buyer, staff. */
  async tradeFor(actor: Actor, id: string): Promise<Trade | null> {
    const trade = await this.tradeById(id);
    return trade && seesTrade(actor, trade) ? trade : null;
  }
  /** The actor's own trades, newest first; all of them for staff. A filter narrows down what he sees, and never widens it. */
  tradesFor(actor: Actor, filter: TradeFilter, request: PageRequest): Promise<Page<Trade>> {
    return this.read.page(actor, filter, request);
  }
  /** Every journal of a trade and of its payout, oldest first. A payout nets several trades: its journals carry their sum. */
  journalsOfTrade(tradeId: string): Promise<Journal[]> {
    return this.read.journalsOfTrade(tradeId);
  }
  payoutOfTrade(tradeId: string): Promise<Payout | null> {
    return this.read.payoutOfTrade(tradeId);
  }
  /** Whether the actor sees what becomes of a trade's proceeds: the side that is paid, and staff. */
  seesPayout(actor: Actor, trade: Pick<Trade, 'vendorId' | 'buyerId'>): boolean {
    return seesTrade(actor, trade) && (actor.tenantId === trade.vendorId || seesAllTrades(actor));
  }
  payoutsByIds(ids: readonly string[]): Promise<Map<string, Payout>> {
    return this.read.payoutsByIds(ids);
  }
  /** Debits, credits and their sum per currency; every sum is zero in a ledger that is right (I1). */
  trialBalance(): Promise<TrialBalanceLine[]> {
    return this.read.trialBalance();
  }
  /** The trial balance for staff who may read the ledger; nothing for others. */
  async trialBalanceFor(actor: Actor): Promise<TrialBalanceLine[] | null> {
    return permits(actor, 'settlement:read-ledger') ? this.read.trialBalance() : null;
  }
  /**
   * What accounts held by `effective` as the books said at `recorded`; null: now. Every account for staff who may read the ledger, its own for an
   * organisation. In minor units; a sum may exceed what one amount may be.
   */
  balancesFor(actor: Actor, filter: AccountFilter, moment: LedgerMoment, request: PageRequest): Promise<Page<AccountBalance>> {
    return this.ledger.page(actor, filter, moment, request);
  }
  /** An account with its balance before and at the end of a window of recorded time; null for whoever may not see it. */
  statementFor(actor: Actor, accountId: string, window: StatementWindow): Promise<Statement | null> {
    return this.ledger.statement(actor, accountId, window);
  }
  /** The postings of a statement, oldest first, each with the balance behind it. */
  statementLines(statement: Pick<Statement, 'account' | 'window'>, request: PageRequest): Promise<Page<StatementLine>> {
    return this.ledger.lines(statement, request);
  }
}
