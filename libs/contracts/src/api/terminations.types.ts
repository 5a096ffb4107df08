import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsUUID, Length } from 'class-validator';
import { connectionType, enumOf, IsPlainText, LIMITS, resultUnion } from '#shared';
import { REASON_CODES, type ReasonCode, TERMINATION_STATES } from '../domain/agreements/termination.js';

export const ReasonCodeEnum = enumOf(REASON_CODES);
export const TerminationStateEnum = enumOf(TERMINATION_STATES);
export const SideEnum = enumOf(['VENDOR', 'BUYER', 'EXCHANGE'] as const);
const AnswerEnum = enumOf(['CONSENT', 'DECLINE', 'CONTEST'] as const);
registerEnumType(ReasonCodeEnum, {
  name: 'TerminationReason', description: 'On what ground an agreement is ended before its time.',
  valuesMap: {
    MUTUAL_CONSENT: { description: 'The other side has to consent.' }, CONVENIENCE: { description: 'Without a reason, after the notice that the terms grant this side; where they grant none it is refused.' },
    MATERIAL_BREACH: { description: 'The other side broke the terms: it has 14 days to put that right, or contests it, and staff decides.' }, LAW: { description: 'The exchange, because the law demands it; at once.' },
    SUPERSEDED: { description: 'Another agreement of both sides took its place; nobody proposes it.' },
  },
});
registerEnumType(TerminationStateEnum, { name: 'TerminationState', description: 'PROPOSED waits for an answer or its day; CONTESTED for staff; EFFECTIVE has ended the agreement; WITHDRAWN by whoever proposed; DISMISSED by the other side or by staff.' });
registerEnumType(SideEnum, { name: 'AgreementSide', description: 'A side of an agreement, or the exchange.' });
registerEnumType(AnswerEnum, { name: 'TerminationAnswer', description: 'CONSENT ends the agreement at once; DECLINE answers a request for consent, CONTEST one for a breach.' });

@InputType()
export class TerminateAgreementInput {
  @IsUUID() @Field(() => ID, { description: 'An agreement that the caller is a side of; staff: any.' }) agreementId: string;
  @IsIn(REASON_CODES) @Field(() => ReasonCodeEnum, { description: 'The ground.' }) reasonCode: ReasonCode;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Both sides and the exchange read it.' }) statement: string;
}
@InputType()
export class AnswerTerminationInput {
  @IsUUID() @Field(() => ID, { description: 'Proposed by the other side.' }) terminationId: string;
  @IsIn(['CONSENT', 'DECLINE', 'CONTEST']) @Field(() => AnswerEnum, { description: 'The answer.' }) answer: 'CONSENT' | 'DECLINE' | 'CONTEST';
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Both sides read it.' }) statement: string;
}
@InputType()
export class WithdrawTerminationInput {
  @IsUUID() @Field(() => ID, { description: "Proposed by the caller's organisation." }) terminationId: string;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Both sides read it.' }) statement: string;
}
@InputType()
export class JudgeTerminationInput {
  @IsUUID() @Field(() => ID, { description: 'A contested one.' }) terminationId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the breach stands: then the agreement ends now.' }) uphold: boolean;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Both sides read it.' }) statement: string;
}

@ObjectType('Termination', { description: 'An agreement that is to be ended before its time, or was. The agreement itself never changes.' })
export class TerminationType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The agreement.' }) agreementId: string;
  @Field(() => ReasonCodeEnum, { description: 'The ground.' }) reasonCode: string;
  @Field(() => SideEnum, { description: 'Who proposed it.' }) side: string;
  @Field(() => String, { description: 'Why, in the words of whoever proposed it.' }) statement: string;
  @Field(() => TerminationStateEnum, { description: 'How it stands.' }) state: string;
  @Field(() => Date, { nullable: true, description: 'When it takes effect if nobody does anything; null: it waits for consent.' }) effectiveAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'The words of whoever answered last.' }) answer?: string | null;
  @Field(() => Date, { description: 'When it was proposed.' }) proposedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was over, either way.' }) closedAt?: Date | null;
}

export const TerminationConnection = connectionType(TerminationType, 'Termination');
export const TerminateAgreementResult = resultUnion('TerminateAgreementResult', () => TerminationType);
export const AnswerTerminationResult = resultUnion('AnswerTerminationResult', () => TerminationType);
export const WithdrawTerminationResult = resultUnion('WithdrawTerminationResult', () => TerminationType);
export const JudgeTerminationResult = resultUnion('JudgeTerminationResult', () => TerminationType);
