import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { AnswerState } from '../../domain/data-requests/data-request.js';
import { AnswerDataRequest } from '../../use-cases/data-requests/answer-data-request.js';
import { DataRequestDesk } from '../../use-cases/data-requests/data-request-desk.js';
import { DecideAnswer } from '../../use-cases/data-requests/decide-answer.js';
import { shown } from '../catalog.mapping.js';
import * as I from './data-request.inputs.js';
import * as T from './data-request.types.js';

@Resolver(() => T.DataRequestAnswerType)
@Authenticated()
export class DataRequestAnswerResolver {
  constructor(private readonly desk: DataRequestDesk, private readonly answering: AnswerDataRequest, private readonly deciding: DecideAnswer) {}

  @Asks('catalog:request')
  @Query(() => T.DataRequestAnswerConnection, { nullable: true, complexity: pageCost, description: 'What a request of your own was answered, latest first.' })
  async dataRequestAnswers(@CurrentActor() actor: Actor, @Args('dataRequestId', { type: () => ID, description: 'The request.' }) id: string, @Args() page: PageArgs): Promise<ConnectionOf<T.DataRequestAnswerType> | null> {
    const found = await this.desk.answers(actor, id, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toAnswerType);
  }

  @Asks('catalog:answer-requests')
  @Query(() => T.DataRequestAnswerConnection, { nullable: true, complexity: pageCost, description: 'What your organisation answered to requests for data, latest first.' })
  async ownDataRequestAnswers(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.AnswerStateEnum, nullable: true, description: 'Those in this state alone.' }) state: AnswerState | null,
  ): Promise<ConnectionOf<T.DataRequestAnswerType> | null> {
    const found = await this.desk.ownAnswers(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toAnswerType);
  }

  @ResolveField(() => T.DataRequestType, { nullable: true, description: 'The request, as vendors read it; null where it was taken down.' })
  async request(@Parent() { dataRequestId }: T.DataRequestAnswerType, @Context() context: LoaderHolder): Promise<T.DataRequestType | null> {
    const found = await loader(context, 'catalog.data-requests', (ids) => this.desk.shown(ids)).load(dataRequestId);
    return found && T.toDataRequestType(found);
  }

  @Asks('catalog:answer-requests')
  @Mutation(() => I.AnswerDataRequestResult, { description: 'Answers a request for data.' })
  async answerDataRequest(@CurrentActor() actor: Actor, @Args('input') { productId, ...input }: I.AnswerDataRequestInput): Promise<object> {
    return shown(await this.answering.execute(actor, { ...input, productId: productId ?? null }), T.toAnswerType);
  }

  @Asks('catalog:request')
  @Mutation(() => I.AcceptDataRequestAnswerResult, { description: 'Accepts an answer: its vendor learns who asked. The request stays open until it is closed.' })
  async acceptDataRequestAnswer(@CurrentActor() actor: Actor, @Args('input') input: I.AcceptDataRequestAnswerInput): Promise<object> {
    return shown(await this.deciding.execute(actor, 'accept', { answerId: input.answerId, reason: input.reason ?? null }), T.toAnswerType);
  }

  @Asks('catalog:request')
  @Mutation(() => I.DeclineDataRequestAnswerResult, { description: 'Declines an answer.' })
  async declineDataRequestAnswer(@CurrentActor() actor: Actor, @Args('input') input: I.DeclineDataRequestAnswerInput): Promise<object> {
    return shown(await this.deciding.execute(actor, 'decline', { answerId: input.answerId, reason: input.reason ?? null }), T.toAnswerType);
  }
}
