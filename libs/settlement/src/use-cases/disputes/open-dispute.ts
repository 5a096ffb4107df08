import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Commands, invalid, isRefused, money, newId, notFound, type Result, stateConflict } from '#shared';
import { ANSWER_DAYS, daysAfter, type Dispute, type DisputeGround, type Evidence } from '../../domain/disputes/dispute.js';
import { openGross } from '../../domain/reversal.js';
import { SETTLEMENT_ERRORS } from '../../settlement.errors.js';
import { MoveTrade } from '../move-trade.js';
import { MoveDispute } from './move-dispute.js';

export interface OpenDisputeInput {
  readonly tradeId: string;
  readonly ground: DisputeGround;
  /** Gross, minor units; null: all that is left of the trade. */
  readonly claimMinor: bigint | null;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** The buyer disputes what he has paid and has not accepted: from now on nobody accepts or clears it before that is decided. */
@Injectable()
export class OpenDispute {
  constructor(private readonly commands: Commands, private readonly disputes: MoveDispute, private readonly move: MoveTrade, private readonly audit: Audit) {}

  async execute(actor: Actor, input: OpenDisputeInput): Promise<Result<Dispute>> {
    const refusal = authorise(actor, 'settlement:dispute');
    if (refusal) return refusal;
    const { desk } = this.disputes;
    return this.commands.runAcross<Result<Dispute>>(actor, 'settlement.open-dispute', { ...input, claimMinor: input.claimMinor?.toString() ?? null }, async (tx) => {
      const trade = await desk.trades.lock(tx, input.tradeId);
      if (!trade || trade.buyerId !== actor.tenantId) return notFound('trade');
      const open = openGross(trade);
      if (input.claimMinor !== null && (input.claimMinor <= 0n || input.claimMinor > open.minor)) return invalid(SETTLEMENT_ERRORS.AMOUNT_DIFFERS, 'claimMinor', `at the most what is left of the trade: ${open.minor}`);
      const disputed = await this.move.execute(tx, actor, trade, 'dispute', {}, input.text.slice(0, 1_000));
      if (isRefused(disputed)) return disputed;
      const now = desk.clock.now();
      const dispute: Dispute = {
        id: newId(), tradeId: trade.id, vendorId: trade.vendorId, buyerId: trade.buyerId, ground: input.ground, claim: input.claimMinor === null ? open : money(input.claimMinor, trade.currency), state: 'OPEN',
        answerUntil: daysAfter(now, ANSWER_DAYS), awarded: null, openedAt: now, endedAt: null,
      };
      if (!(await desk.disputes.insert(tx, dispute))) return stateConflict(SETTLEMENT_ERRORS.DISPUTE_OPEN, 'a dispute over this trade is open', trade.state);
      await this.disputes.say(tx, actor, dispute, 'OPEN', { side: 'BUYER', text: input.text, evidence: input.evidence });
      await this.audit.append(tx, actor, { act: 'dispute.open', objectType: 'dispute', objectId: dispute.id, tradeId: trade.id, tenantId: trade.buyerId, reason: input.text.slice(0, 1_000), details: { ground: dispute.ground, claim: dispute.claim } });
      await this.disputes.tell(tx, dispute, `opened by the buyer, to be answered by ${dispute.answerUntil.toISOString().slice(0, 10)}: ${input.text}`, false);
      return dispute;
    });
  }
}
