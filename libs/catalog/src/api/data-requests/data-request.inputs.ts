import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsDate, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { IsPlainText, LIMITS, PageArgs, resultUnion } from '#shared';
import { DataRequestAnswerType, DataRequestType } from './data-request.types.js';

const MINOR = /^(0|[1-9]\d{0,14})$/;
const COUNTRY = /^[A-Z]{2}$/;
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
const MOST_THEMES = 20;

@InputType()
export class DataRequestBudgetInput {
  @IsOptional() @Matches(MINOR) @Field(() => String, { nullable: true, description: 'From: minor units.' }) minMinor?: string | null;
  @IsOptional() @Matches(MINOR) @Field(() => String, { nullable: true, description: 'To: minor units.' }) maxMinor?: string | null;
  @Matches(/^[A-Z]{3}$/) @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
}

@InputType()
export class PostDataRequestInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'What is looked for.' }) title: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'The same at length. Vendors read it: who does not want to be named names nobody.' }) description: string;
  @IsOptional() @ArrayMaxSize(MOST_THEMES) @Matches(CODE, { each: true }) @Field(() => [String], { nullable: true, description: 'Codes of the EU data-theme table.' }) themes?: string[] | null;
  @IsOptional() @ArrayMaxSize(250) @Matches(COUNTRY, { each: true }) @Field(() => [String], { nullable: true, description: 'Where the data is about, ISO 3166-1 alpha-2; left out: anywhere.' }) countries?: string[] | null;
  @IsOptional() @Matches(CODE) @Field(() => String, { nullable: true, description: 'How often it has to be renewed: a code of the EU frequency table.' }) frequency?: string | null;
  @IsOptional() @ValidateNested() @Type(() => DataRequestBudgetInput) @Field(() => DataRequestBudgetInput, { nullable: true, description: 'What would be paid.' }) budget?: DataRequestBudgetInput | null;
  @IsOptional() @ArrayMaxSize(20) @Matches(/^[A-Z][A-Z_]{2,39}$/, { each: true }) @Field(() => [String], { nullable: true, description: 'What for, as offers name it, such as RESEARCH.' }) purposes?: string[] | null;
  @IsDate() @Field(() => Date, { description: `Until when it takes answers, at most ${LIMITS.dataRequestDays} days ahead.` }) expiresAt: Date;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Vendors are told who asks only when you accept an answer, and then its vendor alone. Left out: everybody reads it.' }) anonymous?: boolean | null;
}
@InputType()
export class CloseDataRequestInput {
  @IsUUID() @Field(() => ID, { description: 'A request of your own.' }) dataRequestId: string;
}
@InputType()
export class RemoveDataRequestInput {
  @IsUUID() @Field(() => ID, { description: 'The request.' }) dataRequestId: string;
  @IsPlainText() @Length(3, LIMITS.shortText) @Field(() => String, { description: 'Why; its asker is told.' }) reason: string;
}
@InputType()
export class AnswerDataRequestInput {
  @IsUUID() @Field(() => ID, { description: 'A request that is open.' }) dataRequestId: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'In words.' }) message: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'A listed product of your own that the asker finds; to one who is not named, one that everybody finds.' }) productId?: string | null;
}
@InputType()
export class AcceptDataRequestAnswerInput {
  @IsUUID() @Field(() => ID, { description: 'An answer to a request of your own.' }) answerId: string;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'What its vendor reads.' }) reason?: string | null;
}
@InputType()
export class DeclineDataRequestAnswerInput {
  @IsUUID() @Field(() => ID, { description: 'An answer to a request of your own.' }) answerId: string;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'What its vendor reads.' }) reason?: string | null;
}

@ArgsType()
export class DataRequestsArgs extends PageArgs {
  @IsOptional() @IsPlainText() @MaxLength(LIMITS.shortText) @Field(() => String, { nullable: true, description: 'All of these words, English or Chinese.' }) text?: string | null;
  @IsOptional() @ArrayMaxSize(MOST_THEMES) @Matches(CODE, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these themes.' }) themes?: string[] | null;
  @IsOptional() @ArrayMaxSize(250) @Matches(COUNTRY, { each: true }) @Field(() => [String], { nullable: true, description: 'About one of these countries, by name.' }) countries?: string[] | null;
}

export const PostDataRequestResult = resultUnion('PostDataRequestResult', () => DataRequestType);
export const CloseDataRequestResult = resultUnion('CloseDataRequestResult', () => DataRequestType);
export const RemoveDataRequestResult = resultUnion('RemoveDataRequestResult', () => DataRequestType);
export const AnswerDataRequestResult = resultUnion('AnswerDataRequestResult', () => DataRequestAnswerType);
export const AcceptDataRequestAnswerResult = resultUnion('AcceptDataRequestAnswerResult', () => DataRequestAnswerType);
export const DeclineDataRequestAnswerResult = resultUnion('DeclineDataRequestAnswerResult', () => DataRequestAnswerType);
