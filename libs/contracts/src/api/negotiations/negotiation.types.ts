import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsOptional, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { connectionType, enumOf, IsPlainText, LIMITS, resultUnion } from '#shared';
import { ANSWER_DAYS, MOST_ANSWER_DAYS, NEGOTIATION_STATES } from '../../domain/negotiation/negotiation.js';
import { PricePlanInput, PURPOSE } from '../offers/offers.inputs.js';
import { LicenceTerms, LicenceTermsInput } from '../terms/terms.types.js';

export const NegotiationStateEnum = enumOf(NEGOTIATION_STATES);
const PartyEnum = enumOf(['CONSUMER', 'PROVIDER'] as const);
const EventEnum = enumOf(['REQUEST', 'OFFER', 'ACCEPT', 'AGREE', 'VERIFY', 'FINALIZE', 'TERMINATE'] as const);
registerEnumType(NegotiationStateEnum, {
  name: 'NegotiationState', description: 'As in the Dataspace Protocol 2025-1.',
  valuesMap: {
    REQUESTED: { description: 'The buyer proposed: the vendor answers.' }, OFFERED: { description: 'The vendor proposed: the buyer answers.' }, ACCEPTED: { description: 'The buyer accepted: the vendor agrees.' },
    AGREED: { description: 'What is agreed is an offer to the buyer alone, `offerId`: he signs it by ordering it.' }, VERIFIED: { description: 'Ordered; a second signature or a clearance is waited for.' },
    FINALIZED: { description: 'The agreement is concluded.' }, TERMINATED: { description: 'One side ended it, or nobody answered in time.' },
  },
});
registerEnumType(PartyEnum, { name: 'NegotiationParty', description: 'CONSUMER licenses the data, PROVIDER gives it.' });
registerEnumType(EventEnum, { name: 'NegotiationEvent', description: 'What a message of a negotiation does.' });

@InputType()
export class ProposalInput {
  @ValidateNested() @Type(() => PricePlanInput) @Field(() => PricePlanInput, { description: 'What it costs and for how long.' }) plan: PricePlanInput;
  @ArrayMinSize(1) @ArrayMaxSize(20) @Matches(PURPOSE, { each: true }) @Field(() => [String], { description: 'Purposes, such as RESEARCH.' }) purposes: string[];
  @ArrayMinSize(1) @ArrayMaxSize(250) @Matches(/^[A-Z]{2}$/, { each: true }) @Field(() => [String], { description: 'Countries the data may go to, ISO 3166-1 alpha-2.' }) destinations: string[];
  @IsOptional() @ValidateNested() @Type(() => LicenceTermsInput) @Field(() => LicenceTermsInput, { nullable: true, description: 'What the licensee may do with the data; own use where left out.' }) terms?: LicenceTermsInput | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'A running agreement of both sides about the product, which ends when the one that is negotiated begins.' }) replacesAgreementId?: string | null;
}

@InputType()
export class BeginNegotiationInput {
  @IsUUID() @Field(() => ID, { description: 'A listed product: of another vendor, or of your own.' }) productId: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'On a product of your own: to whom you offer it.' }) buyerId?: string | null;
  @ValidateNested() @Type(() => ProposalInput) @Field(() => ProposalInput, { description: 'What you propose.' }) proposal: ProposalInput;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { nullable: true, description: 'The other side reads it.' }) text?: string | null;
  @IsOptional() @IsInt() @Min(1) @Max(MOST_ANSWER_DAYS) @Field(() => Int, { nullable: true, description: `Days that the other side has to answer, ${ANSWER_DAYS} where left out; then it ends.` }) answerDays?: number | null;
}

