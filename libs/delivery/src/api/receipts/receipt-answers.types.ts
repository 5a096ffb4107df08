import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsOptional, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { connectionType, enumOf, IsPlainText, LIMITS, PageArgs, resultUnion } from '#shared';
import { CONTEST_ANSWERS, CONTEST_GROUNDS, type ContestAnswer, type ContestGround, RECEIPT_ANSWER_STATES, type ReceiptAnswerState } from '../../domain/receipts/receipt-answer.js';

const StateEnum = enumOf(RECEIPT_ANSWER_STATES);
registerEnumType(StateEnum, {
  name: 'ReceiptAnswerState',
  description: 'ACKNOWLEDGED: the buyer holds what the receipt says. CONTESTED: it waits for the vendor, REJECTED for the buyer, ESCALATED for the exchange. UPHELD: what it says was used counts no more. DISMISSED, WITHDRAWN: the receipt stands.',
});
const GroundEnum = enumOf(CONTEST_GROUNDS);
registerEnumType(GroundEnum, { name: 'ContestGround', description: 'NOT_REQUESTED: nobody of the buyer asked for it. NOT_RECEIVED: it never came. INCOMPLETE: bytes are missing. OTHER_CONTENT: other bytes came. OTHER: as the reason says.' });
const AnswerEnum = enumOf(CONTEST_ANSWERS);
registerEnumType(AnswerEnum, { name: 'ContestAnswer', description: 'CONCEDE and REJECT are for the vendor, ESCALATE (to the exchange) and WITHDRAW for the buyer.' });

@InputType()
export class AcknowledgedReceipt {
  @IsUUID() @Field(() => ID, { description: 'A receipt of your organisation, of a delivery or over calls.' }) receiptId: string;
  @Matches(/^[0-9a-f]{64}$/) @Field(() => String, { description: 'SHA-256 of the file as you hold it, lower-case hex; of calls, over their ids, sorted, a line each. It is held against that of the receipt.' }) sha256: string;
}

@InputType()
export class AcknowledgeReceiptsInput {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.pageSizeMax) @ArrayUnique((r: AcknowledgedReceipt) => r?.receiptId) @ValidateNested({ each: true }) @Type(() => AcknowledgedReceipt)
  @Field(() => [AcknowledgedReceipt], { description: `Up to ${LIMITS.pageSizeMax}, all of them or none.` }) receipts: AcknowledgedReceipt[];
}

@InputType()
export class ContestReceiptInput {
  @IsUUID() @Field(() => ID, { description: 'A receipt of your organisation, of the last 30 days, that has no answer yet.' }) receiptId: string;
  @IsIn(CONTEST_GROUNDS) @Field(() => GroundEnum, { description: 'On what ground.' }) ground: ContestGround;
  @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { description: 'Why; the vendor reads it, and the exchange where it comes to that.' }) reason: string;
}

@InputType()
export class AnswerReceiptContestInput {
  @IsUUID() @Field(() => ID, { description: 'A receipt that is contested.' }) receiptId: string;
  @IsIn(CONTEST_ANSWERS) @Field(() => AnswerEnum, { description: 'What you say to it.' }) answer: ContestAnswer;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { nullable: true, description: 'Why; the other side reads it.' }) reason?: string | null;
}

@InputType()
export class DecideReceiptContestInput {
  @IsUUID() @Field(() => ID, { description: 'A receipt whose contest is before the exchange.' }) receiptId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the buyer is right.' }) upheld: boolean;
  @IsPlainText() @Length(1, LIMITS.longText) @Field(() => String, { description: 'Why; both sides read it.' }) reason: string;
}

@ArgsType()
export class ReceiptContestsArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Only of this licence.' }) licenceId?: string | null;
  @IsOptional() @IsIn(RECEIPT_ANSWER_STATES) @Field(() => StateEnum, { nullable: true, description: 'Only those in this state.' }) state?: ReceiptAnswerState | null;
}

@ObjectType({ description: "The buyer's word on a receipt, and what became of it. There is one to a receipt." })
export class ReceiptAnswer {
  @Field(() => ID, { description: 'The receipt.' }) receiptId: string;
  @Field(() => ID, { description: 'Its licence.' }) licenceId: string;
  @Field(() => ID, { description: 'Who delivered.' }) vendorId: string;
  @Field(() => ID, { description: 'Who received.' }) buyerId: string;
  @Field(() => StateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => GroundEnum, { nullable: true, description: 'On what ground it was contested; null: it was acknowledged.' }) ground?: string | null;
  @Field(() => String, { nullable: true, description: "Why, in the buyer's words." }) reason?: string | null;
  @Field(() => String, { nullable: true, description: 'What the vendor said to it.' }) reply?: string | null;
  @Field(() => String, { nullable: true, description: 'What the exchange said to it.' }) verdict?: string | null;
  @Field(() => Date, { description: 'When the buyer gave his word.' }) answeredAt: Date;
  @Field(() => Date, { nullable: true, description: 'By when the side that it waits for answers: after it a contest comes before the exchange, a rejection stands.' }) nextAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was over.' }) closedAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'Of an acknowledgement: the same as a JWS of the exchange (RFC 7515, EdDSA, `typ` entrepot-acknowledgement+jws) over the digests of the receipt and of the file.' }) jws?: string | null;
}

@ObjectType({ description: 'What was acknowledged.' })
class AcknowledgedReceipts {
  @Field(() => [ReceiptAnswer], { description: 'One for each receipt.' }) answers: ReceiptAnswer[];
}

export const ReceiptContestConnection = connectionType(ReceiptAnswer, 'ReceiptContest');
export const AcknowledgeReceiptsResult = resultUnion('AcknowledgeReceiptsResult', () => AcknowledgedReceipts);
export const ContestReceiptResult = resultUnion('ContestReceiptResult', () => ReceiptAnswer);
export const AnswerReceiptContestResult = resultUnion('AnswerReceiptContestResult', () => ReceiptAnswer);
export const DecideReceiptContestResult = resultUnion('DecideReceiptContestResult', () => ReceiptAnswer);
