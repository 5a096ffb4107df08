import { ArgsType, Field, ID } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { PageArgs } from '#shared';
import { CASE_KINDS } from '../domain/counter/case-kind.js';
import { CaseKindEnum } from './case.types.js';

@ArgsType()
export class QueueArgs extends PageArgs {
  @IsOptional() @IsIn(CASE_KINDS) @Field(() => CaseKindEnum, { nullable: true, description: 'Of this kind alone.' }) kind?: string | null;
  @IsOptional() @Matches(/^[A-Z][A-Z_]{1,39}$/) @Field(() => String, { nullable: true, description: 'In this state alone.' }) state?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Of this member of the staff alone.' }) assigneeId?: string | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone that nobody looks after.' }) unassigned?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone whose time is over.' }) overdue?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Those alone the end of whose time is not known because a calendar is missing.' }) calendarMissing?: boolean | null;
}
