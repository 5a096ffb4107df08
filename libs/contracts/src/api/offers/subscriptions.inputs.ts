import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsOptional, IsUUID, ValidateNested } from 'class-validator';
import { MAX_PLANS } from '../../domain/pricing/offer.js';
import { PricePlanInput } from './offers.inputs.js';

@InputType()
export class CancelRenewalInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation.' }) licenceId: string;
}

@InputType()
export class ChangedPlanInput {
  @ValidateNested() @Type(() => PricePlanInput) @Field(() => PricePlanInput, { description: 'The new plan.' }) plan: PricePlanInput;
  @IsOptional() @ArrayMaxSize(100) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: 'Plans of the offer before, or of those before it, whose licences come to be charged by this one: same currency, duration, period and meters.' }) replaces?: string[] | null;
}

@InputType()
export class ChangePriceInput {
  @IsUUID() @Field(() => ID, { description: 'An offer of your own that takes orders.' }) offerId: string;
  @ArrayMinSize(1) @ArrayMaxSize(MAX_PLANS) @ValidateNested() @Type(() => ChangedPlanInput) @Field(() => [ChangedPlanInput], { description: 'All plans of the offer that takes its place.' }) plans: ChangedPlanInput[];
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'When they hold for new orders; at once where left out.' }) effectiveOn?: Date | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'From when running licences are charged by what replaces their plan, 30 days from now at the earliest; never where left out.' }) subscribersFrom?: Date | null;
}
