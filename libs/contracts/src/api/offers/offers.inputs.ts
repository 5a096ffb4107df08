import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsIn, IsInt, IsOptional, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { METERS } from '../../domain/pricing/meters.js';
import { MAX_NAMED, MAX_PLANS } from '../../domain/pricing/offer.js';
import { USAGE_MODELS } from '../../domain/pricing/price-plan.js';
import { LicenceTermsInput } from '../terms/terms.types.js';
import { ComponentKindEnum, MeterEnum, UsageModelEnum } from './offers.types.js';

const MINOR = /^(0|[1-9]\d{0,14})$/;
const WHOLE = /^(0|[1-9]\d{0,15})$/;
const PRICE = /^(0|[1-9]\d{0,14})(\.\d{1,12})?$/;
const DURATION = /^P[0-9DWMY]{2,12}$/;
export const PURPOSE = /^[A-Z][A-Z_]{2,39}$/;

@InputType()
export class PriceTierInput {
  @IsOptional() @Matches(WHOLE) @Field(() => String, { nullable: true, description: 'Its last charged unit of a period; left out in the last tier, which is open.' }) upTo?: string | null;
  @Matches(PRICE) @Field(() => String, { description: 'Major units such as 0.25, of one unit or of one package, net of tax.' }) unitPrice: string;
  @IsOptional() @Matches(MINOR) @Field(() => String, { nullable: true, description: 'Minor units, once in a period that reaches the tier; `0` where left out.' }) flatFeeMinor?: string | null;
}

@InputType()
export class PriceComponentInput {
  @IsIn(Object.values(ComponentKindEnum)) @Field(() => ComponentKindEnum, { description: 'When it is charged.' }) kind: 'ONE_OFF' | 'RECURRING' | 'USAGE';
  @IsPlainText() @Length(1, 80) @Field(() => String, { description: 'What it is for, as buyers and invoices read it.' }) label: string;
  @IsOptional() @Matches(MINOR) @Field(() => String, { nullable: true, description: 'Of ONE_OFF and RECURRING: minor units, net of tax.' }) amountMinor?: string | null;
  @IsOptional() @IsIn(METERS) @Field(() => MeterEnum, { nullable: true, description: 'Of USAGE: what is counted.' }) meter?: (typeof METERS)[number] | null;
  @IsOptional() @IsIn(USAGE_MODELS) @Field(() => UsageModelEnum, { nullable: true, description: 'Of USAGE; FLAT where left out.' }) model?: (typeof USAGE_MODELS)[number] | null;
  @IsOptional() @ArrayMaxSize(100) @ValidateNested() @Type(() => PriceTierInput) @Field(() => [PriceTierInput], { nullable: true, description: 'Of USAGE: ascending, the last one open.' }) tiers?: PriceTierInput[] | null;
  @IsOptional() @Matches(WHOLE) @Field(() => String, { nullable: true, description: 'Of USAGE by PACKAGE: units of a package.' }) packageSize?: string | null;
  @IsOptional() @Matches(WHOLE) @Field(() => String, { nullable: true, description: 'Of USAGE: units of each period that cost nothing; `0` where left out.' }) freeQuota?: string | null;
}

@InputType()
export class MeterQuantityInput {
  @IsIn(METERS) @Field(() => MeterEnum, { description: 'What is counted.' }) meter: (typeof METERS)[number];
  @Matches(WHOLE) @Field(() => String, { description: 'How many, a whole number.' }) quantity: string;
}

@InputType()
export class PlanTrialInput {
  @Matches(DURATION) @Field(() => String, { description: 'Days or weeks of ISO 8601, such as P14D.' }) duration: string;
  @IsOptional() @ArrayMaxSize(METERS.length) @ValidateNested() @Type(() => MeterQuantityInput) @Field(() => [MeterQuantityInput], { nullable: true, description: 'What can be used in it, where that is limited.' }) quotas?: MeterQuantityInput[] | null;
}