@InputType()
export class AcceptNegotiationInput {
  @IsUUID() @Field(() => ID, { description: 'A negotiation that you are a side of.' }) negotiationId: string;
  @IsInt() @Min(1) @Field(() => Int, { description: 'The number of the last message that you have seen: of two answers to one message the second is refused.' }) inReplyTo: number;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { nullable: true, description: 'The other side reads it.' }) text?: string | null;
  @IsOptional() @IsInt() @Min(1) @Max(MOST_ANSWER_DAYS) @Field(() => Int, { nullable: true, description: 'Days that the other side has from here on.' }) answerDays?: number | null;
}
@InputType()
export class AgreeNegotiationInput extends AcceptNegotiationInput {}
@InputType()
export class CounterNegotiationInput extends AcceptNegotiationInput {
  @ValidateNested() @Type(() => ProposalInput) @Field(() => ProposalInput, { description: 'What you propose instead.' }) proposal: ProposalInput;
}
@InputType()
export class TerminateNegotiationInput {
  @IsUUID() @Field(() => ID, { description: 'A negotiation that you are a side of.' }) negotiationId: string;
  @IsInt() @Min(1) @Field(() => Int, { description: 'The number of the last message that you have seen.' }) inReplyTo: number;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why; the other side reads it.' }) text: string;
}

@ObjectType({ description: 'One plan with its terms, as one side proposes it.' })
export class Proposal {
  @Field(() => String, { description: 'The plan as JSON text, in the form of an offer’s plans.' }) plan: string;
  @Field(() => [String], { description: 'Purposes.' }) purposes: readonly string[];
  @Field(() => [String], { description: 'Countries, ISO 3166-1 alpha-2.' }) destinations: readonly string[];
  @Field(() => LicenceTerms, { description: 'What the licensee may do with the data.' }) terms: LicenceTerms;
  @Field(() => ID, { nullable: true, description: 'The agreement that ends when this begins.' }) replacesAgreementId?: string | null;
}

@ObjectType({ description: 'A message of a negotiation. It never changes.' })
export class NegotiationMessage {
  @Field(() => Int, { description: 'From 1, without gap.' }) number: number;
  @Field(() => PartyEnum, { nullable: true, description: 'Who sent it; null: the exchange.' }) party?: string | null;
  @Field(() => EventEnum, { description: 'What it does.' }) event: string;
  @Field(() => NegotiationStateEnum, { description: 'How the negotiation stood after it.' }) state: string;
  @Field(() => Proposal, { nullable: true, description: 'What it proposes; null where it proposes nothing new.' }) proposal?: Proposal | null;
  @Field(() => String, { nullable: true, description: 'In words.' }) text?: string | null;
  @Field(() => Date, { description: 'When.' }) sentAt: Date;
}

@ObjectType({ description: 'A licence that two organisations negotiate about.' })
export class Negotiation {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => ID, { description: 'Who gives the data.' }) vendorId: string;
  @Field(() => ID, { description: 'Who licenses it.' }) buyerId: string;
  @Field(() => NegotiationStateEnum, { description: 'How it stands.' }) state: string;
  @Field(() => Proposal, { description: 'What lies on the table.' }) proposal: Proposal;
  @Field(() => Int, { description: 'How many messages there are: the number of the last.' }) messageCount: number;
  @Field(() => [EventEnum], { description: 'What the caller may do now.' }) possibleEvents: readonly string[];
  @Field(() => Date, { description: 'By when it is to be answered.' }) expiresAt: Date;
  @Field(() => ID, { nullable: true, description: 'What was agreed, as an offer to the buyer alone.' }) offerId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The agreement that came of it.' }) agreementId?: string | null;
  @Field(() => Date, { description: 'When it began.' }) createdAt: Date;
}

export const NegotiationConnection = connectionType(Negotiation, 'Negotiation');
export const NegotiationMessageConnection = connectionType(NegotiationMessage, 'NegotiationMessage');
export const BeginNegotiationResult = resultUnion('BeginNegotiationResult', () => Negotiation);
export const CounterNegotiationResult = resultUnion('CounterNegotiationResult', () => Negotiation);
export const AcceptNegotiationResult = resultUnion('AcceptNegotiationResult', () => Negotiation);
export const AgreeNegotiationResult = resultUnion('AgreeNegotiationResult', () => Negotiation);
export const TerminateNegotiationResult = resultUnion('TerminateNegotiationResult', () => Negotiation);
