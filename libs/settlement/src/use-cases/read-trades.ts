import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { EMPTY_PAGE, type Page, type PageRequest, type Tx } from '#shared';
import type { ClearingCycle, ClearingStatement } from '../domain/clearing.js';
import type { Journal, TrialBalanceLine } from '../domain/ledger.js';
import type { Payout, PayoutState } from '../domain/payout.js';
import type { Trade } from '../domain/trade.js';
import { ClearingRepository } from '../storage/clearing.repository.js';
import { LedgerRepository } from '../storage/ledger.repository.js';
import { type TradeFilter, TradeRepository } from '../storage/trade.repository.js';

/** Who sees which trade: its vendor and its buyer, and staff with an eye on all. */
export const seesAllTrades = (actor: Actor): boolean => permits(actor, 'oversight:read') || permits(actor, 'settlement:read-ledger');
export const seesTrade = (actor: Actor, trade: Pick<Trade, 'vendorId' | 'buyerId'>): boolean =>
  seesAllTrades(actor) || (permits(actor, 'settlement:read') && (actor.tenantId === trade.vendorId || actor.tenantId === trade.buyerId));

@Injectable()
export class ReadTrades {
  constructor(private readonly trades: TradeRepository, private readonly clearing: ClearingRepository, private readonly ledger: LedgerRepository) {}

  byIds(ids: readonly string[]): Promise<Map<string, Trade>> {
    return this.trades.byIds(ids);
  }
  ofAgreement(agreementId: string): Promise<Trade[]> {
    return this.trades.ofAgreement(agreementId);
  }
  lock(tx: Tx, id: string): Promise<Trade | null> {
    return this.trades.lock(tx, id);
  }
  unpaidPurchases(before: Date, limit: number): Promise<string[]> {
    return this.trades.unpaidPurchases(before, limit);
  }
  payoutsByIds(ids: readonly string[]): Promise<Map<string, Payout>> {
    return this.clearing.payoutsByIds(ids);
  }
  /** Of every vendor for staff, of the own organisation for others. */
  statements(actor: Actor, cycleId: string | null, request: PageRequest): Promise<Page<ClearingStatement>> {
    if (seesAllTrades(actor)) return this.clearing.statements(null, cycleId, request);
    return permits(actor, 'settlement:read') && actor.tenantId ? this.clearing.statements(actor.tenantId, cycleId, request) : Promise.resolve(EMPTY_PAGE);
  }
  payouts(actor: Actor, state: PayoutState | null, cycleId: string | null, request: PageRequest): Promise<Page<Payout>> {
    if (seesAllTrades(actor)) return this.clearing.payouts(null, state, cycleId, request);
    return permits(actor, 'settlement:read') && actor.tenantId ? this.clearing.payouts(actor.tenantId, state, cycleId, request) : Promise.resolve(EMPTY_PAGE);
  }
  /** Null for whoever may not read the ledger. */
  async cycles(actor: Actor, currency: string | null, request: PageRequest): Promise<Page<ClearingCycle> | null> {
    return permits(actor, 'settlement:read-ledger') ? this.clearing.cycles(currency, request) : null;
  }
  trialBalance(): Promise<TrialBalanceLine[]> {
    return this.ledger.trialBalance();
  }

  async page(actor: Actor, filter: TradeFilter, request: PageRequest): Promise<Page<Trade>> {
    // Who asks for a side asks for what is his own, staff too.
    if (seesAllTrades(actor) && !filter.side) return this.trades.page(null, filter, request);
    if (actor.tenantId === null || !(permits(actor, 'settlement:read') || seesAllTrades(actor))) return EMPTY_PAGE;
    return this.trades.page(actor.tenantId, filter, request);
  }

  async payoutOfTrade(tradeId: string): Promise<Payout | null> {
    const payoutId = (await this.trades.byIds([tradeId])).get(tradeId)?.payoutId;
    return payoutId ? ((await this.clearing.payoutsByIds([payoutId])).get(payoutId) ?? null) : null;
  }

  async journalsOfTrade(tradeId: string): Promise<Journal[]> {
    const trade = (await this.trades.byIds([tradeId])).get(tradeId);
    return trade ? this.ledger.ofTrade(tradeId, trade.payoutId) : [];
  }
}
