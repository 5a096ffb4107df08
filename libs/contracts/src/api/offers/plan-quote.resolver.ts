import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated } from '#identity';
import { quote } from '../../domain/pricing/quote.js';
import { toQuoteType } from './offers.mapping.js';
import { PricePlan, Quote } from './offers.types.js';

/** A plan wherever it is shown: in an offer, an order, an agreement. */
@Resolver(() => PricePlan)
@Authenticated()
export class PlanQuoteResolver {
  @ResolveField(() => Quote, { complexity: 5, description: 'What its first period comes to without any use. `quote` asks with some.' })
  quote(@Parent() { id, terms }: PricePlan): Quote {
    return toQuoteType(id, quote(terms));
  }
}
