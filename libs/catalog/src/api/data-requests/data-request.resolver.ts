import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { DataRequestState } from '../../domain/data-requests/data-request.js';
import { CloseDataRequest } from '../../use-cases/data-requests/close-data-request.js';
import { DataRequestDesk } from '../../use-cases/data-requests/data-request-desk.js';
import { PostDataRequest } from '../../use-cases/data-requests/post-data-request.js';
import { shown } from '../catalog.mapping.js';
import * as I from './data-request.inputs.js';
import * as T from './data-request.types.js';

const minor = (text: string | null | undefined): bigint | null => (text ? BigInt(text) : null);

@Resolver()
@Authenticated()
export class DataRequestResolver {
  constructor(private readonly desk: DataRequestDesk, private readonly posting: PostDataRequest, private readonly closing: CloseDataRequest) {}

  @Asks('catalog:answer-requests', 'catalog:read-all')
  @Query(() => T.DataRequestConnection, { nullable: true, complexity: pageCost, description: 'Open requests for data that nobody lists, newest first: for verified vendors.' })
  async dataRequests(@CurrentActor() actor: Actor, @Args() { text, themes, countries, first, after }: I.DataRequestsArgs): Promise<ConnectionOf<T.DataRequestType> | null> {
    const found = await this.desk.board(actor, { text: text ?? null, themes: themes ?? [], countries: countries ?? [] }, pageRequest(first, after, 1));
    return found && toConnection(found, T.toDataRequestType);
  }

  @Asks('catalog:answer-requests', 'catalog:read-all', 'catalog:request')
  @Query(() => T.DataRequestType, { nullable: true, description: 'A request for data: one of your own, or one that is open.' })
  async dataRequest(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'The request.' }) id: string): Promise<T.DataRequestType | null> {
    const found = await this.desk.find(actor, id);
    return found && T.toDataRequestType(found);
  }

  @Asks('catalog:request')
  @Query(() => T.DataRequestConnection, { nullable: true, complexity: pageCost, description: "Your organisation's requests for data, newest first." })
  async ownDataRequests(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.StateEnum, nullable: true, description: 'Those in this state alone.' }) state: DataRequestState | null,
  ): Promise<ConnectionOf<T.DataRequestType> | null> {
    const found = await this.desk.own(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toDataRequestType);
  }

  @Asks('catalog:request')
  @Mutation(() => I.PostDataRequestResult, { description: 'Asks vendors for data that nobody lists.' })
  async postDataRequest(@CurrentActor() actor: Actor, @Args('input') { themes, countries, frequency, budget, purposes, anonymous, ...input }: I.PostDataRequestInput): Promise<object> {
    return shown(await this.posting.execute(actor, {
      ...input, themes: themes ?? [], countries: countries ?? [], frequency: frequency ?? null, purposes: purposes ?? [], anonymous: anonymous ?? false,
      budget: budget ? { minMinor: minor(budget.minMinor), maxMinor: minor(budget.maxMinor), currency: budget.currency } : null,
    }), T.toDataRequestType);
  }

  @Asks('catalog:request')
  @Mutation(() => I.CloseDataRequestResult, { description: 'Ends a request of your own; vendors whose answers you did not decide on are told.' })
  async closeDataRequest(@CurrentActor() actor: Actor, @Args('input') input: I.CloseDataRequestInput): Promise<object> {
    return shown(await this.closing.close(actor, input), T.toDataRequestType);
  }

  @Asks('catalog:moderate')
  @Mutation(() => I.RemoveDataRequestResult, { description: 'Takes a request down: nobody finds it any more.' })
  async removeDataRequest(@CurrentActor() actor: Actor, @Args('input') input: I.RemoveDataRequestInput): Promise<object> {
    return shown(await this.closing.remove(actor, input), T.toDataRequestType);
  }
}
