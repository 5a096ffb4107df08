import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity } from '#identity';
import { accepted, Clock, money, sum, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type ClearingCycle, cycleStates } from '../domain/clearing.js';
import { clearJournal } from '../domain/journals.js';
import { PayoutPort } from '../domain/payout-port.js';
import { ClearingRepository } from '../storage/clearing.repository.js';
import { LedgerRepository } from '../storage/ledger.repository.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** Trades of one transaction: long enough to share its cost, short enough not to hold rows for long. */
const BATCH = 200;

/** Groups the storage of a cycle, so that the use case keeps its constructor short. */
@Injectable()
export class CycleStorage {
  constructor(readonly clearing: ClearingRepository, readonly trades: TradeRepository, readonly ledger: LedgerRepository, readonly port: PayoutPort, readonly identity: Identity) {}
}

/**
 * Clears accepted trades into an open cycle batch by batch, then nets them into payouts and closes it. Any number of processes
 * may work on one cycle: each trade is taken by one, and closing waits for the batches under way.
 */
@Injectable()
export class WorkOffCycle {
  private readonly caller = systemCaller('clearing');

  constructor(
    private readonly uow: UnitOfWork, private readonly storage: CycleStorage, private readonly move: MoveTrade,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(cycleId: string): Promise<ClearingCycle> {
    while ((await this.uow.run((tx) => this.clearBatch(tx, cycleId))) === BATCH);
    return this.uow.run((tx) => this.close(tx, cycleId));
  }

  private async clearBatch(tx: Tx, cycleId: string): Promise<number> {
    const cycle = await this.cycle(tx, cycleId, 'share');
    if (cycle.state !== 'OPEN') return 0;
    const trades = await this.storage.trades.takeAccepted(tx, cycle.currency, BATCH);
    const exchangeId = await this.storage.identity.exchangeId();
    await this.storage.ledger.post(tx, trades.flatMap((t) => clearJournal(exchangeId, t) ?? []), this.clock.now());
    for (const trade of trades) accepted(await this.move.execute(tx, this.caller, trade, 'clear', { cycleId }));
    return trades.length;
  }

  private async close(tx: Tx, cycleId: string): Promise<ClearingCycle> {
    const cycle = await this.cycle(tx, cycleId, 'close');
    if (cycle.state !== 'OPEN') return cycle;
    const { clearing, trades, port } = this.storage;
    const payouts = await clearing.makePayouts(tx, cycle, port.provider, this.clock.now());
    for (const payout of payouts) {
      await this.audit.append(tx, this.caller, { act: 'payout.make', objectType: 'payout', objectId: payout.id, tenantId: payout.vendorId, details: { cycleId, amount: payout.amount } });
    }
    for (const trade of await trades.lockWithoutPayout(tx, cycleId)) accepted(await this.move.execute(tx, this.caller, trade, 'settle'));
    const totals = await clearing.cycleTotals(tx, cycleId);
    const state = accepted(await this.audit.transition(tx, this.caller, { table: cycleStates, state: cycle.state, event: 'close', objectType: 'clearing_cycle', objectId: cycle.id }));
    const closed: ClearingCycle = {
      ...cycle, state, tradeCount: totals.trades, payoutCount: payouts.length, gross: money(totals.grossMinor, cycle.currency),
      paidOut: sum(payouts.map((p) => p.amount), cycle.currency), closedAt: this.clock.now(),
    };
    await clearing.closeCycle(tx, closed);
    return closed;
  }

  private async cycle(tx: Tx, id: string, purpose: 'share' | 'close'): Promise<ClearingCycle> {
    const cycle = await this.storage.clearing.lockCycle(tx, id, purpose);
    if (!cycle) throw new Error(`clearing cycle ${id} is gone`);
    return cycle;
  }
}
