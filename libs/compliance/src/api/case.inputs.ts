import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { DAY_PATTERN, IsPlainText, LIMITS } from '#shared';
import { CASE_KINDS, type CaseKind } from '../domain/counter/case-kind.js';
import { CASE_EVENTS } from '../domain/counter/case-kinds.js';
import { SCOPE_LIMITS } from '../domain/counter/check-scope.js';
import { CaseEventEnum, CaseKindEnum } from './case.types.js';

const COUNT_PATTERN = /^(0|[1-9]\d{0,10})$/;

@InputType({ description: 'What a transfer has to lie in. What is left out is no limit.' })
export class ApprovalScopeInput {
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(SCOPE_LIMITS.purposes) @Matches(/^[A-Z][A-Z_]{2,39}$/, { each: true }) @Field(() => [String], { nullable: true, description: 'Purposes.' }) purposes?: string[] | null;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(SCOPE_LIMITS.destinations) @Matches(/^[A-Z]{2}$/, { each: true }) @Field(() => [String], { nullable: true, description: 'ISO 3166-1 alpha-2 codes.' }) destinations?: string[] | null;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(SCOPE_LIMITS.productIds) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: 'Products.' }) productIds?: string[] | null;
  @IsOptional() @Matches(COUNT_PATTERN, { message: 'persons must be a whole number in decimal digits' }) @Field(() => String, { nullable: true, description: 'Natural persons, decimal digits.' }) persons?: string | null;
  @IsOptional() @Matches(COUNT_PATTERN, { message: 'sensitivePersons must be a whole number in decimal digits' }) @Field(() => String, { nullable: true, description: 'Natural persons of whom sensitive personal information goes, decimal digits.' }) sensitivePersons?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Who receives the data.' }) recipientId?: string | null;
}

@InputType()
export class OpenCaseInput {
  @IsIn(CASE_KINDS) @Field(() => CaseKindEnum, { description: 'What it is.' }) kind: CaseKind;
  @Matches(/^[a-z][a-z-]{1,29}$/) @Field(() => String, { description: 'What it is about: `organisation` (your own), `product`, `decision`, `order` (one that waits for its clearance).' }) subjectType: string;
  @IsUUID() @Field(() => ID, { description: 'The id of that.' }) subjectId: string;
  @IsOptional() @Matches(/^[a-z][a-z0-9_]{1,59}$/) @Field(() => String, { nullable: true, description: 'The type of approval that it is after, where its kind leaves a choice: `eu_scc`.' }) mechanism?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'The other party of the transfer; it sees the case and its documents. The recipient when left out.' }) counterpartyId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'The accredited assessor that is ordered.' }) assessorId?: string | null;
  @IsOptional() @ValidateNested() @Type(() => ApprovalScopeInput) @Field(() => ApprovalScopeInput, { nullable: true, description: 'What is asked for. What is left out is taken from what it is about (order: all but counts; decision: recipient and places; product: the product), the recipient from `counterpartyId`; else it has no limit. The filing of a contract names its recipient.' }) scope?: ApprovalScopeInput | null;
}

@InputType({ description: "An assessor's opinion on a product." })
export class CaseOpinionInput {
  @IsBoolean() @Field(() => Boolean, { description: 'Whether it lets the product be listed.' }) favourable: boolean;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'What was looked at.' }) scope: string;
}

@InputType()
export class MoveCaseInput {
  @IsUUID() @Field(() => ID, { description: 'The case.' }) caseId: string;
  @IsIn(CASE_EVENTS) @Field(() => CaseEventEnum, { description: 'What is done.' }) event: string;
  @IsOptional() @IsString() @Length(1, LIMITS.longText) @Field(() => String, { nullable: true, description: 'Why.' }) reason?: string | null;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'The number that the authority or body gave.' }) reference?: string | null;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'The day on which it happened, `YYYY-MM-DD`; today when left out. Times are counted from it.' }) occurredOn?: string | null;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'The first day of the approval, `YYYY-MM-DD`; the day on which it happened when left out.' }) validFrom?: string | null;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'Its last day, or that of the opinion, `YYYY-MM-DD`.' }) validUntil?: string | null;
  @IsOptional() @ValidateNested() @Type(() => CaseOpinionInput) @Field(() => CaseOpinionInput, { nullable: true, description: 'What an opinion says, when one is delivered.' }) opinion?: CaseOpinionInput | null;
  @IsOptional() @ValidateNested() @Type(() => ApprovalScopeInput) @Field(() => ApprovalScopeInput, { nullable: true, description: 'What is granted, where it differs from what was asked for; staff.' }) scope?: ApprovalScopeInput | null;
}

@InputType()
export class AssignCaseInput {
  @IsUUID() @Field(() => ID, { description: 'The case.' }) caseId: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'A compliance officer of the exchange; left out: nobody.' }) memberId?: string | null;
}

@InputType()
export class CheckCaseDocumentInput {
  @IsUUID() @Field(() => ID, { description: 'The document.' }) documentId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether it shows what it should.' }) accept: boolean;
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'What was seen.' }) reason: string;
}

@InputType()
export class RevokeApprovalInput {
  @IsUUID() @Field(() => ID, { description: 'The approval.' }) approvalId: string;
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'Why; holder and recipient read it.' }) reason: string;
}
