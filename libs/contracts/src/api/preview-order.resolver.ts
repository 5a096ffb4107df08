import { Args, Query, Resolver } from '@nestjs/graphql';
import { fromEndUseInput } from '#compliance';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { Clock, isRefused } from '#shared';
import { quote } from '../domain/pricing/quote.js';
import { PreviewOrder } from '../use-cases/preview-order.js';
import { PlaceOrderInput } from './contracts.inputs.js';
import { PreviewOrderResult } from './contracts.types.js';
import { toQuoteType } from './offers/offers.mapping.js';

@Resolver()
@Authenticated()
export class PreviewOrderResolver {
  constructor(private readonly preview: PreviewOrder, private readonly clock: Clock) {}

  @Asks('contracts:order')
  @Query(() => PreviewOrderResult, { nullable: true, complexity: 50, description: 'What the law would say of this order now, and what its plan costs. Nothing is recorded, declared or reserved. For those who may order; null for everybody else.' })
  async previewOrder(@CurrentActor() actor: Actor, @Args('input') input: PlaceOrderInput): Promise<object | null> {
    const answer = await this.preview.execute(actor, { ...input, endUse: input.endUse ? fromEndUseInput(input.endUse) : null });
    if (answer === null || isRefused(answer)) return answer;
    const { verdict, plan } = answer;
    return { ...verdict, quote: toQuoteType(plan.id, quote(plan)), reasons: verdict.reasons.map((r) => ({ ...r, at: this.clock.now() })) };
  }
}
