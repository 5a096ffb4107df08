import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { type BegunTrade, CountTrade } from './use-cases/statistics/count-trade.js';

/** What the statistics of the exchange are made of: told by whoever sees licences begin. */
@Injectable()
export class ExchangeTrades {
  constructor(private readonly counting: CountTrade) {}

  /** Counts an agreement whose licence began, in the transaction of the caller; told of again, it is counted once. Minor units, net of tax. */
  begun(tx: Tx, trade: BegunTrade): Promise<void> {
    return this.counting.execute(tx, trade);
  }
}
