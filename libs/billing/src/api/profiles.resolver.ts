import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type BillingProfile as Profile, PROFILE_FIELDS } from '../domain/billing-profile.js';
import { SetBillingProfile } from '../use-cases/set-billing-profile.js';
import { BillingProfile, SetBillingProfileInput, SetBillingProfileResult } from './profiles.types.js';

@Resolver()
@Authenticated()
export class ProfilesResolver {
  constructor(private readonly profiles: SetBillingProfile) {}

  @Asks('billing:read')
  @Query(() => BillingProfile, { nullable: true, description: "What invoices say of the caller's organisation; null before it said anything." })
  billingProfile(@CurrentActor() actor: Actor): Promise<Profile | null> {
    return this.profiles.read(actor);
  }

  @Asks('billing:declare-tax')
  @Mutation(() => SetBillingProfileResult, { description: 'Says as a whole what invoices issued from now on say of the own organisation; what is left out is nothing.' })
  setBillingProfile(@CurrentActor() actor: Actor, @Args('input') input: SetBillingProfileInput): Promise<object> {
    return this.profiles.execute(actor, Object.fromEntries(PROFILE_FIELDS.map((field) => [field, input[field] ?? null])) as unknown as Profile);
  }
}