@InputType()
export class PricePlanInput {
  @IsPlainText() @Length(1, 80) @Field(() => String, { description: 'Its name.' }) label: string;
  @Matches(/^[A-Z]{3}$/) @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Matches(DURATION) @Field(() => String, { description: 'How long the licence lasts, ISO 8601: P30D, P1M, P1Y.' }) duration: string;
  @IsOptional() @Matches(DURATION) @Field(() => String, { nullable: true, description: 'What it renews by, ISO 8601, a whole number of times in the duration. Left out: one fixed term.' }) period?: string | null;
  @ArrayMaxSize(20) @ValidateNested() @Type(() => PriceComponentInput) @Field(() => [PriceComponentInput], { description: 'What it is made of; empty where it is free.' }) components: PriceComponentInput[];
  @IsOptional() @Matches(MINOR) @Field(() => String, { nullable: true, description: 'Minor units: recurring and used together come to so much in each period, or the rest is charged when it closes.' }) minimumCommitmentMinor?: string | null;
  @IsOptional() @ValidateNested() @Type(() => PlanTrialInput) @Field(() => PlanTrialInput, { nullable: true, description: 'Free days before the first period.' }) trial?: PlanTrialInput | null;
  @IsOptional() @ArrayMaxSize(METERS.length) @ValidateNested() @Type(() => MeterQuantityInput) @Field(() => [MeterQuantityInput], { nullable: true, description: 'What can be used in each period at the most: downloads beyond it are refused, of what you report both sides are told at 50, 80 and 100 percent. Left out: not limited.' }) quotas?: MeterQuantityInput[] | null;
}

@InputType()
export class CreateOfferInput {
  @IsUUID() @Field(() => ID, { description: 'A listed product of your own.' }) productId: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @ArrayMinSize(1) @ArrayMaxSize(MAX_PLANS) @ValidateNested() @Type(() => PricePlanInput) @Field(() => [PricePlanInput], { description: 'Durations and currencies to choose from.' }) plans: PricePlanInput[];
  @ArrayMinSize(1) @ArrayMaxSize(20) @Matches(PURPOSE, { each: true }) @Field(() => [String], { description: 'Purposes that the licence allows, such as RESEARCH.' }) purposes: string[];
  @ArrayMinSize(1) @ArrayMaxSize(250) @Matches(/^[A-Z]{2}$/, { each: true }) @Field(() => [String], { description: 'Countries the data may go to, ISO 3166-1 alpha-2.' }) destinations: string[];
  @IsOptional() @ValidateNested() @Type(() => LicenceTermsInput) @Field(() => LicenceTermsInput, { nullable: true, description: 'What the licensee may do with the data; own use for these purposes in these countries, and nothing else, where left out.' }) terms?: LicenceTermsInput | null;
  @IsOptional() @ArrayMaxSize(MAX_NAMED) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: 'The organisations to whom it is made, and nobody else; then it ends. Left out: everybody.' }) forOrganisations?: string[] | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Until when the offer can be taken.' }) validUntil?: Date | null;
}

@InputType()
export class WithdrawOfferInput {
  @IsUUID() @Field(() => ID, { description: 'An offer of your own.' }) offerId: string;
}

@InputType()
export class QuoteInput {
  @IsUUID() @Field(() => ID, { description: 'An offer that you may see.' }) offerId: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'One of its plans; may be left out where it has one.' }) planId?: string | null;
  @IsOptional() @ArrayMaxSize(METERS.length) @ValidateNested() @Type(() => MeterQuantityInput) @Field(() => [MeterQuantityInput], { nullable: true, description: 'What is used in each period.' }) usage?: MeterQuantityInput[] | null;
  @IsOptional() @IsInt() @Min(1) @Max(120) @Field(() => Int, { nullable: true, description: 'Over how many periods; 1 where left out.' }) periods?: number | null;
}
