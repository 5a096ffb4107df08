import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsDate, IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { connectionType, MoneyType, PageArgs } from '#shared';
import type { Account, AccountFilter, LedgerMoment, StatementWindow } from '../domain/balances.js';
import { ACCOUNT_KINDS, type AccountKind } from '../domain/ledger.js';
import { AccountKindEnum } from './settlement.types.js';

@ObjectType({ description: 'An account of the ledger at a moment. Debit is positive, credit negative.' })
export class LedgerBalance {
  @Field(() => ID, { description: 'The account, UUID.' }) accountId: string;
  @Field(() => ID, { description: 'The organisation whose account it is.' }) ownerId: string;
  @Field(() => AccountKindEnum, { description: 'What the account holds.' }) kind: string;
  @Field(() => String, { nullable: true, description: 'The provider or the jurisdiction, where the kind has one.' }) qualifier: string | null;
  @Field(() => MoneyType, { description: 'All debits.' }) debit: MoneyType;
  @Field(() => MoneyType, { description: 'All credits; not positive.' }) credit: MoneyType;
  @Field(() => MoneyType, { description: 'Debits and credits together.' }) balance: MoneyType;
}

@ObjectType({ description: 'One posting on an account.' })
export class StatementLine {
  @Field(() => ID, { description: 'The journal.' }) journalId: string;
  @Field(() => Int, { description: 'Its line in the journal, from 0.' }) line: number;
  @Field(() => String, { description: 'What kind of journal.' }) kind: string;
  @Field(() => ID, { nullable: true, description: 'The trade that it is about.' }) tradeId: string | null;
  @Field(() => ID, { nullable: true, description: 'The payout that it is about.' }) payoutId: string | null;
  @Field(() => Date, { description: 'From when it counts.' }) effectiveAt: Date;
  @Field(() => Date, { description: 'Since when the books say so.' }) recordedAt: Date;
  @Field(() => MoneyType, { description: 'Signed amount.' }) amount: MoneyType;
  @Field(() => MoneyType, { description: 'What the account held once it was in.' }) balance: MoneyType;
}

@ObjectType({ description: 'The statement of an account over a stretch of recorded time.' })
export class AccountStatement {
  @Field(() => ID, { description: 'The account.' }) accountId: string;
  @Field(() => ID, { description: 'The organisation whose account it is.' }) ownerId: string;
  @Field(() => AccountKindEnum, { description: 'What the account holds.' }) kind: string;
  @Field(() => String, { nullable: true, description: 'The provider or the jurisdiction, where the kind has one.' }) qualifier: string | null;
  @Field(() => MoneyType, { description: 'What it held before `from`.' }) opening: MoneyType;
  @Field(() => MoneyType, { description: 'What it held before `until`.' }) closing: MoneyType;
  source: { readonly account: Account; readonly window: StatementWindow };
}

export const LedgerBalanceConnection = connectionType(LedgerBalance, 'LedgerBalance');
export const StatementLineConnection = connectionType(StatementLine, 'StatementLine');

@ArgsType()
export class LedgerBalancesArgs extends PageArgs {
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'What was in effect by then; without it: everything.' }) at?: Date | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'As the books said then; without it: as they say now.' }) recordedAt?: Date | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'The accounts of this organisation alone.' }) ownerId?: string | null;
  @IsOptional() @IsIn(ACCOUNT_KINDS) @Field(() => AccountKindEnum, { nullable: true, description: 'Accounts of this kind alone.' }) kind?: AccountKind | null;
  @IsOptional() @Matches(/^[A-Z]{3}$/) @Field(() => String, { nullable: true, description: 'Accounts in this currency alone, ISO 4217.' }) currency?: string | null;
}
export const accountFilterOf = (a: LedgerBalancesArgs): AccountFilter => ({ ownerId: a.ownerId ?? null, kind: a.kind ?? null, currency: a.currency ?? null });
export const momentOf = (a: LedgerBalancesArgs): LedgerMoment => ({ effective: a.at ?? null, recorded: a.recordedAt ?? null });

@ArgsType()
export class StatementArgs {
  @IsUUID() @Field(() => ID, { description: 'Which account.' }) accountId: string;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Postings recorded from then on.' }) from?: Date | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Postings recorded before then.' }) until?: Date | null;
}
