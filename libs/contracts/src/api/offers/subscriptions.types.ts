import { Field, ObjectType } from '@nestjs/graphql';
import { resultUnion } from '#shared';
import { Licence } from '../contracts.types.js';
import { Offer, PricePlan } from './offers.types.js';

@ObjectType({ description: 'Another plan that takes the place of the one by which a licence is charged.' })
export class PriceChange {
  @Field(() => PricePlan, { description: 'The new plan.' }) plan: PricePlan;
  @Field(() => Date, { description: 'The first period that begins then or later is charged by it.' }) effectiveOn: Date;
  @Field(() => Date, { description: 'When its buyer was told.' }) announcedAt: Date;
}

export const CancelRenewalResult = resultUnion('CancelRenewalResult', () => Licence);
export const ChangePriceResult = resultUnion('ChangePriceResult', () => Offer);
