import { Field, ObjectType } from '@nestjs/graphql';
import { formatMoney, type Money } from '../money.js';

@ObjectType('Money', { description: 'An exact amount: minor units as a decimal string (a bigint does not fit JSON) and the ISO 4217 code.' })
export class MoneyType {
  @Field(() => String, { description: 'Minor units, for example cents; for JPY the yen itself.' }) minor: string;
  @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Field(() => String, { description: 'For people, for example `SGD 1,234.50`.' }) formatted: string;
}

export const toMoneyType = (amount: Money): MoneyType => ({
  minor: amount.minor.toString(), currency: amount.currency,
  // Written only where it is asked for.
  get formatted() { return formatMoney(amount); },
});
