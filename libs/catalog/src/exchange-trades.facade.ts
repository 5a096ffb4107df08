import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import type { Ended } from './storage/statistics/statistics.repository.js';
import { type BegunTrade, CountTrade } from './use-cases/statistics/count-trade.js';

/** What the statistics of the exchange are made of: told by whoever sees licences begin. */
@Injectable()
export class ExchangeTrades {
  constructor(private readonly counting: CountTrade) {}

  /**
   * Counts an agreement whose licence began, in the transaction of the caller, in the month in which what is paid for begins, or the first that is not
   * published; told of again, it is counted once. Of one that takes the place of another, what is published already with that one is left out. Minor units, net of tax.
   */
  begun(tx: Tx, trade: BegunTrade): Promise<void> {
    return this.counting.execute(tx, trade);
  }
  /** The term of a counted agreement is over before its time, or will be: until its month is published it counts with what fell due. Of several ends the earliest counts. */
  over(tx: Tx, over: Ended): Promise<void> {
    return this.counting.over(tx, over);
  }
}
