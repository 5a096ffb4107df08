import { Args, ArgsType, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, connectionType, IsPlainText, isRefused, PageArgs, pageCost, pageRequest, resultUnion, toConnection } from '#shared';
import type { ClearingStatement as StatementRecord } from '../domain/clearing.js';
import { PAYOUT_STATES, type PayoutState } from '../domain/payout.js';
import { ApprovePayout } from '../use-cases/approve-payout.js';
import { Settlement } from '../settlement.facade.js';
import { RetryPayoutInput, RunClearingInput } from './settlement.inputs.js';
import { toClearingCycleType, toPayoutType } from './settlement.mapping.js';
import * as T from './settlement.types.js';

@ObjectType({ description: 'What one clearing cycle left one vendor, and how it came about. Written once. Amounts in minor units as text: sums may exceed what one amount may be.' })
export class ClearingStatement {
  @Field(() => ID, { description: 'The cycle.' }) cycleId: string;
  @Field(() => ID, { description: 'The vendor.' }) vendorId: string;
  @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Field(() => Int, { description: 'Trades of his that it cleared.' }) tradeCount: number;
  @Field(() => String, { description: 'Their price without tax, as far as it had not gone back.' }) netMinor: string;
  @Field(() => String, { description: 'The tax on it, which the exchange holds for the authority.' }) taxMinor: string;
  @Field(() => String, { description: 'The commission with its own tax.' }) commissionMinor: string;
  @Field(() => String, { description: 'What had gone back of them before, price and tax.' }) reversedMinor: string;
  @Field(() => String, { description: 'What he owed from before, and what came off for it.' }) recoveredMinor: string;
  @Field(() => String, { description: 'Price less commission less what was recovered.' }) paidOutMinor: string;
  @Field(() => ID, { nullable: true, description: 'The payout; null where nothing was left.' }) payoutId?: string | null;
  @Field(() => Date, { description: 'When the cycle closed.' }) madeAt: Date;
}
const ClearingStatementConnection = connectionType(ClearingStatement, 'ClearingStatement');
const ClearingCycleConnection = connectionType(T.ClearingCycle, 'ClearingCycle');

@ArgsType()
export class ClearingStatementsArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those of this cycle alone.' }) cycleId?: string | null;
}
@ArgsType()
export class PayoutsArgs extends PageArgs {
  @IsOptional() @IsIn(PAYOUT_STATES) @Field(() => T.PayoutStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: PayoutState | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those of this cycle alone.' }) cycleId?: string | null;
}
const PayoutConnection = connectionType(T.Payout, 'Payout');
const ApprovePayoutResult = resultUnion('ApprovePayoutResult', () => T.Payout);
const RejectPayoutResult = resultUnion('RejectPayoutResult', () => T.Payout);

@InputType()
export class ApprovePayoutInput {
  @IsUUID() @Field(() => ID, { description: 'Which payout; it is AWAITING_APPROVAL.' }) payoutId: string;
}
@InputType()
export class RejectPayoutInput {
  @IsUUID() @Field(() => ID, { description: 'Which payout; it is AWAITING_APPROVAL.' }) payoutId: string;
  @IsPlainText() @Length(3, 400) @Field(() => String, { description: 'Its vendor reads it.' }) reason: string;
}

@ArgsType()
export class ClearingCyclesArgs extends PageArgs {
  @IsOptional() @Matches(/^[A-Z]{3}$/) @Field(() => String, { nullable: true, description: 'Those in this currency alone, ISO 4217.' }) currency?: string | null;
}

const toStatementType = ({ netMinor, taxMinor, commissionMinor, reversedMinor, recoveredMinor, paidOutMinor, ...s }: StatementRecord): ClearingStatement => ({
  ...s, netMinor: netMinor.toString(), taxMinor: taxMinor.toString(), commissionMinor: commissionMinor.toString(), reversedMinor: reversedMinor.toString(), recoveredMinor: recoveredMinor.toString(), paidOutMinor: paidOutMinor.toString(),
});

@Resolver()
@Authenticated()
export class ClearingResolver {
  constructor(private readonly settlement: Settlement, private readonly approval: ApprovePayout) {}

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => ClearingStatementConnection, { complexity: pageCost, description: 'What clearing cycles left the own organisation as vendor, newest first; every vendor for staff.' })
  async clearingStatements(@CurrentActor() actor: Actor, @Args() page: ClearingStatementsArgs): Promise<ConnectionOf<ClearingStatement>> {
    return toConnection(await this.settlement.clearingStatementsFor(actor, page.cycleId ?? null, pageRequest(page.first, page.after, 2)), toStatementType);
  }
  @Asks('settlement:read-ledger')
  @Query(() => ClearingCycleConnection, { nullable: true, complexity: pageCost, description: 'Clearing cycles, newest first; null for whoever may not read the ledger.' })
  async clearingCycles(@CurrentActor() actor: Actor, @Args() page: ClearingCyclesArgs): Promise<ConnectionOf<T.ClearingCycle> | null> {
    const found = await this.settlement.clearingCyclesFor(actor, page.currency ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toClearingCycleType);
  }

  @Asks('settlement:clear')
  @Mutation(() => T.RunClearingResult, { description: 'Clears the accepted trades of a currency and nets one payout per vendor, less what he owes. A large cycle is answered OPEN and goes on by itself. Settlement officers.' })
  async runClearing(@CurrentActor() actor: Actor, @Args('input') input: RunClearingInput): Promise<object> {
    const cycle = await this.settlement.runClearing(actor, input.currency);
    return isRefused(cycle) ? cycle : toClearingCycleType(cycle);
  }

  @Asks('settlement:clear')
  @Mutation(() => T.RetryPayoutResult, { description: 'Orders a failed payout anew. Settlement officers.' })
  async retryPayout(@CurrentActor() actor: Actor, @Args('input') input: RetryPayoutInput): Promise<object> {
    const payout = await this.settlement.retryPayout(actor, input.payoutId);
    return isRefused(payout) ? payout : toPayoutType(payout);
  }

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => PayoutConnection, { complexity: pageCost, description: 'Payouts to the own organisation, newest first; to every vendor for staff.' })
  async payouts(@CurrentActor() actor: Actor, @Args() page: PayoutsArgs): Promise<ConnectionOf<T.Payout>> {
    return toConnection(await this.settlement.payoutsFor(actor, page.state ?? null, page.cycleId ?? null, pageRequest(page.first, page.after, 1)), toPayoutType);
  }

  @Asks('settlement:clear')
  @Mutation(() => ApprovePayoutResult, { description: 'Another officer than the one who ran its cycle lets a payout above the limit go.' })
  async approvePayout(@CurrentActor() actor: Actor, @Args('input') input: ApprovePayoutInput): Promise<object> {
    const payout = await this.approval.approve(actor, input.payoutId);
    return isRefused(payout) ? payout : toPayoutType(payout);
  }
  @Asks('settlement:clear')
  @Mutation(() => RejectPayoutResult, { description: 'Another officer than the one who ran its cycle stops a payout above the limit: it is FAILED, and retryPayout brings it up again.' })
  async rejectPayout(@CurrentActor() actor: Actor, @Args('input') input: RejectPayoutInput): Promise<object> {
    const payout = await this.approval.reject(actor, input.payoutId, input.reason);
    return isRefused(payout) ? payout : toPayoutType(payout);
  }
}
