import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, loader, type LoaderHolder, pageCost, pageRequest, toConnection } from '#shared';
import type { ReceiptAnswer } from '../../domain/receipts/receipt-answer.js';
import { ReceiptAnswerRepository } from '../../storage/receipt-answer.repository.js';
import { AnswerContest } from '../../use-cases/receipts/answer-contest.js';
import { AnswerReceipt } from '../../use-cases/receipts/answer-receipt.js';
import { CallReceipt } from '../calls/api-calls.types.js';
import { Receipt } from '../delivery.types.js';
import * as T from './receipt-answers.types.js';

const answerTo = (answers: ReceiptAnswerRepository, context: LoaderHolder, receiptId: string): Promise<T.ReceiptAnswer | null> =>
  loader<ReceiptAnswer>(context, 'delivery.receipt-answers', (ids) => answers.ofReceipts(ids)).load(receiptId);

@Resolver(() => CallReceipt)
@Authenticated()
export class CallReceiptAnswersResolver {
  constructor(private readonly answers: ReceiptAnswerRepository) {}

  @ResolveField('answer', () => T.ReceiptAnswer, { nullable: true, description: "The buyer's word on it; null: none yet." })
  answerOf(@Parent() receipt: CallReceipt, @Context() context: LoaderHolder): Promise<T.ReceiptAnswer | null> {
    return answerTo(this.answers, context, receipt.id);
  }
}

@Resolver(() => Receipt)
@Authenticated()
export class ReceiptAnswersResolver {
  constructor(private readonly answering: AnswerReceipt, private readonly contests: AnswerContest, private readonly answers: ReceiptAnswerRepository) {}

  @ResolveField('answer', () => T.ReceiptAnswer, { nullable: true, description: "The buyer's word on it; null: none yet." })
  answerOf(@Parent() receipt: Receipt, @Context() context: LoaderHolder): Promise<T.ReceiptAnswer | null> {
    return answerTo(this.answers, context, receipt.id);
  }

  @Asks('metering:read', 'delivery:decide-contest', 'oversight:read')
  @Query(() => T.ReceiptContestConnection, { nullable: true, complexity: pageCost, description: "What was contested by or against the caller's organisation, of the newest receipts first; everybody's for the exchange. Null for others." })
  async receiptContests(@CurrentActor() actor: Actor, @Args() { licenceId, state, first, after }: T.ReceiptContestsArgs): Promise<ConnectionOf<T.ReceiptAnswer> | null> {
    const found = await this.contests.contestsFor(actor, licenceId ?? null, state ?? null, pageRequest(first, after, 1));
    return found && toConnection(found, (contest): T.ReceiptAnswer => ({ ...contest }));
  }

  @Asks('delivery:answer-receipt')
  @Mutation(() => T.AcknowledgeReceiptsResult, { description: 'The buyer says that he holds what the receipts say. Said twice it is the same; an acknowledged receipt is not contested any more.' })
  async acknowledgeReceipts(@CurrentActor() actor: Actor, @Args('input') { receipts }: T.AcknowledgeReceiptsInput): Promise<object> {
    const result = await this.answering.acknowledge(actor, receipts);
    return isRefused(result) ? result : { answers: result };
  }

  @Asks('delivery:answer-receipt')
  @Mutation(() => T.ContestReceiptResult, { description: 'The buyer says that a receipt is wrong, once and within 30 days. The vendor has 14 days to concede or reject it; then it comes before the exchange.' })
  async contestReceipt(@CurrentActor() actor: Actor, @Args('input') input: T.ContestReceiptInput): Promise<object> {
    return this.answering.contest(actor, input);
  }

  @Asks('delivery:answer-contest')
  @Mutation(() => T.AnswerReceiptContestResult, { description: 'The vendor concedes or rejects a contest; the buyer takes it back, or brings what was rejected before the exchange within 14 days. What is conceded counts no more: where it was charged, that becomes a credit.' })
  async answerReceiptContest(@CurrentActor() actor: Actor, @Args('input') { reason = null, ...input }: T.AnswerReceiptContestInput): Promise<object> {
    return this.contests.answer(actor, { ...input, reason });
  }

  @Asks('delivery:decide-contest')
  @Mutation(() => T.DecideReceiptContestResult, { description: 'Staff upholds or dismisses a contest that is before the exchange: the last word.' })
  async decideReceiptContest(@CurrentActor() actor: Actor, @Args('input') input: T.DecideReceiptContestInput): Promise<object> {
    return this.contests.decide(actor, input);
  }
}
