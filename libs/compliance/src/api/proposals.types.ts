import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsString, IsUUID, Length, Matches } from 'class-validator';
import { connectionType, enumOf, LIMITS, resultUnion } from '#shared';
import { CHECK_STATES } from '../domain/detection/check-states.js';

export const ProposalStateEnum = enumOf(['PROPOSED', 'PARTLY_PROFILED', 'NOT_PROFILED'] as const);
export const CheckStateEnum = enumOf(CHECK_STATES);
registerEnumType(ProposalStateEnum, { name: 'ClassificationProposalState', description: 'Whether the platform could read all files of the revision, some or none.' });
registerEnumType(CheckStateEnum, { name: 'ClassificationCheckState', description: 'Only an ACCEPTED milder classification is listed; SUPERSEDED ones gave way to a new word of the vendor.' });

const COUNT = 'Decimal digits, because a bigint does not fit JSON.';
const US_COUNTS = 'as `category=count`';

@ObjectType({ description: 'A column as the platform read it.' })
export class ProfiledColumn {
  @Field(() => String, { description: "Its name; its place where the name itself is somebody's data." }) name: string;
  @Field(() => String, { description: 'empty, integer, decimal, date, boolean or text: the narrowest form of every value looked at.' }) type: string;
  @Field(() => Float, { description: 'Different values, at least.' }) distinct: number;
}
@ObjectType({ description: 'Files of a revision with the same columns.' })
export class ProfiledTable {
  @Field(() => String, { description: 'The first file.' }) name: string;
  @Field(() => Int, { description: 'How many files.' }) files: number;
  @Field(() => Float, { description: 'Rows in all of them.' }) rows: number;
  @Field(() => Int, { description: 'Rows whose cells were looked at.' }) sampled: number;
  @Field(() => [ProfiledColumn], { description: 'Its columns, at most 2,000 of all tables together.' }) columns: readonly ProfiledColumn[];
}
@ObjectType({ description: 'What a detector saw in a column.' })
export class ClassificationFinding {
  @Field(() => String, { description: 'The table.' }) table: string;
  @Field(() => String, { description: 'The column.' }) column: string;
  @Field(() => String, { description: 'The detector.' }) detector: string;
  @Field(() => String, { description: 'identifier, pseudonym, device, quasi, attribute or none: how the column leads to a person.' }) role: string;
  @Field(() => String, { description: 'high: values prove it. medium: name and values agree, or the name says it. low: the values do not; it counts for nothing.' }) confidence: string;
  @Field(() => Float, { description: 'Share of values that match, 0 to 1.' }) share: number;
  @Field(() => Boolean, { description: "Whether the column's name says so." }) named: boolean;
  @Field(() => Boolean, { description: 'Hashes under the name of an identifier: a pseudonym, which stays personal information.' }) disguised: boolean;
  @Field(() => [String], { description: 'Examples, all but first and last character masked.' }) examples: readonly string[];
  @Field(() => String, { nullable: true, description: 'Category of sensitive personal information, PIPL Art. 28 and GB/T 45574-2025.' }) spi: string | null;
  @Field(() => String, { nullable: true, description: 'Category of 28 CFR 202.205.' }) us: string | null;
  @Field(() => String, { nullable: true, description: 'Term of the W3C Data Privacy Vocabulary 2.3.' }) dpv: string | null;
  @Field(() => String, { description: 'Where the mapping to the sensitive category comes from.' }) source: string;
  @Field(() => String, { description: 'How sure that is: verified, secondary or general-knowledge.' }) mark: string;
}
@ObjectType({ description: 'Tags that the data speaks for. A proposal; the vendor declares.' })
export class SuggestedTags {
  @Field(() => String, { description: `Persons of whom only non-sensitive personal information is held, at least. ${COUNT}` }) persons: string;
  @Field(() => String, { description: `Persons of whom sensitive personal information is held, at least. ${COUNT}` }) sensitivePersons: string;
  @Field(() => String, { nullable: true, description: 'The column that counts them.' }) countedBy: string | null;
  @Field(() => Boolean, { description: 'Counted over all rows; else a lower bound.' }) exact: boolean;
  @Field(() => [String], { description: 'Categories of sensitive personal information.' }) sensitiveCategories: readonly string[];
  @Field(() => [String], { description: 'Categories of 28 CFR 202.205 that the columns would fall in.' }) usCategories: readonly string[];
  @Field(() => [String], { description: `Where the data shows people in the United States: persons or devices of each category, ${US_COUNTS}.` }) usCounts: readonly string[];
  @Field(() => [String], { description: 'Terms of the W3C Data Privacy Vocabulary 2.3.' }) dpv: readonly string[];
  @Field(() => Float, { nullable: true, description: 'Share of birth dates that make somebody younger than 14; null without birth dates.' }) minorsShare: number | null;
  @Field(() => Boolean, { description: 'Coordinates follow people or devices over time.' }) tracks: boolean;
}
@ObjectType({ description: 'A sign of a stricter level. An authority decides what is important.' })
export class LevelHint {
  @Field(() => String, { description: 'The level.' }) level: string;
  @Field(() => String, { description: 'What was seen.' }) text: string;
  @Field(() => String, { description: 'Where the rule stands.' }) source: string;
  @Field(() => String, { description: 'verified, secondary or general-knowledge.' }) mark: string;
  @Field(() => Boolean, { description: 'Whether a vendor who stays below says why.' }) asksReason: boolean;
}
@ObjectType({ description: 'How far rows hide in groups of their like.' })
export class AnonymityFigure {
  @Field(() => String, { description: 'The table.' }) table: string;
  @Field(() => [String], { description: 'Columns that single people out together.' }) columns: readonly string[];
  @Field(() => Int, { description: 'Rows in the smallest group: the k of k-anonymity.' }) k: number;
  @Field(() => Int, { description: 'Groups.' }) groups: number;
  @Field(() => Boolean, { description: 'Of all rows; else of those looked at.' }) exact: boolean;
}
@ObjectType({ description: 'A file that was not read.' })
export class NotProfiledFile {
  @Field(() => String, { description: 'Its name.' }) fileName: string;
  @Field(() => String, { description: 'Its media type.' }) mediaType: string;
  @Field(() => String, { description: 'Why.' }) reason: string;
}

