import { Args, ArgsType, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, connectionType, isRefused, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { ClearingStatement as StatementRecord } from '../domain/clearing.js';
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
export class ClearingCyclesArgs extends PageArgs {
  @IsOptional() @Matches(/^[A-Z]{3}$/) @Field(() => String, { nullable: true, description: 'Those in this currency alone, ISO 4217.' }) currency?: string | null;
}

const toStatementType = ({ netMinor, taxMinor, commissionMinor, reversedMinor, recoveredMinor, paidOutMinor, ...s }: StatementRecord): ClearingStatement => ({
  ...s, netMinor: netMinor.toString(), taxMinor: taxMinor.toString(), commissionMinor: commissionMinor.toString(), reversedMinor: reversedMinor.toString(), recoveredMinor: recoveredMinor.toString(), paidOutMinor: paidOutMinor.toString(),
});

@Resolver()
@Authenticated()
export class ClearingResolver {
  constructor(private readonly settlement: Settlement) {}

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
}
