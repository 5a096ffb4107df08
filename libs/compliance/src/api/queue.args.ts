import { ArgsType, Field, ID } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { IsPlainText, WindowArgs } from '#shared';
import { CASE_KINDS, type CaseKind } from '../domain/counter/case-kind.js';
import type { CaseFilter, OwnCaseFilter, QueueFilter } from '../storage/case.repository.js';
import { CaseKindEnum } from './case.types.js';

/** What both sides of the counter look for. The times are of the opening. */
@ArgsType()
class CaseArgs extends WindowArgs {
  @IsOptional() @IsIn(CASE_KINDS) @Field(() => CaseKindEnum, { nullable: true, description: 'Of this kind alone.' }) kind?: CaseKind | null;
  @IsOptional() @Matches(/^[A-Z][A-Z_]{1,39}$/) @Field(() => String, { nullable: true, description: 'In this state alone.' }) state?: string | null;
  @IsOptional() @Matches(/^[a-z][a-z-]{1,29}$/) @Field(() => String, { nullable: true, description: 'About something of this kind alone: `order`, `product`, `decision`, `organisation` and others.' }) subjectType?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 100) @Field(() => ID, { nullable: true, description: 'About what has this id alone.' }) subjectId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Of this applicant alone.' }) applicantId?: string | null;
}

@ArgsType()
export class CasesArgs extends CaseArgs {
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Only those that are open, or only those that are closed.' }) open?: boolean | null;
}

@ArgsType()
export class QueueArgs extends CaseArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Of this member of the staff alone.' }) assigneeId?: string | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone that nobody looks after.' }) unassigned?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone whose time is over.' }) overdue?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone the end of whose time is not known because a calendar is missing.' }) calendarMissing?: boolean | null;
}

const caseFilterOf = (a: CaseArgs): CaseFilter => ({
  kind: a.kind ?? null, state: a.state ?? null, subjectType: a.subjectType ?? null, subjectId: a.subjectId ?? null, applicantId: a.applicantId ?? null, from: a.from ?? null, until: a.until ?? null,
});
export const ownFilterOf = (a: CasesArgs): OwnCaseFilter => ({ ...caseFilterOf(a), open: a.open ?? null });
export const queueFilterOf = (a: QueueArgs): QueueFilter => ({
  ...caseFilterOf(a), assigneeId: a.assigneeId ?? null, unassigned: a.unassigned ?? false, overdue: a.overdue ?? false, calendarMissing: a.calendarMissing ?? false,
});
