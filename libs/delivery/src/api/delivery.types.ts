import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, IsUUID, Length } from 'class-validator';
import { DecisionType } from '#compliance';
import { connectionType, PageArgs, Problem, resultUnion } from '#shared';
import type { Receipt as ReceiptRecord } from '../domain/delivery.js';

@InputType()
export class RequestDownloadInput {
  @IsUUID() @Field(() => ID, { description: 'An active licence of the caller.' }) licenceId: string;
  @IsUUID() @Field(() => ID, { description: 'An asset of the licensed product, in a finalised revision.' }) assetId: string;
  @IsOptional() @Length(1, 40) @Field(() => ID, { nullable: true, description: 'The delivery channel to take; the first that fits where left out.' }) channelId?: string | null;
}

@ArgsType()
export class ReceiptsArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
}

@ObjectType({ description: 'The permission to fetch one asset once. It costs nothing until every byte has gone out.' })
class DownloadGrant {
  @Field(() => ID, { description: 'The delivery; usage and receipt name it.' }) deliveryId: string;
  @Field(() => String, { nullable: true, description: 'Where to GET the file, with ranges if need be. It holds the token and is shown this once: null when the request is a repetition.' }) url?: string | null;
  @Field(() => ID, { description: 'The delivery channel that it goes by, and by no other.' }) channel: string;
  @Field(() => Date, { description: 'A download begins before this instant.' }) expiresAt: Date;
  @Field(() => String, { description: 'Name of the file.' }) fileName: string;
  @Field(() => String, { description: 'Media type of the file.' }) mediaType: string;
  @Field(() => String, { description: 'Length in bytes, a whole number.' }) byteLength: string;
  @Field(() => String, { description: 'SHA-256 of the whole file, lower-case hex.' }) sha256: string;
}

@ObjectType({ implements: () => [Problem], description: 'The law does not permit this delivery today. The decision is on record.' })
class DownloadRefused extends Problem {
  @Field(() => DecisionType, { description: 'The decision with its outcome and reasons.' }) decision: DecisionType;
}

@ObjectType({ implements: () => [Problem], description: 'The licence is for a part of this asset, and the file with it is being written. Nothing is opened or charged: ask again.' })
class FileBeingMade extends Problem {
  @Field(() => Int, { description: 'Ask again after so many seconds.' }) retryAfterSeconds: number;
}

@ObjectType({ description: 'A part of a file.' })
class ByteRange {
  @Field(() => String, { description: 'First byte, counted from 0.' }) from: string;
  @Field(() => String, { description: 'Last byte.' }) to: string;
}

@ObjectType({ description: "The exchange's signed statement that one delivery was complete." })
export class Receipt {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that it was delivered under.' }) licenceId: string;
  @Field(() => ID, { description: 'The delivery.' }) deliveryId: string;
  @Field(() => ID, { description: 'The agreement of the licence.' }) agreementId: string;
  @Field(() => String, { description: 'SHA-256 of the agreement, lower-case hex.' }) agreementHash: string;
  @Field(() => ID, { description: 'The decision that permitted the delivery.' }) decisionId: string;
  @Field(() => ID, { description: 'Who delivered.' }) vendorId: string;
  @Field(() => ID, { description: 'Who received.' }) buyerId: string;
  @Field(() => ID, { description: 'What was delivered.' }) assetId: string;
  @Field(() => String, { description: 'Distinct bytes that were handed out, a whole number.' }) bytes: string;
  @Field(() => String, { description: 'SHA-256 of the whole file, lower-case hex.' }) sha256: string;
  @Field(() => String, { nullable: true, description: 'Of a licence for a part of the dataset: SHA-256 of its limit (`digest` of the part in the licence terms); the file was written for it. Null: the whole asset.' }) partDigest?: string | null;
  @Field(() => [ByteRange], { description: 'The parts that were handed out, together the whole file.' }) ranges: ByteRange[];
  @Field(() => Date, { description: 'When the first byte was asked for.' }) startedAt: Date;
  @Field(() => Date, { description: 'When the last byte was handed out.' }) completedAt: Date;
  @Field(() => String, { description: 'The same as a JWS (RFC 7515, EdDSA, `typ` entrepot-receipt+jws); verifies with the keys at /.well-known/jwks.json.' }) jws: string;
}

export const ReceiptConnection = connectionType(Receipt, 'Receipt');
export const RequestDownloadResult = resultUnion('RequestDownloadResult', () => DownloadGrant, DownloadRefused, FileBeingMade);

export const toReceiptType = (receipt: ReceiptRecord): Receipt => ({
  ...receipt, bytes: receipt.bytes.toString(), ranges: receipt.ranges.map((r) => ({ from: r.from.toString(), to: r.to.toString() })),
});
