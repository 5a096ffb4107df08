import { Field, ID, InputType } from '@nestjs/graphql';
import { IsString, IsUUID, Matches } from 'class-validator';

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
