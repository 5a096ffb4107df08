import { Args, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { Actor } from '../domain/actor.js';
import { BreakGlass } from '../use-cases/break-glass.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { Me } from './identity.types.js';
import { BreakGlassInput, ReviewBreakGlassInput } from './members.inputs.js';
import * as T from './members.types.js';

@Resolver(() => Me)
@Authenticated()
export class BreakGlassResolver {
  constructor(private readonly glass: BreakGlass) {}

  @ResolveField('breakGlass', () => [T.BreakGlassEvent], { complexity: 5, description: "The caller's own uses of break-glass that wait for their review; while one is in force its role is among `roles`." })
  ownBreakGlass(@CurrentActor() actor: Actor): Promise<readonly T.BreakGlassEvent[]> {
    return this.glass.mine(actor);
  }

  @Asks('identity:read-all')
  @Query(() => T.BreakGlassEventConnection, { nullable: true, complexity: pageCost, description: 'Uses of break-glass, newest first; for staff.' })
  async breakGlassEvents(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('onlyOpen', { type: () => Boolean, nullable: true, description: 'Those alone that wait for their review.' }) onlyOpen: boolean | null,
  ): Promise<ConnectionOf<T.BreakGlassEvent> | null> {
    const found = await this.glass.page(actor, onlyOpen ?? false, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (e) => e);
  }

  @Asks('identity:break-glass')
  @Mutation(() => T.BreakGlassResult, { description: 'In an emergency: one operative role more for at most an hour. An alarm goes off, and somebody else reviews it. Staff administrators and compliance officers.' })
  breakGlass(@CurrentActor() actor: Actor, @Args('input') input: BreakGlassInput): Promise<object> {
    return this.glass.execute(actor, input);
  }

  @Asks('identity:review-break-glass')
  @Mutation(() => T.ReviewBreakGlassResult, { description: 'Closes a use of break-glass of somebody else, and ends its role. Auditors and staff administrators.' })
  reviewBreakGlass(@CurrentActor() actor: Actor, @Args('input') input: ReviewBreakGlassInput): Promise<object> {
    return this.glass.review(actor, input);
  }
}
