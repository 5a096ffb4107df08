import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, add, type Caller, isRefused, type Money, newId, type Tx, zero } from '#shared';
import { type Intervention, interventionStates } from '../../domain/disputes/intervention.js';
import { type Chargeback, chargebackLostJournal, chargebackTakenJournal, chargebackWonJournal } from '../../domain/chargeback.js';
import { openGross } from '../../domain/reversal.js';
import type { Trade } from '../../domain/trade.js';
import { TRADE_TABLES, type TradeEvent } from '../../domain/trade-states.js';
import { InterventionDesk } from '../interventions/intervene.js';
import { ReversalStorage } from '../reversals/reverse-trade.js';

/**
 * What becomes of a trade whose payment is taken back at the provider. Taken: the trade is frozen where it can be. Won: it goes on. Lost: what is
 * left of it, up to the amount, goes back to the payer by that way; what he had been refunded besides is the exchange's loss. The caller holds the trade.
 */
@Injectable()
export class BookChargeback {
  constructor(private readonly desk: InterventionDesk, private readonly storage: ReversalStorage, private readonly audit: Audit) {}

  async taken(tx: Tx, caller: Caller, trade: Trade, chargeback: Chargeback): Promise<void> {
    await this.post(tx, chargebackTakenJournal(await this.storage.identity.exchangeId(), trade, chargeback));
    const reason = `charged back by the payer: ${chargeback.reason}`;
    if (TRADE_TABLES[trade.kind].next(trade.state, 'freeze') !== undefined) {
      accepted(await this.desk.move.execute(tx, caller, trade, 'freeze', {}, reason));
      const freeze: Intervention = { id: newId(), tradeId: trade.id, kind: 'FREEZE', state: 'IN_FORCE', reason, begunBy: caller.subject, begunAt: this.desk.clock.now(), endedBy: null, endReason: null, endedAt: null };
      if (!(await this.desk.interventions.insert(tx, freeze))) throw new Error(`trade ${trade.id} is frozen and is not`);
    }
    await this.desk.notices.tell(tx, [trade.vendorId, trade.buyerId, await this.storage.identity.exchangeId()], { objectType: 'TRADE', objectId: trade.id, kind: 'TRADE_FROZEN', text: `The payment was ${reason}`, details: { tradeId: trade.id, chargebackId: chargeback.id } });
  }

  async won(tx: Tx, caller: Caller, trade: Trade, chargeback: Chargeback): Promise<void> {
    await this.post(tx, chargebackWonJournal(await this.storage.identity.exchangeId(), trade, chargeback));
    await this.goOn(tx, caller, trade, 'the chargeback was rejected');
  }

  async lost(tx: Tx, caller: Caller, trade: Trade, chargeback: Chargeback): Promise<void> {
    const open = openGross(trade);
    const back: Money = chargeback.amount.minor < open.minor ? chargeback.amount : open;
    const reason = `charged back by the payer: ${chargeback.reason}`;
    const done = back.minor > 0n ? await this.desk.reverse.execute(tx, caller, trade, { amount: back, cause: 'CHARGEBACK', reason }) : null;
    if (isRefused(done)) throw new Error(`trade ${trade.id}: ${done.message}`);
    const reversed = done ? add(done.reversal.net, done.reversal.tax) : zero(trade.currency);
    await this.post(tx, chargebackLostJournal(await this.storage.identity.exchangeId(), trade, chargeback, reversed));
    const after = done?.trade ?? trade;
    if (after.state === 'UNWOUND') await this.desk.disputes.undone(tx, caller, after, reason);
    await this.goOn(tx, caller, after, 'the chargeback was upheld');
  }

  /** The freeze ends that the chargeback began; an officer's own stays. */
  private async goOn(tx: Tx, caller: Caller, trade: Trade, reason: string): Promise<void> {
    const freeze = await this.desk.interventions.openOf(tx, trade.id, 'FREEZE');
    if (!freeze || (trade.state !== 'UNWOUND' && !freeze.begunBy.startsWith('system:'))) return;
    if (trade.state === 'FROZEN') accepted(await this.desk.move.execute(tx, caller, trade, `thaw_${trade.frozenFrom!}` as TradeEvent, {}, reason));
    const state = accepted(await this.audit.transition(tx, caller, { table: interventionStates, state: freeze.state, event: trade.state === 'UNWOUND' ? 'approve' : 'lift', objectType: 'intervention', objectId: freeze.id, tradeId: trade.id, tenantId: null, reason }));
    await this.desk.interventions.end(tx, { ...freeze, state, endedBy: caller.subject, endReason: reason, endedAt: this.desk.clock.now() });
  }

  private async post(tx: Tx, draft: Parameters<ReversalStorage['ledger']['post']>[1][number]): Promise<void> {
    await this.storage.ledger.post(tx, [draft], this.storage.clock.now());
  }
}
