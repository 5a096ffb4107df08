import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity } from '#identity';
import { add, type Caller, Clock, isRefused, type Money, newId, Outbox, type StateConflict, stateConflict, subtract, type Tx, zero } from '#shared';
import { reverseJournal } from '../../domain/journals.js';
import { openGross, type Reversal, type ReversalCause, reversedParts } from '../../domain/reversal.js';
import type { Trade } from '../../domain/trade.js';
import { TradeReversed } from '../../settlement.events.js';
import { SETTLEMENT_ERRORS } from '../../settlement.errors.js';
import { LedgerRepository } from '../../storage/ledger.repository.js';
import { ReversalRepository } from '../../storage/reversal.repository.js';
import { TradeRepository } from '../../storage/trade.repository.js';
import { MoveTrade } from '../move-trade.js';

export interface ReversalOrder {
  /** Gross: price and tax. */
  readonly amount: Money;
  readonly cause: ReversalCause;
  /** Both sides read it. */
  readonly reason: string;
}
export interface Reversed {
  readonly trade: Trade;
  readonly reversal: Reversal;
}

/** Groups what a reversal writes, so that the use case keeps its constructor short. */
@Injectable()
export class ReversalStorage {
  constructor(readonly reversals: ReversalRepository, readonly trades: TradeRepository, readonly ledger: LedgerRepository, readonly identity: Identity, readonly clock: Clock) {}
}

/**
 * The one way in which money of a trade goes back: its parts, the journal, the row beside the trade and the event for whoever pays the refund and
 * writes the credit notes, in one transaction. What has gone back whole is UNWOUND. The caller holds the trade's lock.
 */
@Injectable()
export class ReverseTrade {
  constructor(private readonly storage: ReversalStorage, private readonly move: MoveTrade, private readonly audit: Audit, private readonly outbox: Outbox) {}

  async execute(tx: Tx, caller: Caller, trade: Trade, { amount, cause, reason }: ReversalOrder): Promise<Reversed | StateConflict> {
    const { reversals, trades, ledger, identity, clock } = this.storage;
    const open = openGross(trade);
    if (trade.fundedAt === null || amount.minor <= 0n || amount.currency !== trade.currency || amount.minor > open.minor) {
      return stateConflict(SETTLEMENT_ERRORS.NOT_REVERSIBLE, `of this trade ${open.minor} minor units of ${trade.currency} can go back, once it is paid`, trade.state);
    }
    const parts = reversedParts(trade, amount);
    const reversal: Reversal = {
      ...parts, id: newId(), tradeId: trade.id, vendorId: trade.vendorId, buyerId: trade.buyerId, cause, reason,
      afterClearing: trade.clearedAt !== null, clawback: trade.clearedAt === null ? zero(trade.currency) : subtract(parts.net, parts.commission), madeBy: caller.subject.slice(0, 300), madeAt: clock.now(),
    };
    await ledger.post(tx, [reverseJournal(await identity.exchangeId(), trade, reversal)], reversal.madeAt);
    await reversals.insert(tx, reversal);
    const reduced: Trade = {
      ...trade, reversedNet: add(trade.reversedNet, parts.net), reversedTax: add(trade.reversedTax, parts.tax),
      reversedCommission: add(trade.reversedCommission, parts.commission), reversedCommissionTax: add(trade.reversedCommissionTax, parts.commissionTax),
    };
    await trades.saveReversed(tx, reduced);
    await this.audit.append(tx, caller, {
      act: 'trade.reverse', objectType: 'trade', objectId: trade.id, tradeId: trade.id, tenantId: trade.buyerId, reason, details: { reversalId: reversal.id, cause, amount, clawback: reversal.clawback },
    });
    const moved = openGross(reduced).minor === 0n ? await this.move.execute(tx, caller, reduced, 'unwind', {}, reason) : reduced;
    if (isRefused(moved)) return moved;
    await this.outbox.publish(tx, caller, TradeReversed, trade.id, { tradeId: trade.id, reversalId: reversal.id, kind: trade.kind, agreementId: trade.agreementId, unwound: moved.state === 'UNWOUND' });
    return { trade: moved, reversal };
  }
}