@ObjectType({ description: 'Tags that the platform proposes for a dataset, from the names, types and values of the columns of one revision. The newest of a revision counts.' })
export class ClassificationProposal {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The dataset.' }) datasetId: string;
  @Field(() => ID, { description: 'The revision whose files were read.' }) revisionId: string;
  @Field(() => ProposalStateEnum, { description: 'Whether all files could be read.' }) state: string;
  @Field(() => String, { description: 'Version of the detectors.' }) detectorVersion: string;
  @Field(() => SuggestedTags, { description: 'The tags.' }) suggested: SuggestedTags;
  @Field(() => [ProfiledTable], { description: 'What was read, at most 100 tables.' }) tables: readonly ProfiledTable[];
  @Field(() => [ClassificationFinding], { description: 'What was seen, at most 500.' }) findings: readonly ClassificationFinding[];
  @Field(() => [LevelHint], { description: 'Signs of a stricter level.' }) hints: readonly LevelHint[];
  @Field(() => [AnonymityFigure], { description: 'Figures on anonymity, one a table at most.' }) anonymity: readonly AnonymityFigure[];
  @Field(() => [String], { description: 'Columns that name people or things of theirs: with them nothing is anonymous.' }) identifyingColumns: readonly string[];
  @Field(() => [NotProfiledFile], { description: 'Files that were not read.' }) notProfiled: readonly NotProfiledFile[];
  @Field(() => Date, { description: 'When.' }) createdAt: Date;
}

@ObjectType({ description: 'A field in which a vendor is milder than the data speaks for.' })
export class ClassificationDeviation {
  @Field(() => String, { description: 'The field of the classification.' }) field: string;
  @Field(() => String, { description: "The vendor's value." }) declared: string;
  @Field(() => String, { description: 'What the proposal says.' }) proposed: string;
  @Field(() => String, { description: 'What it stands on.' }) why: string;
  @Field(() => String, { nullable: true, description: "The vendor's reason." }) reason: string | null;
}
@ObjectType({ description: 'A classification that is milder than its proposals, before staff.' })
export class ClassificationCheck {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The dataset.' }) datasetId: string;
  @Field(() => ID, { description: 'Its product.' }) productId: string;
  @Field(() => ID, { description: 'Its vendor.' }) vendorId: string;
  @Field(() => CheckStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => [ClassificationDeviation], { description: 'Each field, with its reason.' }) deviations: readonly ClassificationDeviation[];
  @Field(() => String, { nullable: true, description: 'Who decided, as the audit log names him.' }) reviewedBy: string | null;
  @Field(() => String, { nullable: true, description: 'Why.' }) reason: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was decided.' }) reviewedAt: Date | null;
  @Field(() => Date, { description: 'When it was opened.' }) createdAt: Date;
}

@InputType()
export class ReviewClassificationInput {
  @IsUUID() @Field(() => ID, { description: 'A check that awaits review.' }) checkId: string;
  @IsBoolean() @Field(() => Boolean, { description: "Accept the vendor's classification, or not: then its product cannot be approved on it." }) accept: boolean;
  @IsString() @Length(3, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'Why; the vendor reads it.' }) reason: string;
}

export const ClassificationProposalConnection = connectionType(ClassificationProposal, 'ClassificationProposal');
export const ClassificationCheckConnection = connectionType(ClassificationCheck, 'ClassificationCheck');
export const ReviewClassificationResult = resultUnion('ReviewClassificationResult', () => ClassificationCheck);
