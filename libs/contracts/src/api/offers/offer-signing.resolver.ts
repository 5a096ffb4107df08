import { Args, Context, Field, ID, InputType, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { IsUUID, Length } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { IsPlainText, LIMITS, loader, type LoaderHolder, resultUnion } from '#shared';
import { type OfferSigning as Stored, OfferSigningRepository } from '../../storage/offer-signing.repository.js';
import { RejectOffer } from '../../use-cases/offers/reject-offer.js';
import { SignOffer } from '../../use-cases/offers/sign-offer.js';
import { showOffer } from './offers.mapping.js';
import { Offer } from './offers.types.js';

@InputType()
export class SignOfferInput {
  @IsUUID() @Field(() => ID, { description: 'An offer of your organisation that waits for its second signature.' }) offerId: string;
}
@InputType()
export class RejectOfferInput {
  @IsUUID() @Field(() => ID, { description: 'An offer of your organisation that waits for its second signature.' }) offerId: string;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@ObjectType({ description: 'That an offer waits, or waited, for a second signature of its vendor, and what takes effect with it besides its terms.' })
export class OfferSigning {
  @Field(() => ID, { description: 'The member who drew it up and signed first.' }) requestedBy: string;
  @Field(() => Date, { description: 'When.' }) requestedAt: Date;
  @Field(() => Date, { description: 'By when another holder of a mandate signs it; then it has lapsed.' }) expiresAt: Date;
  @Field(() => [[ID]], { description: 'Of a change of prices: which plans under running licences each plan of the offer replaces, in their order.' }) replaces: readonly (readonly string[])[];
  @Field(() => Date, { nullable: true, description: 'Of a change of prices: from when those licences are charged by the new plans. Their buyers are told with the second signature, which comes 30 days before at the latest.' }) subscribersFrom?: Date | null;
  @Field(() => ID, { nullable: true, description: 'The negotiation that it agrees to.' }) negotiationId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The member who signed second, or rejected it.' }) closedBy?: string | null;
  @Field(() => Date, { nullable: true, description: 'When it ceased to wait.' }) closedAt?: Date | null;
}
const SignOfferResult = resultUnion('SignOfferResult', () => Offer);
const RejectOfferResult = resultUnion('RejectOfferResult', () => Offer);

/** Where one alone cannot bind the vendor. */
@Resolver(() => Offer)
@Authenticated()
export class OfferSigningResolver {
  constructor(private readonly signings: OfferSigningRepository, private readonly signature: SignOffer, private readonly rejection: RejectOffer) {}

  @ResolveField(() => OfferSigning, { nullable: true, complexity: 5, description: 'Its second signature, where it needs one or needed it; for its vendor alone.' })
  async signing(@CurrentActor() actor: Actor, @Parent() { id, vendorId }: Offer, @Context() context: LoaderHolder): Promise<OfferSigning | null> {
    return vendorId === actor.tenantId ? loader<Stored>(context, 'contracts.offer-signings', (ids) => this.signings.ofOffers(ids)).load(id) : null;
  }

  @Asks('contracts:sign-offer')
  @Mutation(() => SignOfferResult, { description: 'The second signature under an offer, of another holder of a mandate. It takes effect now: prices, what it replaces, and what it agrees to. Everything is looked at again as it stands.' })
  async signOffer(@CurrentActor() actor: Actor, @Args('input') input: SignOfferInput): Promise<object> {
    return showOffer(await this.signature.execute(actor, input));
  }

  @Asks('contracts:sign-offer')
  @Mutation(() => RejectOfferResult, { description: 'Ends an offer that waits for its second signature: by whoever makes offers, or could sign it.' })
  async rejectOffer(@CurrentActor() actor: Actor, @Args('input') input: RejectOfferInput): Promise<object> {
    return showOffer(await this.rejection.execute(actor, input));
  }
}
