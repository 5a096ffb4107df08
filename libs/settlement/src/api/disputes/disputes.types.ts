import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { connectionType, enumOf, IsPlainText, MoneyType, PageArgs, resultUnion, toMoneyType } from '#shared';
import { type Dispute as DisputeRecord, DISPUTE_ACTS, type DisputeEntry as Entry, DISPUTE_GROUNDS, DISPUTE_STATES, type DisputeGround, type DisputeState } from '../../domain/disputes/dispute.js';

const DisputeGroundEnum = enumOf(DISPUTE_GROUNDS);
const DisputeStateEnum = enumOf(DISPUTE_STATES);
const DisputeActEnum = enumOf(DISPUTE_ACTS);
const DisputeSideEnum = enumOf(['BUYER', 'VENDOR', 'EXCHANGE'] as const);
const DisputeAnswerEnum = enumOf(['CONCEDE', 'CONTEST'] as const);
registerEnumType(DisputeGroundEnum, { name: 'DisputeGround', description: 'NOT_ENTITLED: the vendor may not sell it, or the buyer not use it as agreed.' });
registerEnumType(DisputeStateEnum, { name: 'DisputeState', description: 'OPEN: the vendor answers by the deadline. MEDIATION: the exchange decides. CONCEDED and AWARDED: what is awarded goes back. DISMISSED, WITHDRAWN: nothing does.' });
registerEnumType(DisputeActEnum, { name: 'DisputeAct', description: 'What was done with these words.' });
registerEnumType(DisputeSideEnum, { name: 'DisputeSide', description: 'Who speaks.' });
registerEnumType(DisputeAnswerEnum, { name: 'DisputeAnswer', description: 'CONCEDE: what is claimed goes back. CONTEST: the exchange decides.' });

@ObjectType({ description: 'Something that can be looked at.' })
export class DisputeEvidence {
  @Field(() => String, { description: 'What it shows.' }) description: string;
  @Field(() => String, { nullable: true, description: 'A receipt, delivery, invoice or message by its id or address.' }) reference?: string | null;
  @Field(() => String, { nullable: true, description: 'SHA-256 of a file that both have, in hex.' }) sha256?: string | null;
}

@ObjectType({ description: 'What was said in a dispute. It never changes.' })
export class DisputeEntry {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => DisputeSideEnum, { description: 'Who speaks.' }) side: string;
  @Field(() => DisputeActEnum, { description: 'What was done with it.' }) act: string;
  @Field(() => String, { description: 'In words.' }) text: string;
  @Field(() => [DisputeEvidence], { description: 'What it rests on.' }) evidence: readonly DisputeEvidence[];
  @Field(() => Date, { description: 'When.' }) saidAt: Date;
}

@ObjectType({ description: 'What a buyer claims of a trade that he has paid and not accepted. Until it has ended the trade is neither accepted nor cleared.' })
export class Dispute {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The trade.' }) tradeId: string;
  @Field(() => DisputeGroundEnum, { description: 'What is wrong.' }) ground: string;
  @Field(() => MoneyType, { description: 'What is claimed, tax included.' }) claim: MoneyType;
  @Field(() => DisputeStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => Date, { description: 'Until then the vendor, or in MEDIATION the exchange, is to answer.' }) answerUntil: Date;
  @Field(() => MoneyType, { nullable: true, description: 'What goes back of it, once it has ended.' }) awarded?: MoneyType | null;
  @Field(() => Date, { description: 'When it was opened.' }) openedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it ended.' }) endedAt?: Date | null;
}
export const DisputeConnection = connectionType(Dispute, 'Dispute');
export const OpenDisputeResult = resultUnion('OpenDisputeResult', () => Dispute);
export const AnswerDisputeResult = resultUnion('AnswerDisputeResult', () => Dispute);
export const WithdrawDisputeResult = resultUnion('WithdrawDisputeResult', () => Dispute);
export const AddDisputeEvidenceResult = resultUnion('AddDisputeEvidenceResult', () => Dispute);
export const DecideDisputeResult = resultUnion('DecideDisputeResult', () => Dispute);

@InputType()
export class EvidenceInput {
  @IsPlainText() @Length(3, 500) @Field(() => String, { description: 'What it shows.' }) description: string;
  @IsOptional() @IsPlainText() @Length(1, 500) @Field(() => String, { nullable: true, description: 'A receipt, delivery, invoice or message by its id or address.' }) reference?: string | null;
  @IsOptional() @Matches(/^[0-9a-f]{64}$/) @Field(() => String, { nullable: true, description: 'SHA-256 of a file that both have, in hex.' }) sha256?: string | null;
}

@InputType({ isAbstract: true })
class Words {
  @IsPlainText() @Length(3, 4_000) @Field(() => String, { description: 'Both sides read it.' }) text: string;
  @IsOptional() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => EvidenceInput)
  @Field(() => [EvidenceInput], { nullable: true, description: 'What it rests on, 20 at the most.' }) evidence?: EvidenceInput[] | null;
}

@InputType()
export class OpenDisputeInput extends Words {
  @IsUUID() @Field(() => ID, { description: 'A trade of yours that is paid and not accepted.' }) tradeId: string;
  @IsIn(DISPUTE_GROUNDS) @Field(() => DisputeGroundEnum, { description: 'What is wrong.' }) ground: DisputeGround;
  @IsOptional() @Matches(/^[1-9]\d{0,14}$/) @Field(() => String, { nullable: true, description: 'Minor units, tax included; null: all of it.' }) claimMinor?: string | null;
}
@InputType({ isAbstract: true })
class DisputeWords extends Words {
  @IsUUID() @Field(() => ID, { description: 'Which dispute.' }) disputeId: string;
}
@InputType() export class AddDisputeEvidenceInput extends DisputeWords {}
@InputType() export class WithdrawDisputeInput extends DisputeWords {}
@InputType()
export class AnswerDisputeInput extends DisputeWords {
  @IsIn(['CONCEDE', 'CONTEST']) @Field(() => DisputeAnswerEnum, { description: 'What the vendor says to it.' }) answer: 'CONCEDE' | 'CONTEST';
}
@InputType()
export class DecideDisputeInput extends DisputeWords {
  @Matches(/^(0|[1-9]\d{0,14})$/) @Field(() => String, { description: 'Minor units, tax included; 0: dismissed.' }) awardMinor: string;
}

@ArgsType()
export class DisputesArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those over this trade alone.' }) tradeId?: string | null;
  @IsOptional() @IsIn(DISPUTE_STATES) @Field(() => DisputeStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: DisputeState | null;
}

export const toDisputeType = ({ claim, awarded, ...d }: DisputeRecord): Dispute => ({
  id: d.id, tradeId: d.tradeId, ground: d.ground, claim: toMoneyType(claim), state: d.state, answerUntil: d.answerUntil, awarded: awarded && toMoneyType(awarded), openedAt: d.openedAt, endedAt: d.endedAt,
});
export const toDisputeEntryType = ({ id, side, act, text, evidence, saidAt }: Entry): DisputeEntry => ({ id, side, act, text, evidence, saidAt });
