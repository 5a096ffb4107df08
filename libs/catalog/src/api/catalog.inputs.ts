import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsBoolean, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { ClassificationInput, DEVIATION_FIELDS, type DeviationField } from '#compliance';
import { DAY_PATTERN, IsPlainText, LIMITS } from '#shared';
import { MEDIA_TYPES } from '../domain/asset-rules.js';
import { MAX_COLUMNS } from '../domain/content/dictionary.js';
import { LEGAL_BASES, type LegalBasis, SOURCE_ORIGINS, type SourceOrigin } from '../domain/source.js';
import { DatasetContentInput, DictionaryColumnInput, LeftOut, ProductContentInput } from './content/content.inputs.js';
import { LegalBasisEnum, SourceOriginEnum } from './catalog.types.js';

const SHA256 = /^[0-9a-f]{64}$/;

@InputType()
export class CreateProductInput extends ProductContentInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'What it is and what it is good for.' }) description: string;
  @ArrayMaxSize(10) @Matches(/^[A-Z_]{3,20}$/, { each: true }) @Field(() => [String], { description: 'Codes of the EU data-theme table: TRAN, ENVI, ECON ...' }) themes: string[];
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the vendor operates critical information infrastructure.' }) exporterIsCIIO: boolean;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the vendor has an entity in mainland China that can file.' }) exporterHasPRCEntity: boolean;
  @IsOptional() @IsIn(['lingang', 'shanghai_ftz']) @Field(() => String, { nullable: true, description: 'Free-trade zone that the vendor is registered in: `lingang` or `shanghai_ftz`.' }) exporterZone?: string | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether the vendor is in one of the nine mainland cities of the Greater Bay Area; false when left out.' }) exporterInGBA?: boolean | null;
}

@InputType()
export class UpdateProductInput extends ProductContentInput {
  @IsUUID() @Field(() => ID, { description: 'A draft of your own.' }) productId: string;
  @LeftOut() @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'Title.' }) title?: string;
  @LeftOut() @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { nullable: true, description: 'What it is and what it is good for.' }) description?: string;
  @LeftOut() @ArrayMaxSize(10) @Matches(/^[A-Z_]{3,20}$/, { each: true }) @Field(() => [String], { nullable: true, description: 'Codes of the EU data-theme table.' }) themes?: string[];
  @LeftOut() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether the vendor operates critical information infrastructure.' }) exporterIsCIIO?: boolean;
  @LeftOut() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether the vendor has an entity in mainland China that can file.' }) exporterHasPRCEntity?: boolean;
  @IsOptional() @IsIn(['lingang', 'shanghai_ftz']) @Field(() => String, { nullable: true, description: 'Free-trade zone that the vendor is registered in; null for none.' }) exporterZone?: string | null;
  @LeftOut() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether the vendor is in one of the nine mainland cities of the Greater Bay Area.' }) exporterInGBA?: boolean;
}

@InputType()
export class AddDatasetInput extends DatasetContentInput {
  @IsUUID() @Field(() => ID, { description: 'A draft of your own.' }) productId: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'What it holds.' }) description: string;
}

@InputType()
export class CreateRevisionInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of a draft or of a listed product of your own.' }) datasetId: string;
}

@InputType()
export class RevokeRevisionInput {
  @IsUUID() @Field(() => ID, { description: 'A finalised revision of your own.' }) revisionId: string;
  @IsString() @Length(3, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'Why it must not be used any more; reaches everybody who holds a licence on the product.' }) reason: string;
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
  @IsOptional() @ArrayMaxSize(MAX_COLUMNS) @ValidateNested({ each: true }) @Type(() => DictionaryColumnInput)
  @Field(() => [DictionaryColumnInput], { nullable: true, description: `Of a product that came through the gate, where this revision has other columns: the whole data dictionary, at most ${MAX_COLUMNS} columns, in place of the one before from the release of this revision on. No column may be said to give away less.` }) dictionary?: DictionaryColumnInput[] | null;
}

@InputType({ description: 'Where data comes from and by what right; the statement of the classification says the rest.' })
export class DataSourceInput {
  @IsIn(SOURCE_ORIGINS) @Field(() => SourceOriginEnum, { description: 'How the vendor came to it.' }) origin: SourceOrigin;
  @IsOptional() @IsPlainText() @Length(2, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'Licensor, public body or the data that it was derived from; left out for OWN_COLLECTION.' }) from?: string | null;
  @IsIn(LEGAL_BASES) @Field(() => LegalBasisEnum, { description: 'By what right.' }) legalBasis: LegalBasis;
}

@InputType({ description: 'What shows that nobody can be identified again.' })
export class AnonymisationReportInput {
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'What was done: generalisation, suppression, noise ...' }) method: string;
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000_000) @Field(() => Int, { nullable: true, description: 'The k of k-anonymity that it states.' }) k?: number | null;
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'How it was tried to identify people again, and how that ended.' }) reidentificationTest: string;
  @Matches(SHA256) @Field(() => String, { description: 'SHA-256 of the report, lower-case hex.' }) sha256: string;
  @IsPlainText() @Length(2, LIMITS.shortText) @Field(() => String, { description: 'Who assessed it.' }) assessor: string;
  @Matches(DAY_PATTERN) @Field(() => String, { description: 'The day of the report, YYYY-MM-DD.' }) assessedOn: string;
}

@InputType({ description: 'Why the data is other than it looks, in one field.' })
export class DeviationReasonInput {
  @IsIn(DEVIATION_FIELDS) @Field(() => String, { description: `One of ${DEVIATION_FIELDS.join(', ')}.` }) field: DeviationField;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'The reason; the compliance staff reads it.' }) reason: string;
}

@InputType()
export class ClassifyDatasetInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of a draft of your own.' }) datasetId: string;
  @ValidateNested() @Type(() => ClassificationInput) @Field(() => ClassificationInput, { description: 'What the data is in the eyes of the law.' }) classification: ClassificationInput;
  @IsOptional() @ValidateNested() @Type(() => DataSourceInput) @Field(() => DataSourceInput, { nullable: true, description: 'Where the data comes from, as far as it can be checked. Without it the product cannot be handed in (DSL Art. 33).' }) source?: DataSourceInput | null;
  @IsOptional() @ValidateNested() @Type(() => AnonymisationReportInput) @Field(() => AnonymisationReportInput, { nullable: true, description: 'The report on the anonymisation; needed where the data is called ANONYMISED.' }) anonymisationReport?: AnonymisationReportInput | null;
  @IsOptional() @ArrayMaxSize(DEVIATION_FIELDS.length) @ArrayUnique((d: DeviationReasonInput) => d.field) @ValidateNested({ each: true }) @Type(() => DeviationReasonInput)
  @Field(() => [DeviationReasonInput], { nullable: true, description: 'Why a field is milder than what the platform proposes; one a field.' }) deviationReasons?: DeviationReasonInput[] | null;
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
  @IsOptional() @Matches(/^\d{1,18}$/) @Field(() => String, { nullable: true, description: 'Number of a certificate that was transferred to the vendor, to go on with this product; left out for a new one.' }) number?: string | null;
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
