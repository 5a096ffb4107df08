import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { TerminationState } from '../domain/agreements/termination.js';
import { type Termination, TerminationRepository } from '../storage/termination.repository.js';
import { AnswerTermination, type PartyAnswer } from '../use-cases/agreements/answer-termination.js';
import { TerminateAgreement } from '../use-cases/agreements/terminate-agreement.js';
import * as T from './terminations.types.js';

@Resolver()
@Authenticated()
export class TerminationsResolver {
  constructor(private readonly terminations: TerminationRepository, private readonly proposal: TerminateAgreement, private readonly answers: AnswerTermination) {}

  @Asks('contracts:read', 'contracts:end', 'oversight:read')
  @Query(() => T.TerminationConnection, { name: 'terminations', nullable: true, complexity: pageCost, description: "Terminations of the caller's agreements, newest first; of everybody's for staff." })
  async list(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.TerminationStateEnum, nullable: true, description: 'Only those in this state.' }) state: TerminationState | null,
    @Args('agreementId', { type: () => ID, nullable: true, description: 'Only of this agreement.' }) agreementId: string | null,
  ): Promise<ConnectionOf<T.TerminationType> | null> {
    const organisationId = this.answers.readerOf(actor);
    if (organisationId === undefined) return null;
    const found = await this.terminations.page(organisationId, { state: state ?? null, agreementId: agreementId ?? null }, pageRequest(page.first, page.after, 1));
    return toConnection(found, (t: Termination): T.TerminationType => ({ ...t }));
  }

  @Asks('contracts:terminate', 'contracts:end')
  @Mutation(() => T.TerminateAgreementResult, { description: 'Sets out to end an agreement before its time. Whose consent that needs, and when it takes effect, is the ground’s. Staff acts for the law.' })
  async terminateAgreement(@CurrentActor() actor: Actor, @Args('input') input: T.TerminateAgreementInput): Promise<object> {
    return this.proposal.execute(actor, input);
  }

  @Asks('contracts:terminate')
  @Mutation(() => T.AnswerTerminationResult, { description: 'The other side consents, declines, or contests that it broke the terms.' })
  async answerTermination(@CurrentActor() actor: Actor, @Args('input') { answer, ...input }: T.AnswerTerminationInput): Promise<object> {
    return this.answers.answer(actor, answer.toLowerCase() as PartyAnswer, input);
  }

  @Asks('contracts:terminate')
  @Mutation(() => T.WithdrawTerminationResult, { description: 'Whoever proposed it takes it back before it takes effect.' })
  async withdrawTermination(@CurrentActor() actor: Actor, @Args('input') input: T.WithdrawTerminationInput): Promise<object> {
    return this.answers.answer(actor, 'withdraw', input);
  }

  @Asks('contracts:end')
  @Mutation(() => T.JudgeTerminationResult, { description: 'Staff decides on a contested termination.' })
  async judgeTermination(@CurrentActor() actor: Actor, @Args('input') input: T.JudgeTerminationInput): Promise<object> {
    return this.answers.judge(actor, input);
  }
}
