import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsDate, IsIn, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { ClassificationInput } from '#compliance';
import { IsPlainText, LIMITS } from '#shared';
import { MEDIA_TYPES } from '../domain/asset-rules.js';

const SHA256 = /^[0-9a-f]{64}$/;

@InputType()
export class CreateProductInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'What it is and what it is good for.' }) description: string;
  @ArrayMaxSize(10) @Matches(/^[A-Z_]{3,20}$/, { each: true }) @Field(() => [String], { description: 'Codes of the EU data-theme table: TRAN, ENVI, ECON ...' }) themes: string[];
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the vendor operates critical information infrastructure.' }) exporterIsCIIO: boolean;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the vendor has an entity in mainland China that can file.' }) exporterHasPRCEntity: boolean;
  @IsOptional() @IsIn(['lingang', 'shanghai_ftz']) @Field(() => String, { nullable: true, description: 'Free-trade zone that the vendor is registered in: `lingang` or `shanghai_ftz`.' }) exporterZone?: string | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether the vendor is in one of the nine mainland cities of the Greater Bay Area; false when left out.' }) exporterInGBA?: boolean | null;
}

@InputType()
export class AddDatasetInput {
  @IsUUID() @Field(() => ID, { description: 'A draft of your own.' }) productId: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'What it holds.' }) description: string;
}

@InputType()
export class CreateRevisionInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of a draft of your own.' }) datasetId: string;
}

@InputType()
export class AddAssetInput {
  @IsUUID() @Field(() => ID, { description: 'A draft revision of your own.' }) revisionId: string;
  @IsString() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Plain file name.' }) fileName: string;
  @IsIn(MEDIA_TYPES) @Field(() => String, { description: `One of ${MEDIA_TYPES.join(', ')}.` }) mediaType: string;
  @Matches(/^[1-9]\d{0,15}$/) @Field(() => String, { description: 'Length in bytes, a decimal string.' }) byteLength: string;
  @Matches(SHA256) @Field(() => String, { description: 'SHA-256 of the whole file, lower-case hex.' }) sha256: string;
}

@InputType()
export class FinaliseRevisionInput {
  @IsUUID() @Field(() => ID, { description: 'A draft revision of your own, every asset uploaded.' }) revisionId: string;
}

@InputType()
export class ClassifyDatasetInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of a draft of your own.' }) datasetId: string;
  @ValidateNested() @Type(() => ClassificationInput) @Field(() => ClassificationInput, { description: 'What the data is in the eyes of the law.' }) classification: ClassificationInput;
}

@InputType()
export class SubmitProductInput {
  @IsUUID() @Field(() => ID, { description: 'A draft of your own.' }) productId: string;
}

@InputType()
export class RecordOpinionInput {
  @IsUUID() @Field(() => ID, { description: 'A tested product.' }) productId: string;
  @IsUUID() @Field(() => ID, { description: 'The accredited assessor who signed.' }) assessorId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the opinion is favourable.' }) favourable: boolean;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What the opinion covers.' }) scope: string;
  @Matches(SHA256) @Field(() => String, { description: 'SHA-256 of the signed document, lower-case hex.' }) documentSha256: string;
  @IsDate() @Field(() => Date, { description: 'Until when it is good.' }) validUntil: Date;
}

@InputType()
export class ReviewProductInput {
  @IsUUID() @Field(() => ID, { description: 'A product with an opinion.' }) productId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Approve, or send back to draft.' }) approve: boolean;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why; the vendor reads it.' }) reason: string;
}

@InputType()
export class CertifyProductInput {
  @IsUUID() @Field(() => ID, { description: 'A product whose public notice has ended.' }) productId: string;
}

@InputType()
export class ChangeAvailabilityInput {
  @IsUUID() @Field(() => ID, { description: 'Which product.' }) productId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class ListProductInput extends ChangeAvailabilityInput {}
@InputType()
export class WithdrawProductInput extends ChangeAvailabilityInput {}
@InputType()
export class SuspendProductInput extends ChangeAvailabilityInput {}
@InputType()
export class ReinstateProductInput extends ChangeAvailabilityInput {}
