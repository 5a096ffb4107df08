import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor, organisationOf, permits } from '#identity';
import { canonicalJson, type ConnectionOf, type InvalidInput, isRefused, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { type NegotiationState, possibleEvents, type Proposal } from '../../domain/negotiation/negotiation.js';
import { type Negotiation, type NegotiationMessage, NegotiationRepository } from '../../storage/negotiation.repository.js';
import { type OfferSigning, OfferSigningRepository } from '../../storage/offer-signing.repository.js';
import { BeginNegotiation } from '../../use-cases/negotiations/begin-negotiation.js';
import { Negotiate } from '../../use-cases/negotiations/negotiate.js';
import type { ProposalDraft } from '../../use-cases/negotiations/read-proposal.js';
import { toPlans } from '../offers/offers.mapping.js';
import { toTermsDraft, toTermsType } from '../terms/terms.mapping.js';
import * as T from './negotiation.types.js';

@ArgsType()
class NegotiationsArgs extends PageArgs {
  @IsOptional() @IsIn(Object.values(T.NegotiationStateEnum)) @Field(() => T.NegotiationStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: NegotiationState | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those about this product alone.' }) productId?: string | null;
}

@Resolver(() => T.Negotiation)
@Authenticated()
export class NegotiationResolver {
  constructor(private readonly repository: NegotiationRepository, private readonly beginning: BeginNegotiation, private readonly answering: Negotiate, private readonly signings: OfferSigningRepository) {}

  @Asks('contracts:read')
  @Query(() => T.Negotiation, { nullable: true, description: 'A negotiation, for its two sides.' })
  async negotiation(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<T.Negotiation | null> {
    const found = permits(actor, 'contracts:read') ? await this.repository.byId(id) : null;
    return found && [found.vendorId, found.buyerId].includes(organisationOf(actor)) ? toType(actor, found) : null;
  }

  @Asks('contracts:read')
  @Query(() => T.NegotiationConnection, { nullable: true, complexity: pageCost, description: "The caller's negotiations, on either side, newest first." })
  async negotiations(@CurrentActor() actor: Actor, @Args() { first, after, state, productId }: NegotiationsArgs): Promise<ConnectionOf<T.Negotiation> | null> {
    if (!permits(actor, 'contracts:read')) return null;
    return toConnection(await this.repository.page(organisationOf(actor), { state: state ?? null, productId: productId ?? null }, pageRequest(first, after, 1)), (n) => toType(actor, n));
  }

  @ResolveField('offerToSignId', () => ID, { nullable: true, complexity: 5, description: 'The offer by which its vendor agrees once somebody signs it second; for the vendor alone.' })
  async offerToSign(@CurrentActor() actor: Actor, @Parent() { id, vendorId }: T.Negotiation, @Context() context: LoaderHolder): Promise<string | null> {
    if (vendorId !== organisationOf(actor)) return null;
    return (await loader<OfferSigning>(context, 'contracts.negotiation-offers-to-sign', (ids) => this.signings.ofNegotiations(ids)).load(id))?.offerId ?? null;
  }

  @ResolveField(() => T.NegotiationMessageConnection, { complexity: pageCost, description: 'Everything that was said, oldest first.' })
  async messages(@Parent() { id }: T.Negotiation, @Args() page: PageArgs): Promise<ConnectionOf<T.NegotiationMessage>> {
    return toConnection(await this.repository.messages(id, pageRequest(page.first, page.after, 1)), toMessage);
  }

  @Asks('contracts:order', 'contracts:offer')
  @Mutation(() => T.BeginNegotiationResult, { description: 'A buyer asks for a licence on terms of his own, or a vendor makes an offer to one organisation that is open to answers.' })
  async beginNegotiation(@CurrentActor() actor: Actor, @Args('input') input: T.BeginNegotiationInput): Promise<object> {
    const proposal = toDraft(input.proposal);
    if (isRefused(proposal)) return proposal;
    return show(actor, await this.beginning.execute(actor, { productId: input.productId, buyerId: input.buyerId ?? null, proposal: proposal as ProposalDraft, text: input.text ?? null, answerDays: input.answerDays ?? null }));
  }

  @Asks('contracts:negotiate')
  @Mutation(() => T.CounterNegotiationResult, { description: 'Proposes something else: the vendor to a request, the buyer to an offer.' })
  async counterNegotiation(@CurrentActor() actor: Actor, @Args('input') input: T.CounterNegotiationInput): Promise<object> {
    const proposal = toDraft(input.proposal);
    return isRefused(proposal) ? proposal : show(actor, await this.answering.counter(actor, { ...said(input), proposal: proposal as ProposalDraft }));
  }

  @Asks('contracts:negotiate')
  @Mutation(() => T.AcceptNegotiationResult, { description: 'The buyer accepts what the vendor offered.' })
  async acceptNegotiation(@CurrentActor() actor: Actor, @Args('input') input: T.AcceptNegotiationInput): Promise<object> {
    return show(actor, await this.answering.accept(actor, said(input)));
  }

  @Asks('contracts:negotiate')
  @Mutation(() => T.AgreeNegotiationResult, { description: 'The vendor agrees to what lies on the table and signs for it: it becomes an offer to the buyer alone, who signs by ordering it. Where whoever agrees needs a second, it stays as it is until `signOffer`.' })
  async agreeNegotiation(@CurrentActor() actor: Actor, @Args('input') input: T.AgreeNegotiationInput): Promise<object> {
    return show(actor, await this.answering.agree(actor, said(input)));
  }

  @Asks('contracts:negotiate')
  @Mutation(() => T.TerminateNegotiationResult, { description: 'Ends it without an agreement.' })
  async terminateNegotiation(@CurrentActor() actor: Actor, @Args('input') input: T.TerminateNegotiationInput): Promise<object> {
    return show(actor, await this.answering.terminate(actor, { ...input, answerDays: null }));
  }
}

const said = ({ negotiationId, inReplyTo, text, answerDays }: T.AcceptNegotiationInput) => ({ negotiationId, inReplyTo, text: text ?? null, answerDays: answerDays ?? null });
function toDraft({ plan, purposes, destinations, terms, replacesAgreementId }: T.ProposalInput): ProposalDraft | InvalidInput {
  const plans = toPlans([plan]);
  return isRefused(plans) ? (plans as InvalidInput) : { plan: (plans as ProposalDraft['plan'][])[0]!, purposes, destinations, terms: toTermsDraft(terms), replacesAgreementId: replacesAgreementId ?? null };
}
const toProposal = ({ plan, purposes, destinations, terms, replacesAgreementId }: Proposal): T.Proposal => ({ plan: canonicalJson(plan), purposes, destinations, terms: toTermsType(terms), replacesAgreementId: replacesAgreementId ?? null });
const toMessage = (m: NegotiationMessage): T.NegotiationMessage => ({ ...m, event: m.event.toUpperCase(), proposal: m.proposal && toProposal(m.proposal) });
const toType = (actor: Actor, { messages, proposal, ...n }: Negotiation): T.Negotiation => ({
  ...n, proposal: toProposal(proposal), messageCount: messages, possibleEvents: possibleEvents(n.state, organisationOf(actor) === n.buyerId ? 'CONSUMER' : 'PROVIDER').map((e) => e.toUpperCase()),
});
const show = (actor: Actor, result: Negotiation | { refused: true }): object => (isRefused(result) ? result : toType(actor, result as Negotiation));
