import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { Clock, type Tx } from '#shared';
import { refundConfirmedJournal, refundReturnedJournal } from '../../domain/journals.js';
import type { RefundMove, Reversal } from '../../domain/reversal.js';
import { LedgerRepository } from '../../storage/ledger.repository.js';
import { ReversalRepository } from '../../storage/reversal.repository.js';

/** What whoever pays refunds tells the ledger. Each answer of the provider is booked once. */
@Injectable()
export class BookRefund {
  constructor(private readonly reversals: ReversalRepository, private readonly ledger: LedgerRepository, private readonly identity: Identity, private readonly clock: Clock) {}

  byId(id: string): Promise<Reversal | null> {
    return this.reversals.byId(id);
  }
  ofTrades(tradeIds: readonly string[]): Promise<Map<string, Reversal[]>> {
    return this.reversals.ofTrades(tradeIds);
  }
  covered(tx: Tx, reversal: Reversal): Promise<boolean> {
    return this.reversals.covered(tx, reversal);
  }

  async confirmed(tx: Tx, reversal: Reversal, move: RefundMove): Promise<void> {
    await this.ledger.post(tx, [refundConfirmedJournal(await this.identity.exchangeId(), reversal, move)], this.clock.now());
  }
  async returned(tx: Tx, reversal: Reversal, move: RefundMove): Promise<void> {
    await this.ledger.post(tx, [refundReturnedJournal(await this.identity.exchangeId(), reversal, move)], this.clock.now());
  }
}
