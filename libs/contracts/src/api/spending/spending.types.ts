import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsUUID, Matches } from 'class-validator';
import { connectionType, enumOf, MoneyType, resultUnion } from '#shared';
import { CAP_PERIODS, type CapPeriod } from '../../domain/spending/spending.js';

export const CapPeriodEnum = enumOf(CAP_PERIODS);
registerEnumType(CapPeriodEnum, { name: 'SpendingPeriod', description: 'MONTH: the calendar month in UTC. LICENCE_PERIOD: the period of the licence’s plan; its whole term where it has none.' });

@InputType()
export class SetSpendingCapInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation.' }) licenceId: string;
  @Matches(/^[1-9]\d{0,14}$/) @Field(() => String, { description: 'Minor units, net of tax: everything that the licence is charged in the period, paid in advance and used.' }) amountMinor: string;
  @Matches(/^[A-Z]{3}$/) @Field(() => String, { description: 'That of the licence’s plan, ISO 4217.' }) currency: string;
  @IsIn(CAP_PERIODS) @Field(() => CapPeriodEnum, { description: 'In which period.' }) period: CapPeriod;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether downloads that would cost more are refused; where not, you are only told at 50, 80 and 100 percent.' }) hard: boolean;
}

@InputType()
export class LiftSpendingCapInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation that has a cap.' }) licenceId: string;
}

@ObjectType({ description: 'What a buyer means to spend on a licence in a period at the most. The vendor does not see it.' })
export class SpendingCap {
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => MoneyType, { description: 'Net of tax.' }) amount: MoneyType;
  @Field(() => CapPeriodEnum, { description: 'In which period.' }) period: string;
  @Field(() => Boolean, { description: 'Whether it refuses; where not, it is only told.' }) hard: boolean;
  @Field(() => Date, { description: 'Since when.' }) setAt: Date;
}

export const SpendingCapConnection = connectionType(SpendingCap, 'SpendingCap');
export const SetSpendingCapResult = resultUnion('SetSpendingCapResult', () => SpendingCap);
export const LiftSpendingCapResult = resultUnion('LiftSpendingCapResult', () => SpendingCap);
