import { Injectable } from '@nestjs/common';
import { type Act, type Actor, authorise, organisationOf, permits } from '#identity';
import { Commands, notFound, type Page, type PageRequest, type Refusal, type Result, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type ContestAnswer, type ReceiptAnswer, type ReceiptAnswerState, sideOf } from '../../domain/receipts/receipt-answer.js';
import { ReceiptBook } from './receipt-book.js';
import { type ContestMove, MoveContest } from './move-contest.js';

export interface AnswerContestInput {
  readonly receiptId: string;
  readonly answer: ContestAnswer;
  readonly reason: string | null;
}
export interface DecideContestInput {
  readonly receiptId: string;
  readonly upheld: boolean;
  readonly reason: string;
}

/** What the two sides and the exchange say to a contest. Of two words at once the first counts. */
@Injectable()
export class AnswerContest {
  constructor(private readonly commands: Commands, private readonly book: ReceiptBook, private readonly moving: MoveContest) {}

  answer(actor: Actor, input: AnswerContestInput): Promise<Result<ReceiptAnswer>> {
    const side = sideOf(input.answer);
    return this.move(actor, 'delivery:answer-contest', 'delivery.answer-receipt-contest', input, { event: input.answer, side, text: input.reason }, (contest) => {
      const own = actor.tenantId === contest.vendorId ? 'VENDOR' : actor.tenantId === contest.buyerId ? 'BUYER' : null;
      if (own === null) return notFound('contest');
      return own === side ? undefined : stateConflict(DELIVERY_ERRORS.CONTEST_SIDE, side === 'VENDOR' ? 'the vendor concedes or rejects' : 'the buyer escalates or withdraws', contest.state);
    });
  }

  decide(actor: Actor, input: DecideContestInput): Promise<Result<ReceiptAnswer>> {
    return this.move(actor, 'delivery:decide-contest', 'delivery.decide-receipt-contest', input, { event: input.upheld ? 'uphold' : 'dismiss', side: 'EXCHANGE', text: input.reason }, () => undefined);
  }

  /** For its two sides those of their own, for the exchange everybody's; null for who may not read them. */
  async contestsFor(actor: Actor, licenceId: string | null, state: ReceiptAnswerState | null, request: PageRequest): Promise<Page<ReceiptAnswer> | null> {
    const all = permits(actor, 'delivery:decide-contest') || permits(actor, 'oversight:read');
    if (!all && !permits(actor, 'metering:read')) return null;
    return this.book.answers.contests(all ? null : organisationOf(actor), licenceId, state, request);
  }

  private async move(actor: Actor, act: Act, operation: string, input: { readonly receiptId: string }, move: ContestMove, problem: (contest: ReceiptAnswer) => Refusal | undefined): Promise<Result<ReceiptAnswer>> {
    const refusal = authorise(actor, act);
    if (refusal) return refusal;
    return this.commands.runAcross<Result<ReceiptAnswer>>(actor, operation, input, async (tx) => {
      const contest = await this.book.answers.lock(tx, input.receiptId);
      if (!contest || contest.state === 'ACKNOWLEDGED') return notFound('contest');
      return problem(contest) ?? this.moving.move(tx, actor, contest, move);
    });
  }
}
