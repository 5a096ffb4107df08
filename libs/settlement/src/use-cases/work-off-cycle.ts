import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity } from '#identity';
import { accepted, Clock, Config, type Currency, money, newId, sum, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type ClearingCycle, cycleStates, stateTurnover } from '../domain/clearing.js';
import { clearJournal, recoverJournal } from '../domain/journals.js';
import { needsApproval, readLimits } from '../domain/payout-limits.js';
import { PayoutPort } from '../domain/payout-port.js';
import { ClearingRepository } from '../storage/clearing.repository.js';
import { LedgerRefusal } from '../storage/ledger-refusal.js';
import { LedgerRepository } from '../storage/ledger.repository.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

/** Trades of one transaction: long enough to share its cost, short enough not to hold rows for long. */
const BATCH = 1_000;
const CLOSING_TRIES = 5;

/** Groups the storage of a cycle, so that the use case keeps its constructor short. */
@Injectable()
export class CycleStorage {
  readonly limits: ReadonlyMap<Currency, string>;

  constructor(readonly clearing: ClearingRepository, readonly trades: TradeRepository, readonly ledger: LedgerRepository, readonly port: PayoutPort, readonly identity: Identity, config: Config) {
    this.limits = readLimits(config.PAYOUT_APPROVAL_ABOVE);
  }
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

  /** Works the cycle off, or as many batches of it as are asked for; the sweep goes on with what is left. */
  async execute(cycleId: string, batches = Infinity): Promise<ClearingCycle> {
    let left = batches;
    // Side by side with other runs first; then what somebody held just then, so that no accepted trade is left for the next cycle.
    for (const held of ['skip', 'wait'] as const) {
      for (; (await this.uow.run((tx) => this.clearBatch(tx, cycleId, held))) === BATCH; left -= 1) {
        if (left <= 1) return this.uow.run((tx) => this.cycle(tx, cycleId, 'share'));
      }
    }
    const cycle = await this.close(cycleId);
    while ((await this.uow.run((tx) => this.settleUnpaid(tx, cycleId))) === BATCH);
    return cycle;
  }

  private async clearBatch(tx: Tx, cycleId: string, held: 'skip' | 'wait'): Promise<number> {
    const cycle = await this.cycle(tx, cycleId, 'share');
    if (cycle.state !== 'OPEN') return 0;
    const trades = await this.storage.trades.takeAccepted(tx, cycle.currency, BATCH, held);
    const exchangeId = await this.storage.identity.exchangeId();
    await this.storage.ledger.post(tx, trades.flatMap((t) => clearJournal(exchangeId, t) ?? []), this.clock.now());
    await this.move.all(tx, this.caller, trades, 'clear', { cycleId });
    return trades.length;
  }

  /** What a vendor owes may have been recovered by another cycle a moment ago: the ledger refuses to take it twice, and it is reckoned anew. */
  private async close(cycleId: string): Promise<ClearingCycle> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.uow.run((tx) => this.closeIn(tx, cycleId));
      } catch (error) {
        if (!(error instanceof LedgerRefusal) || tries === CLOSING_TRIES) throw error;
      }
    }
  }

  private async closeIn(tx: Tx, cycleId: string): Promise<ClearingCycle> {
    const cycle = await this.cycle(tx, cycleId, 'close');
    if (cycle.state !== 'OPEN') return cycle;
    const { clearing, ledger, port } = this.storage;
    const now = this.clock.now();
    const statements = (await clearing.turnovers(tx, cycleId)).map((turnover) => stateTurnover(cycle, turnover, newId(), now));
    const recovered = statements.flatMap((s) => recoverJournal(s) ?? []);
    for (let from = 0; from < recovered.length; from += BATCH) await ledger.post(tx, recovered.slice(from, from + BATCH), now);
    const payouts = await clearing.makePayouts(tx, cycle, statements, port.provider, (amount) => needsApproval(amount, this.storage.limits), now);
    for (let from = 0; from < payouts.length; from += BATCH) {
      await this.audit.appendAll(tx, this.caller, payouts.slice(from, from + BATCH).map((p) => ({ act: 'payout.make', objectType: 'payout', objectId: p.id, tenantId: p.vendorId, details: { cycleId, amount: p.amount } })));
    }
    const totals = await clearing.cycleTotals(tx, cycleId);
    const state = accepted(await this.audit.transition(tx, this.caller, { table: cycleStates, state: cycle.state, event: 'close', objectType: 'clearing_cycle', objectId: cycle.id }));
    const closed: ClearingCycle = {
      ...cycle, state, tradeCount: totals.trades, payoutCount: payouts.length, gross: money(totals.grossMinor, cycle.currency),
      paidOut: sum(payouts.map((p) => p.amount), cycle.currency), closedAt: now,
    };
    await clearing.closeCycle(tx, closed);
    return closed;
  }

  /** A vendor who is owed nothing is not paid: his trades are settled. */
  private async settleUnpaid(tx: Tx, cycleId: string): Promise<number> {
    const trades = await this.storage.trades.lockWithoutPayout(tx, cycleId, BATCH);
    await this.move.all(tx, this.caller, trades, 'settle');
    return trades.length;
  }

  private async cycle(tx: Tx, id: string, purpose: 'share' | 'close'): Promise<ClearingCycle> {
    const cycle = await this.storage.clearing.lockCycle(tx, id, purpose);
    if (!cycle) throw new Error(`clearing cycle ${id} is gone`);
    return cycle;
  }
}
