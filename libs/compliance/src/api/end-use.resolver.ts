import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Declarations } from '../register.facade.js';
import type { EndUse } from '../storage/end-use.repository.js';
import { DeclareEndUse } from '../use-cases/declarations/declare-end-use.js';
import * as T from './end-use.types.js';

@Resolver()
@Authenticated()
export class EndUseResolver {
  constructor(private readonly declarations: Declarations, private readonly declaring: DeclareEndUse) {}

  @Asks('compliance:read-own', 'compliance:handle-findings', 'oversight:read')
  @Query(() => T.EndUseConnection, { nullable: true, complexity: pageCost, description: 'What was declared of the use of an order, newest first: for the organisation that declared it and for staff. The vendor sees what the decision makes of it.' })
  async endUses(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('objectId', { type: () => ID, description: 'The order.' }) objectId: string): Promise<ConnectionOf<T.EndUse> | null> {
    const found = await this.declarations.history(actor, objectId, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toEndUseType);
  }

  @Asks('compliance:declare')
  @Mutation(() => T.RenewEndUseResult, { description: 'Declares the use of an order anew, in place of what was declared before. The decision on the order is made again.' })
  async renewEndUse(@CurrentActor() actor: Actor, @Args('input') input: T.RenewEndUseInput): Promise<object> {
    const result = await this.declaring.renew(actor, { objectId: input.objectId, ...T.fromEndUseInput(input.endUse) });
    return isRefused(result) ? result : T.toEndUseType(result as EndUse);
  }
}
