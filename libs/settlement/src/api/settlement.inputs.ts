import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { IsPlainText, WindowArgs } from '#shared';
import { TRADE_KINDS, TRADE_STATES, type TradeKind, type TradeState } from '../domain/trade.js';
import type { TradeFilter } from '../storage/trade.repository.js';
import { TradeKindEnum, TradeSideEnum, TradeStateEnum } from './settlement.types.js';

@ArgsType()
export class TradesArgs extends WindowArgs {
  @IsOptional() @IsIn(['VENDOR', 'BUYER']) @Field(() => TradeSideEnum, { nullable: true, description: 'Those alone in which the caller has this side.' }) side?: 'VENDOR' | 'BUYER' | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those with this organisation alone; for staff: of it.' }) counterpartyId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those under this agreement alone.' }) agreementId?: string | null;
  @IsOptional() @IsIn(TRADE_KINDS) @Field(() => TradeKindEnum, { nullable: true, description: 'Those of this kind alone.' }) kind?: TradeKind | null;
  @IsOptional() @IsIn(TRADE_STATES) @Field(() => TradeStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: TradeState | null;
  @IsOptional() @Matches(/^[A-Z]{3}$/) @Field(() => String, { nullable: true, description: 'Those in this currency alone, ISO 4217.' }) currency?: string | null;
}
/** `from` and `until` are of the execution. */
export const tradeFilterOf = (a: TradesArgs): TradeFilter => ({
  side: a.side ?? null, counterpartyId: a.counterpartyId ?? null, agreementId: a.agreementId ?? null, kind: a.kind ?? null, state: a.state ?? null, currency: a.currency ?? null, from: a.from ?? null, until: a.until ?? null,
});

@InputType()
export class AcceptTradeInput {
  @IsUUID() @Field(() => ID, { description: 'Which trade.' }) tradeId: string;
}

@InputType()
export class RunClearingInput {
  @IsString() @Matches(/^[A-Z]{3}$/) @Field(() => String, { description: 'ISO 4217 code of the trades to clear.' }) currency: string;
}

@InputType()
export class RetryPayoutInput {
  @IsUUID() @Field(() => ID, { description: 'Which payout; it has FAILED.' }) payoutId: string;
}

@InputType()
export class RefundTradeInput {
  @IsUUID() @Field(() => ID, { description: 'Which trade; you are its vendor.' }) tradeId: string;
  @IsOptional() @Matches(/^[1-9]\d{0,14}$/) @Field(() => String, { nullable: true, description: 'Minor units, tax included; null: all that is left. Tax and commission go back in the same proportion.' }) amountMinor?: string | null;
  @IsPlainText() @Length(3, 1_000) @Field(() => String, { description: 'Both sides read it; it stands on the credit note.' }) reason: string;
}
