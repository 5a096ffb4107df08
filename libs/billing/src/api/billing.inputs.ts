import { Field, ID, InputType } from '@nestjs/graphql';
import { IsIn, IsString, IsUUID, Length } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { TAX_SCHEMES, type TaxScheme } from '../domain/tax-rules.js';
import { TaxSchemeEnum, TaxStatusEnum } from './billing.types.js';

@InputType()
export class PayTradeInput {
  @IsUUID() @Field(() => ID, { description: 'A trade of yours that awaits payment.' }) tradeId: string;
}

@InputType()
export class CallOffPurchaseInput {
  @IsUUID() @Field(() => ID, { description: 'A purchase of yours that awaits payment.' }) tradeId: string;
  @IsPlainText() @Length(3, 1_000) @Field(() => String, { description: 'Both sides read it.' }) reason: string;
}

@InputType()
export class CloseUsagePeriodInput {
  @IsUUID() @Field(() => ID, { description: 'The licence whose use is to be billed.' }) licenceId: string;
}

@InputType()
export class DeclareTaxInput {
  @IsIn(Object.keys(TAX_SCHEMES)) @Field(() => TaxSchemeEnum, { description: 'Which position; a scheme of the place where you are established.' }) scheme: TaxScheme;
  @IsIn(Object.values(TAX_SCHEMES).flat()) @Field(() => TaxStatusEnum, { description: 'What it is; a status of the scheme.' }) status: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What proves it: the certificate, the filing, its number and date.' }) evidence: string;
}
