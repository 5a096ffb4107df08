import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { EndUseInput } from '#compliance';
import { IsPlainText, LIMITS } from '#shared';
import { PURPOSE } from './offers/offers.inputs.js';

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
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'One of its plans; may be left out where it has one.' }) planId?: string | null;
  @Matches(PURPOSE) @Field(() => String, { description: "One of the offer's purposes." }) purpose: string;
  @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: "One of the offer's destinations, ISO 3166-1 alpha-2." }) destination: string;
  @IsOptional() @ValidateNested() @Type(() => EndUseInput) @Field(() => EndUseInput, { nullable: true, description: 'Who else uses the data and whether it is passed on, for the same purpose and destination. Left out, the buyer declares that nobody else uses it and that it is not passed on.' }) endUse?: EndUseInput | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'A running agreement of your organisation with the same vendor about the same product: the new one goes on when its licence ends, without a gap where it is paid by then.' }) renewsAgreementId?: string | null;
}
