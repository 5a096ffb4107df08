import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { EndUseInput } from '#compliance';
import { IsPlainText, LIMITS } from '#shared';

const PURPOSE = /^[A-Z][A-Z_]{2,39}$/;

@InputType()
export class CreateOfferInput {
  @IsUUID() @Field(() => ID, { description: 'A listed product of your own.' }) productId: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @Matches(/^[A-Z]{3}$/) @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Matches(/^[1-9]\d{0,14}$/) @Field(() => String, { description: 'Minor units, a decimal string; paid once before delivery, net of tax.' }) oneOffPriceMinor: string;
  @Matches(/^(0|[1-9]\d{0,14})(\.\d{1,12})?$/) @Field(() => String, { description: 'Major units, such as 0.25, for each completed download, net of tax; `0` when included.' }) perDownloadPrice: string;
  @IsInt() @Min(1) @Max(3660) @Field(() => Int, { description: 'How long the licence lasts.' }) licenceDays: number;
  @ArrayMinSize(1) @ArrayMaxSize(20) @Matches(PURPOSE, { each: true }) @Field(() => [String], { description: 'Purposes that the licence allows, such as RESEARCH.' }) purposes: string[];
  @ArrayMinSize(1) @ArrayMaxSize(250) @Matches(/^[A-Z]{2}$/, { each: true }) @Field(() => [String], { description: 'Countries the data may go to, ISO 3166-1 alpha-2.' }) destinations: string[];
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Until when the offer can be taken.' }) validUntil?: Date | null;
}

@InputType()
export class WithdrawOfferInput {
  @IsUUID() @Field(() => ID, { description: 'An offer of your own.' }) offerId: string;
}

@InputType()
export class SignOrderInput {
  @IsUUID() @Field(() => ID, { description: 'An order of your organisation that somebody else signed.' }) pendingOrderId: string;
}

@InputType()
export class RejectOrderInput {
  @IsUUID() @Field(() => ID, { description: 'An order of your organisation.' }) pendingOrderId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class SuspendLicenceInput {
  @IsUUID() @Field(() => ID, { description: 'A licence on a product of your own; staff: any.' }) licenceId: string;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Both sides read it.' }) reason: string;
}

@InputType()
export class ResumeLicenceInput extends SuspendLicenceInput {}

@InputType()
export class PlaceOrderInput {
  @IsUUID() @Field(() => ID, { description: 'The offer to take.' }) offerId: string;
  @Matches(PURPOSE) @Field(() => String, { description: "One of the offer's purposes." }) purpose: string;
  @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: "One of the offer's destinations, ISO 3166-1 alpha-2." }) destination: string;
  @IsOptional() @ValidateNested() @Type(() => EndUseInput) @Field(() => EndUseInput, { nullable: true, description: 'Who else uses the data and whether it is passed on, for the same purpose and destination. Left out, the buyer declares that nobody else uses it and that it is not passed on.' }) endUse?: EndUseInput | null;
}
