import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity } from '#identity';
import { accepted, Clock, systemCaller, type Tx, UnitOfWork } from '#shared';
import { payoutConfirmedJournal, payoutReturnedJournal, payoutSentJournal } from '../domain/journals.js';
import { type Payout, payoutKey, payoutStates } from '../domain/payout.js';
import { type PayoutAnswer, PayoutPort } from '../domain/payout-port.js';
import { ClearingRepository, type PayoutPatch } from '../storage/clearing.repository.js';
import { LedgerRepository } from '../storage/ledger.repository.js';
import { TradeRepository } from '../storage/trade.repository.js';
import { MoveTrade } from './move-trade.js';

const BATCH = 50;
const BATCH_TRADES = 1_000;
/** A payout whose answer is not known is asked for again after this long; the key makes the repetition harmless. */
const ASK_AGAIN_MS = 10_000;
/** A vendor who is not in good standing is looked at again after this long. */
const HELD_MS = 60_000;

/** Groups what a payout writes, so that the use case keeps its constructor short. */
@Injectable()
export class PayoutStorage {
  constructor(readonly clearing: ClearingRepository, readonly trades: TradeRepository, readonly ledger: LedgerRepository, readonly identity: Identity, readonly clock: Clock) {}
}

/**
 * Sends due payouts: SENT with its journal first, the provider's call outside of any transaction, then the answer. A process
 * that dies in between leaves a SENT payout, which is asked for again with the same key.
 */
@Injectable()
export class SendPayouts {
  private readonly log = new Logger('payouts');
  private readonly caller = systemCaller('payouts');

  constructor(
    private readonly uow: UnitOfWork, private readonly storage: PayoutStorage, private readonly port: PayoutPort,
    private readonly move: MoveTrade, private readonly audit: Audit,
  ) {}

  async execute(): Promise<void> {
    for (const due of await this.storage.clearing.payoutsDue(this.storage.clock.now(), BATCH)) {
      try {
        const payout = await this.uow.run((tx) => this.markSent(tx, due.id));
        if (!payout) continue;
        const order = { idempotencyKey: payoutKey(payout), payoutId: payout.id, vendorId: payout.vendorId, amount: payout.amount };
        const answer = await this.port.send(order);
        if (answer.state !== 'PENDING') await this.uow.run((tx) => this.record(tx, payout, answer));
      } catch (error) {
        this.log.error(`payout ${due.id}: ${(error as Error).stack ?? String(error)}`);
      }
    }
  }

  /** Takes the payout for this call; null when another process has just taken it, it has its answer, or it is held. */
  private async markSent(tx: Tx, id: string): Promise<Payout | null> {
    const { clearing, trades, ledger, identity, clock } = this.storage;
    const payout = await clearing.lockPayout(tx, id);
    const now = clock.now();
    if (!payout || !(await clearing.claimCall(tx, id, now, new Date(now.getTime() + ASK_AGAIN_MS)))) return null;
    if (payout.state !== 'PENDING') return payout;
    const standing = (await identity.byId(payout.vendorId))?.state ?? 'UNKNOWN';
    if (standing !== 'VERIFIED') return this.hold(tx, payout, `held: the vendor is ${standing}`, now);
    if (await trades.isPayoutFrozen(tx, payout)) return this.hold(tx, payout, 'held: a trade of it is frozen', now);
    await ledger.post(tx, [payoutSentJournal(payout)], now);
    return this.change(tx, payout, 'send', { sentAt: now, ...(payout.failure === null ? {} : { failure: null }) });
  }

  /** Whoever is suspended, or no longer verified, is not paid, nor is what is frozen (I5): the payout waits as PENDING and goes by itself once that is over. Said once, in the log and on the payout. */
  private async hold(tx: Tx, payout: Payout, failure: string, now: Date): Promise<null> {
    await this.storage.clearing.savePayout(tx, payout.id, { failure, nextCallAt: new Date(now.getTime() + HELD_MS) });
    if (payout.failure === failure) return null;
    await this.audit.append(tx, this.caller, { act: 'payout.hold', objectType: 'payout', objectId: payout.id, tenantId: payout.vendorId, reason: failure });
    return null;
  }

  private async record(tx: Tx, sent: Payout, answer: Exclude<PayoutAnswer, { state: 'PENDING' }>): Promise<void> {
    const { clearing, ledger, trades, identity, clock } = this.storage;
    const payout = await clearing.lockPayout(tx, sent.id);
    if (!payout || payout.state !== 'SENT' || payout.attempt !== sent.attempt) return;
    const now = clock.now();
    if (answer.state === 'FAILED') {
      await ledger.post(tx, [payoutReturnedJournal(payout)], now);
      await this.change(tx, payout, 'fail', { failure: answer.reason });
      return;
    }
    await ledger.post(tx, [payoutConfirmedJournal(await identity.exchangeId(), payout)], now);
    await this.change(tx, payout, 'confirm', { providerReference: answer.reference, confirmedAt: now });
    for (let taken = BATCH_TRADES; taken === BATCH_TRADES;) {
      const cleared = await trades.lockOfPayout(tx, payout, BATCH_TRADES);
      await this.move.all(tx, this.caller, cleared, 'settle');
      taken = cleared.length;
    }
  }

  private async change(tx: Tx, payout: Payout, event: 'send' | 'confirm' | 'fail', patch: Omit<PayoutPatch, 'state'>): Promise<Payout> {
    const state = accepted(await this.audit.transition(tx, this.caller, {
      table: payoutStates, state: payout.state, event, objectType: 'payout', objectId: payout.id, tenantId: payout.vendorId, details: { ...patch },
    }));
    await this.storage.clearing.savePayout(tx, payout.id, { ...patch, state });
    return { ...payout, ...patch, state };
  }
}
