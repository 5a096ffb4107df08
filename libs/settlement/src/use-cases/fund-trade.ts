import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { type Caller, Clock, invalid, isRefused, notFound, type Refusal, type Tx } from '#shared';
import { fundJournal } from '../domain/journals.js';
import type { Funding, Trade } from '../domain/trade.js';
import { SETTLEMENT_ERRORS } from '../settlement.errors.js';
import { LedgerRepository } from '../storage/ledger.repository.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** The buyer's money is in: provider clearing to escrow. Exactly the gross amount, once; the same payment again changes nothing. */
@Injectable()
export class FundTrade {
  constructor(
    private readonly trades: TradeRepository, private readonly ledger: LedgerRepository, private readonly move: MoveTrade,
    private readonly identity: Identity, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, tradeId: string, funding: Funding): Promise<Trade | Refusal> {
    const trade = await this.trades.lock(tx, tradeId);
    if (!trade) return notFound('trade');
    if (trade.paymentId === funding.paymentId) return trade;
    if (funding.amount.minor !== trade.gross.minor || funding.amount.currency !== trade.currency) {
      return invalid(SETTLEMENT_ERRORS.AMOUNT_DIFFERS, 'amount', 'a trade is funded with exactly its gross amount');
    }
    const funded = await this.move.execute(tx, caller, trade, 'fund', { paymentId: funding.paymentId, paymentProvider: funding.provider });
    if (isRefused(funded)) return funded;
    const journal = fundJournal(await this.identity.exchangeId(), trade, funding);
    if (journal) await this.ledger.post(tx, [journal], this.clock.now());
    return funded;
  }
}
