import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { CancelRenewal } from '../../use-cases/subscriptions/cancel-renewal.js';
import { CancelRenewalInput } from './subscriptions.inputs.js';
import { CancelRenewalResult } from './subscriptions.types.js';

@Resolver()
@Authenticated()
export class SubscriptionsResolver {
  constructor(private readonly cancellation: CancelRenewal) {}

  @Asks('contracts:order')
  @Mutation(() => CancelRenewalResult, { description: 'The buyer has a licence end with the period, or the trial, that runs: nothing is charged after it. Until then it delivers.' })
  cancelRenewal(@CurrentActor() actor: Actor, @Args('input') input: CancelRenewalInput): Promise<object> {
    return this.cancellation.execute(actor, input);
  }
}
