import { Injectable } from '@nestjs/common';
import { Clock, UnitOfWork } from '#shared';
import { BalanceRepository } from '../storage/balance.repository.js';

/** What is younger stays open: clocks of several processes differ by less. */
const OPEN_MS = 60_000;
/** Steps of one turn: three for each 100,000 journals. */
const STEPS = 60;

/** Closes recorded time behind the postings: balances of accounts, totals of kinds, the next link of the chain over all journals. */
@Injectable()
export class RollLedger {
  constructor(private readonly uow: UnitOfWork, private readonly balances: BalanceRepository, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const target = new Date(this.clock.now().getTime() - OPEN_MS);
    let waited = 0;
    for (let step = 0; step < STEPS; step++) {
      const done = await this.uow.run((tx) => this.balances.roll(tx, target));
      // The first time it waits for itself; later for others, and the next turn asks again.
      if (done === 'IDLE' || (done === 'WAITING' && waited++ > 0)) return;
      if (done === 'ROLLED') waited = 0;
    }
  }
}
