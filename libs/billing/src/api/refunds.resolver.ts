import { Args, ArgsType, Field, ID, InputType, Mutation, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, connectionType, enumOf, isRefused, MoneyType, PageArgs, pageCost, pageRequest, resultUnion, toConnection, toMoneyType } from '#shared';
import { type Refund as RefundRecord, REFUND_STATES, type RefundState } from '../domain/refund.js';
import { ReadBilling } from '../use-cases/read-billing.js';
import { RetryRefund } from '../use-cases/refunds/retry-refund.js';

const RefundStateEnum = enumOf(REFUND_STATES);
registerEnumType(RefundStateEnum, { name: 'RefundState', description: 'INTENT: to be taken to the provider. PROCESSING: the provider has it. SUCCEEDED: paid. FAILED: not paid, or it came back; staff orders it anew.' });

@ObjectType({ description: 'Money on its way back to a buyer, through the provider that took his payment.' })
export class Refund {
  @Field(() => ID, { description: 'UUID; that of the reversal which it pays.' }) id: string;
  @Field(() => ID, { description: 'The trade.' }) tradeId: string;
  @Field(() => MoneyType, { description: 'Price and tax.' }) amount: MoneyType;
  @Field(() => RefundStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Who carries the money.' }) provider: string;
  @Field(() => String, { nullable: true, description: "The provider's reference." }) providerReference?: string | null;
  @Field(() => String, { nullable: true, description: 'Why the provider did not pay.' }) failure?: string | null;
  @Field(() => String, { nullable: true, description: 'What it waits for.' }) problem?: string | null;
  @Field(() => Date, { description: 'When it was begun.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it succeeded or failed.' }) endedAt?: Date | null;
}
const RefundConnection = connectionType(Refund, 'Refund');
const RetryRefundResult = resultUnion('RetryRefundResult', () => Refund);

@ArgsType()
export class RefundsArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those of this trade alone.' }) tradeId?: string | null;
  @IsOptional() @IsIn(REFUND_STATES) @Field(() => RefundStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: RefundState | null;
}

@InputType()
export class RetryRefundInput {
  @IsUUID() @Field(() => ID, { description: 'Which refund; it has FAILED.' }) refundId: string;
}

const toRefundType = ({ amount, ...r }: RefundRecord): Refund => ({
  id: r.id, tradeId: r.tradeId, amount: toMoneyType(amount), state: r.state, provider: r.provider, providerReference: r.providerReference, failure: r.failure, problem: r.problem, createdAt: r.createdAt, endedAt: r.endedAt,
});

@Resolver()
@Authenticated()
export class RefundsResolver {
  constructor(private readonly read: ReadBilling, private readonly retry: RetryRefund) {}

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => RefundConnection, { complexity: pageCost, description: "Refunds of the trades of the caller's organisation, on either side, newest first; all of them for staff." })
  async refunds(@CurrentActor() actor: Actor, @Args() page: RefundsArgs): Promise<ConnectionOf<Refund>> {
    return toConnection(await this.read.refunds(actor, { state: page.state ?? null, tradeId: page.tradeId ?? null }, pageRequest(page.first, page.after, 1)), toRefundType);
  }

  @Asks('settlement:clear')
  @Mutation(() => RetryRefundResult, { description: 'Orders a failed refund anew. Settlement officers.' })
  async retryRefund(@CurrentActor() actor: Actor, @Args('input') input: RetryRefundInput): Promise<object> {
    const refund = await this.retry.execute(actor, input.refundId);
    return isRefused(refund) ? refund : toRefundType(refund);
  }
}
