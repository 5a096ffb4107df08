import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Compliance, type Decision, DecisionType, toDecisionType } from '#compliance';
import { Authenticated, type RequestHolder } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import { WaitingOrder } from './contracts.types.js';

/** What the vendor has to answer. */
@Resolver(() => WaitingOrder)
@Authenticated()
export class WaitingOrdersResolver {
  constructor(private readonly compliance: Compliance) {}

  @ResolveField(() => DecisionType, { nullable: true, complexity: 20, description: 'The last decision, with its reasons, filings and what it needs.' })
  async decision(@Parent() order: WaitingOrder, @Context() context: LoaderHolder & RequestHolder): Promise<DecisionType | null> {
    const found = await loader<Decision>(context, 'contracts.decision', (ids) => this.compliance.byIds(ids)).load(order.decisionId);
    return found && toDecisionType(found, context.authentication!.actor!);
  }
}
