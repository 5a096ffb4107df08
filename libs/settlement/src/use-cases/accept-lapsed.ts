import { Injectable } from '@nestjs/common';
import { Clock, eachSafely, systemCaller, UnitOfWork } from '#shared';
import { windowIsOpen } from '../domain/trade-states.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

const BATCH = 200;

/** Silence accepts: trades whose window has run out, each in its own transaction. */
@Injectable()
export class AcceptLapsed {
  constructor(private readonly uow: UnitOfWork, private readonly trades: TradeRepository, private readonly move: MoveTrade, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const caller = systemCaller('acceptance');
    await eachSafely('acceptance', await this.trades.lapsed(this.clock.now(), BATCH), (id) => this.uow.run(async (tx) => {
      const trade = await this.trades.lock(tx, id);
      if (!trade || !windowIsOpen(trade.kind, trade.state) || !trade.acceptUntil || trade.acceptUntil > this.clock.now()) return;
      await this.move.execute(tx, caller, trade, 'accept', {}, 'the window to accept has run out');
    }));
  }
}
