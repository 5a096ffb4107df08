import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { MeterEnum } from '#contracts';
import { connectionType, enumOf, IsPlainText, LIMITS, PageArgs, resultUnion } from '#shared';
import { CORRECTION_ANSWERS, CORRECTION_STATES, type CorrectionAnswer, type CorrectionState } from '../../domain/usage-correction.js';

const StateEnum = enumOf(CORRECTION_STATES);
registerEnumType(StateEnum, { name: 'UsageCorrectionState', description: 'PROPOSED: it waits for the other side. APPLIED: the difference is counted. REJECTED, WITHDRAWN: nothing was changed.' });
const AnswerEnum = enumOf(CORRECTION_ANSWERS);
registerEnumType(AnswerEnum, { name: 'UsageCorrectionAnswer', description: 'APPROVE and REJECT are for the other side, WITHDRAW for whoever proposed it.' });
const SideEnum = enumOf(['VENDOR', 'BUYER'] as const);
registerEnumType(SideEnum, { name: 'CorrectionSide', description: 'A side of a licence.' });

@InputType()
export class CorrectUsageInput {
  @IsUUID() @Field(() => ID, { description: 'A licence that you are a side of.' }) licenceId: string;
  @Matches(/^[\x21-\x7e]{1,200}$/) @Field(() => String, { description: 'The source of the event, as `usageEvents` shows it.' }) source: string;
  @Matches(/^[\x21-\x7e]{1,200}$/) @Field(() => String, { description: 'The id of the event.' }) eventId: string;
  @Matches(/^(0|[1-9]\d{0,15})$/) @Field(() => String, { description: 'What is right, a whole number; 0: it never happened.' }) quantity: string;
  @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { description: 'Why; the other side reads it.' }) reason: string;
}

@InputType()
export class AnswerUsageCorrectionInput {
  @IsUUID() @Field(() => ID, { description: 'A correction that waits.' }) correctionId: string;
  @IsIn(CORRECTION_ANSWERS) @Field(() => AnswerEnum, { description: 'Yes, no, or taken back.' }) answer: CorrectionAnswer;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { nullable: true, description: 'Why.' }) reason?: string | null;
}

@ArgsType()
export class UsageCorrectionsArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
  @IsOptional() @IsIn(CORRECTION_STATES) @Field(() => StateEnum, { nullable: true, description: 'Only those in this state.' }) state?: CorrectionState | null;
}

@ObjectType({ description: 'That one use should have counted another quantity. The event itself stays; what brings the difference is an event of its own.' })
export class UsageCorrection {
  @Field(() => ID, { description: 'UUID; the event that brings the difference has it as its id.' }) id: string;
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => String, { description: 'The source of the event.' }) source: string;
  @Field(() => String, { description: 'The id of the event.' }) eventId: string;
  @Field(() => MeterEnum, { description: 'What is counted.' }) meter: string;
  @Field(() => String, { description: 'What stood, with corrections of before.' }) before: string;
  @Field(() => String, { description: 'What is right.' }) quantity: string;
  @Field(() => String, { description: 'Why.' }) reason: string;
  @Field(() => SideEnum, { description: 'Whose proposal it is.' }) side: string;
  @Field(() => String, { description: 'Who proposed it.' }) proposedBy: string;
  @Field(() => Boolean, { description: 'Whether the use had been charged when it was proposed: then the other side answers first.' }) charged: boolean;
  @Field(() => StateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => Date, { description: 'When it was proposed.' }) proposedAt: Date;
  @Field(() => String, { nullable: true, description: 'Who decided.' }) decidedBy?: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was decided so.' }) decidedReason?: string | null;
  @Field(() => Date, { nullable: true, description: 'When.' }) decidedAt?: Date | null;
  @Field(() => ID, { nullable: true, description: 'The credit that gives back what was charged too much (`Licence.credits`).' }) creditId?: string | null;
}

export const UsageCorrectionConnection = connectionType(UsageCorrection, 'UsageCorrection');
export const CorrectUsageResult = resultUnion('CorrectUsageResult', () => UsageCorrection);
export const AnswerUsageCorrectionResult = resultUnion('AnswerUsageCorrectionResult', () => UsageCorrection);
