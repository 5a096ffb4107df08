import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity, Notices } from '#identity';
import { accepted, type Caller, Clock, formatMoney, isRefused, type Money, newId, type Refusal, type Tx, zero } from '#shared';
import { daysAfter, type Dispute, type DisputeAct, type DisputeEvent, type DisputeSide, disputeStates, type Evidence, MEDIATION_DAYS } from '../../domain/disputes/dispute.js';
import type { Trade } from '../../domain/trade.js';
import { windowIsOpen } from '../../domain/trade-states.js';
import { DisputeRepository } from '../../storage/dispute.repository.js';
import { TradeRepository } from '../../storage/trade.repository.js';
import { MoveTrade } from '../move-trade.js';
import { ReverseTrade } from '../reversals/reverse-trade.js';

/** What is said in a dispute. */
export interface Said {
  readonly side: DisputeSide;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Groups whom a dispute concerns and where it is kept. */
@Injectable()
export class DisputeDesk {
  constructor(readonly disputes: DisputeRepository, readonly trades: TradeRepository, readonly notices: Notices, readonly identity: Identity, readonly clock: Clock) {}
}

/** The one way in which a dispute goes on: state, what was said, audit, what becomes of the trade, and notices, in one transaction. The caller holds trade and dispute. */
@Injectable()
export class MoveDispute {
  constructor(readonly desk: DisputeDesk, private readonly audit: Audit, private readonly move: MoveTrade, private readonly reverse: ReverseTrade) {}

  /** The dispute with its trade, both held: the trade first, as everybody does. */
  async hold(tx: Tx, disputeId: string): Promise<{ readonly dispute: Dispute; readonly trade: Trade } | null> {
    const found = await this.desk.disputes.byId(disputeId);
    const trade = found && (await this.desk.trades.lock(tx, found.tradeId));
    const dispute = trade && (await this.desk.disputes.lock(tx, disputeId));
    return dispute ? { dispute, trade } : null;
  }

  async execute(tx: Tx, caller: Caller, { dispute, trade }: { readonly dispute: Dispute; readonly trade: Trade }, event: DisputeEvent, said: Said, award: Money | null): Promise<Dispute | Refusal> {
    const state = await this.audit.transition(tx, caller, {
      table: disputeStates, state: dispute.state, event, objectType: 'dispute', objectId: dispute.id, tenantId: dispute.buyerId, tradeId: dispute.tradeId, reason: said.text.slice(0, 1_000), details: award ? { award } : {},
    });
    if (isRefused(state)) return state;
    const now = this.desk.clock.now();
    const goesOn = state === 'MEDIATION';
    const moved: Dispute = {
      ...dispute, state, answerUntil: goesOn ? daysAfter(now, MEDIATION_DAYS) : dispute.answerUntil, awarded: goesOn ? null : (award ?? zero(dispute.claim.currency)), endedAt: goesOn ? null : now,
    };
    await this.desk.disputes.save(tx, moved);
    await this.say(tx, caller, moved, event.toUpperCase() as DisputeAct, said);
    if (!goesOn && trade.state !== 'UNWOUND') {
      const ended = await this.endTrade(tx, caller, trade, event === 'withdraw', award, said.text);
      if (isRefused(ended)) return ended;
    }
    await this.tell(tx, moved, `${WORDS[event]}: ${said.text}`, goesOn);
    return moved;
  }

  /** The trade was undone whole: what was disputed of it is back with the rest. */
  async undone(tx: Tx, caller: Caller, trade: Trade, text: string): Promise<void> {
    const dispute = await this.desk.disputes.openOf(tx, trade.id);
    if (dispute) accepted(await this.execute(tx, caller, { dispute, trade }, 'award', { side: 'EXCHANGE', text, evidence: [] }, dispute.claim));
  }

  async say(tx: Tx, caller: Caller, dispute: Dispute, act: DisputeAct, { side, text, evidence }: Said): Promise<void> {
    await this.desk.disputes.say(tx, dispute, { id: newId(), disputeId: dispute.id, side, act, text, evidence, saidBy: caller.subject.slice(0, 300), saidAt: this.desk.clock.now() });
  }

  async tell(tx: Tx, { id, tradeId, vendorId, buyerId, state, claim }: Dispute, text: string, exchangeToo: boolean): Promise<void> {
    const { notices, identity } = this.desk;
    await notices.tell(tx, [vendorId, buyerId, ...(exchangeToo ? [await identity.exchangeId()] : [])], {
      objectType: 'TRADE', objectId: tradeId, kind: 'DISPUTE_MOVED', text: `Dispute over ${formatMoney(claim)}, ${text}`, details: { tradeId, disputeId: id, state },
    });
  }

  /** What is awarded goes back. What is left is accepted, unless it was never delivered or the buyer took his claim back: then everything is as it was before. */
  private async endTrade(tx: Tx, caller: Caller, disputed: Trade, withdrawn: boolean, award: Money | null, reason: string): Promise<Trade | Refusal> {
    const done = award && award.minor > 0n ? await this.reverse.execute(tx, caller, disputed, { amount: award, cause: 'DISPUTE', reason: reason.slice(0, 1_000) }) : null;
    if (isRefused(done)) return done;
    const trade = done?.trade ?? disputed;
    if (trade.state === 'UNWOUND') return trade;
    const from = trade.disputedFrom!;
    const event = !withdrawn && windowIsOpen(trade.kind, from) ? 'resolve' : from === 'FUNDED' ? 'reopen_FUNDED' : 'reopen_DELIVERED';
    return accepted(await this.move.execute(tx, caller, trade, event, {}, reason.slice(0, 1_000)));
  }
}

const WORDS: Readonly<Record<DisputeEvent, string>> = {
  concede: 'conceded by the vendor', contest: 'contested by the vendor, so that the exchange decides', lapse: 'not answered in time, so that the exchange decides', withdraw: 'withdrawn by the buyer',
  award: 'awarded to the buyer', dismiss: 'dismissed',
};
