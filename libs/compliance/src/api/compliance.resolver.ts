import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { Compliance } from '../compliance.facade.js';
import { DecisionType, toDecisionType } from './decision.types.js';

@Resolver()
@Authenticated()
export class ComplianceResolver {
  constructor(private readonly compliance: Compliance) {}

  @Asks('oversight:read')
  @Query(() => DecisionType, { nullable: true, description: 'A cross-border decision; for staff that oversees trades, null for everybody else. The parties find it on their agreement.' })
  async decision(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<DecisionType | null> {
    const found = await this.compliance.decisionFor(actor, id);
    return found && toDecisionType(found, actor);
  }
}
