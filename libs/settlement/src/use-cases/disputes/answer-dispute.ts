import { Injectable } from '@nestjs/common';
import { type Act, type Actor, authorise } from '#identity';
import { asSystem, type Caller, Commands, eachSafely, invalid, type Money, money, notFound, type Refusal, type Result, stateConflict, systemCaller, type Tx, UnitOfWork } from '#shared';
import type { Dispute, DisputeEvent, DisputeSide, Evidence } from '../../domain/disputes/dispute.js';
import { openGross } from '../../domain/reversal.js';
import type { Trade } from '../../domain/trade.js';
import { SETTLEMENT_ERRORS } from '../../settlement.errors.js';
import { MoveDispute, type Said } from './move-dispute.js';

export interface DisputeWord {
  readonly disputeId: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}
export interface AnswerDisputeInput extends DisputeWord {
  readonly answer: 'CONCEDE' | 'CONTEST';
}
export interface DecideDisputeInput extends DisputeWord {
  /** Gross, minor units; 0: the claim is dismissed. */
  readonly awardMinor: bigint;
}
type Held = { readonly dispute: Dispute; readonly trade: Trade };

const BATCH = 100;

/** What the two sides and the exchange say in a dispute. Of two words at once the first counts. */
@Injectable()
export class AnswerDispute {
  constructor(private readonly commands: Commands, private readonly disputes: MoveDispute, private readonly uow: UnitOfWork) {}

  /** The vendor gives back what is claimed, or says why not. */
  answer(actor: Actor, { answer, ...input }: AnswerDisputeInput): Promise<Result<Dispute>> {
    return this.act(actor, 'settlement:answer-dispute', `settlement.${answer.toLowerCase()}-dispute`, input, 'VENDOR', (tx, held, said) =>
      this.disputes.execute(tx, actor, held, answer === 'CONCEDE' ? 'concede' : 'contest', said, answer === 'CONCEDE' ? claimable(held) : null));
  }
  /** The buyer takes his claim back: everything is as it was before. */
  withdraw(actor: Actor, input: DisputeWord): Promise<Result<Dispute>> {
    return this.act(actor, 'settlement:dispute', 'settlement.withdraw-dispute', input, 'BUYER', (tx, held, said) => this.disputes.execute(tx, actor, held, 'withdraw', said, null));
  }
  /** The exchange decides how much of the claim goes back. */
  decide(actor: Actor, { awardMinor, ...input }: DecideDisputeInput): Promise<Result<Dispute>> {
    return this.act(actor, 'settlement:decide-dispute', 'settlement.decide-dispute', { ...input, awardMinor: awardMinor.toString() } as DisputeWord, 'EXCHANGE', async (tx, held, said) => {
      const most = claimable(held).minor;
      if (held.dispute.endedAt === null && awardMinor > most) return invalid(SETTLEMENT_ERRORS.AMOUNT_DIFFERS, 'awardMinor', `at the most what is claimed and left: ${most}`);
      const award: Money = money(awardMinor, held.trade.currency);
      return this.disputes.execute(tx, actor, held, awardMinor === 0n ? 'dismiss' : 'award', said, award);
    });
  }
  /** Either side adds something to be looked at, until it is decided. */
  addEvidence(actor: Actor, input: DisputeWord): Promise<Result<Dispute>> {
    return this.act(actor, 'settlement:answer-dispute', 'settlement.add-dispute-evidence', input, null, async (tx, { dispute }, said) => {
      if (dispute.endedAt !== null) return stateConflict(SETTLEMENT_ERRORS.DISPUTE_ENDED, 'the dispute is decided', dispute.state);
      await this.disputes.say(tx, actor, dispute, 'EVIDENCE', said);
      await this.disputes.tell(tx, dispute, `something was added by the ${said.side === 'BUYER' ? 'buyer' : 'vendor'}: ${said.text}`, dispute.state === 'MEDIATION');
      return dispute;
    });
  }

  /** Where the vendor says nothing by the deadline the exchange decides. */
  async lapse(): Promise<void> {
    const caller: Caller = systemCaller('disputes');
    const { desk } = this.disputes;
    await eachSafely('disputes', await desk.disputes.lapsed(desk.clock.now(), BATCH), (id) => this.uow.run(async (tx) => {
      const held = await this.disputes.hold(tx, id);
      if (!held || held.dispute.state !== 'OPEN' || held.dispute.answerUntil > desk.clock.now()) return;
      await this.disputes.execute(tx, caller, held, 'lapse' satisfies DisputeEvent, { side: 'EXCHANGE', text: 'the vendor did not answer by the deadline', evidence: [] }, null);
    }));
  }

  /** `side`: whose word it is; null: of either side of the trade. What is frozen is not decided before it thaws. */
  private async act(actor: Actor, right: Act, operation: string, input: DisputeWord, side: DisputeSide | null, work: (tx: Tx, held: Held, said: Said) => Promise<Dispute | Refusal>): Promise<Result<Dispute>> {
    const refusal = authorise(actor, right);
    if (refusal) return refusal;
    return asSystem(() => this.commands.run<Result<Dispute>>(actor, operation, input, async (tx) => {
      const held = await this.disputes.hold(tx, input.disputeId);
      const own = held && (side === 'EXCHANGE' ? 'EXCHANGE' : actor.tenantId === held.dispute.vendorId ? 'VENDOR' : actor.tenantId === held.dispute.buyerId ? 'BUYER' : null);
      if (!held || !own || (side === 'BUYER' && own !== side)) return notFound('dispute');
      if (side !== null && own !== side) return stateConflict(SETTLEMENT_ERRORS.DISPUTE_SIDE, 'the vendor concedes or contests', held.dispute.state);
      if (held.trade.state === 'FROZEN' && side !== null) return stateConflict(SETTLEMENT_ERRORS.FROZEN, 'the trade is frozen: nothing is decided before it goes on', held.trade.state);
      return work(tx, held, { side: own, text: input.text, evidence: input.evidence });
    }));
  }
}

/** What is claimed, as far as it did not go back in another way meanwhile. */
const claimable = ({ dispute, trade }: Held): Money => {
  const open = openGross(trade);
  return dispute.claim.minor < open.minor ? dispute.claim : open;
};
