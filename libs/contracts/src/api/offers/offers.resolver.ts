import { Args, ArgsType, Field, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor, permits } from '#identity';
import { type ConnectionOf, invalid, isRefused, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import type { OfferState } from '../../domain/licence-state.js';
import { CreateOffer } from '../../use-cases/offers/create-offer.js';
import { ShowOffers } from '../../use-cases/offers/show-offers.js';
import { WithdrawOffer } from '../../use-cases/offers/withdraw-offer.js';
import { CreateOfferInput, QuoteInput, WithdrawOfferInput } from './offers.inputs.js';
import { toTermsDraft } from '../terms/terms.mapping.js';
import { showOffer, showQuote, toOfferType, toPlans } from './offers.mapping.js';
import { CreateOfferResult, Offer, OfferConnection, OfferStateEnum, QuoteResult, WithdrawOfferResult } from './offers.types.js';

@ArgsType()
class OffersArgs extends PageArgs {
  @IsOptional() @IsIn(Object.values(OfferStateEnum)) @Field(() => OfferStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: OfferState | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those on this product alone.' }) productId?: string | null;
}
@ArgsType()
class OffersToMeArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those on this product alone.' }) productId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those of this vendor alone.' }) vendorId?: string | null;
}

@Resolver(() => Offer)
@Authenticated()
export class OffersResolver {
  constructor(private readonly shown: ShowOffers, private readonly creation: CreateOffer, private readonly withdrawal: WithdrawOffer) {}

  @Asks('AUTHENTICATED', 'contracts:offer', 'contracts:read', 'oversight:read')
  @Query(() => Offer, { nullable: true, description: 'An offer that can be taken, for those to whom it is made; others for their vendor and for staff.' })
  async offer(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<Offer | null> {
    const found = await this.shown.offerFor(actor, id);
    return found && toOfferType(found, found.vendorId === actor.tenantId || permits(actor, 'oversight:read'));
  }

  @Asks('AUTHENTICATED', 'contracts:offer', 'contracts:read', 'oversight:read')
  @Query(() => QuoteResult, { nullable: true, complexity: 50, description: 'What a plan of an offer comes to with so much use, line by line, net of tax. For whoever may see the offer; null for others. The same reckoning charges it.' })
  async quote(@CurrentActor() actor: Actor, @Args('input') { offerId, planId, usage, periods }: QuoteInput): Promise<object | null> {
    if (new Set(usage?.map((u) => u.meter)).size < (usage ?? []).length) return invalid(CONTRACTS_ERRORS.QUOTE, 'usage', 'each meter once');
    const quoted = await this.shown.quoteFor(actor, { offerId, planId: planId ?? null, usage: new Map((usage ?? []).map((u) => [u.meter, BigInt(u.quantity)])), periods: periods ?? 1 });
    return quoted && showQuote(quoted);
  }

  @Asks('contracts:read')
  @Query(() => OfferConnection, { nullable: true, complexity: pageCost, description: "The caller's own offers, newest first." })
  async offers(@CurrentActor() actor: Actor, @Args() { first, after, state, productId }: OffersArgs): Promise<ConnectionOf<Offer> | null> {
    const found = await this.shown.ofVendor(actor, { state: state ?? null, productId: productId ?? null }, pageRequest(first, after, 1));
    return found && toConnection(found, (o) => toOfferType(o, true));
  }

  @Asks('contracts:read')
  @Query(() => OfferConnection, { nullable: true, complexity: pageCost, description: "Offers that others make to the caller's organisation by name and that can be taken now, newest first." })
  async offersToMe(@CurrentActor() actor: Actor, @Args() { first, after, productId, vendorId }: OffersToMeArgs): Promise<ConnectionOf<Offer> | null> {
    const found = await this.shown.madeTo(actor, { productId: productId ?? null, vendorId: vendorId ?? null }, pageRequest(first, after, 1));
    return found && toConnection(found, (o) => toOfferType(o));
  }

  @Asks('contracts:offer')
  @Mutation(() => CreateOfferResult, { description: 'Puts prices and terms on a listed product, for everybody or for organisations that it names. Where the caller may bind his organisation only with a second, the offer waits for `signOffer`.' })
  async createOffer(@CurrentActor() actor: Actor, @Args('input') input: CreateOfferInput): Promise<object> {
    const plans = toPlans(input.plans);
    if (isRefused(plans)) return plans;
    return showOffer(await this.creation.execute(actor, { ...input, plans: plans as Exclude<typeof plans, { refused: true }>, terms: toTermsDraft(input.terms), forOrganisations: input.forOrganisations ?? [], validUntil: input.validUntil ?? null }));
  }

  @Asks('contracts:offer')
  @Mutation(() => WithdrawOfferResult, { description: 'Ends an offer; what was agreed stays.' })
  async withdrawOffer(@CurrentActor() actor: Actor, @Args('input') input: WithdrawOfferInput): Promise<object> {
    return showOffer(await this.withdrawal.execute(actor, input));
  }
}
