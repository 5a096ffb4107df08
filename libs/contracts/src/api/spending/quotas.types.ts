import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsUUID, Matches } from 'class-validator';
import { enumOf, resultUnion } from '#shared';
import { type Meter, METERS } from '../../domain/pricing/meters.js';
import { CAP_PERIODS, type CapPeriod } from '../../domain/spending/spending.js';
import { MeterEnum } from '../offers/offers.types.js';
import { CapPeriodEnum } from './spending.types.js';

export const QuotaSideEnum = enumOf(['VENDOR', 'BUYER'] as const);
registerEnumType(QuotaSideEnum, { name: 'QuotaSide', description: 'VENDOR: agreed with the plan. BUYER: set by the buyer himself.' });

@InputType()
export class SetUsageQuotaInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation.' }) licenceId: string;
  @IsIn(METERS) @Field(() => MeterEnum, { description: 'What is counted; of each meter a licence has one quota of yours.' }) meter: Meter;
  @Matches(/^[1-9]\d{0,17}$/) @Field(() => String, { description: 'How many, a whole number.' }) quantity: string;
  @IsIn(CAP_PERIODS) @Field(() => CapPeriodEnum, { description: 'In which period.' }) period: CapPeriod;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether downloads beyond it are refused; where not, you are only told at 50, 80 and 100 percent. What vendors report has been used: it counts, and you are told.' }) hard: boolean;
}

@InputType()
export class LiftUsageQuotaInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation.' }) licenceId: string;
  @IsIn(METERS) @Field(() => MeterEnum, { description: 'Of which meter.' }) meter: Meter;
}

@ObjectType({ description: 'How much of a meter may be used under a licence in a period.' })
export class UsageQuota {
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => QuotaSideEnum, { description: 'Whose it is.' }) side: string;
  @Field(() => MeterEnum, { description: 'What is counted.' }) meter: string;
  @Field(() => String, { description: 'How many, a whole number.' }) quantity: string;
  @Field(() => CapPeriodEnum, { description: 'In which period.' }) period: string;
  @Field(() => Boolean, { description: 'Whether it refuses; where not, it is only told.' }) hard: boolean;
  @Field(() => Date, { description: 'Since when.' }) setAt: Date;
}

export const SetUsageQuotaResult = resultUnion('SetUsageQuotaResult', () => UsageQuota);
export const LiftUsageQuotaResult = resultUnion('LiftUsageQuotaResult', () => UsageQuota);
