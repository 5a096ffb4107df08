import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsBoolean, IsIn, IsOptional, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { LIMITS, enumOf } from '#shared';
import { type Anonymisation, ANONYMISATIONS, type Classification, COLLECTION_PLACES, type CollectionPlace, INDUSTRIES, type Industry, type Level, LEVELS, SECTOR_PATTERN, SENSITIVE_CATEGORIES, type SensitiveCategory, type USCategory } from '../domain/classification.js';
import { COUNT, COUNT_PATTERN, IndustryEnum, ListPositionInput, ListPositionType, SensitiveCategoryEnum, UpstreamInput, UpstreamType, USCountInput, USCountType } from './classification-tags.types.js';

export const LevelEnum = enumOf<Level>(LEVELS);
export const AnonymisationEnum = enumOf<Anonymisation>(ANONYMISATIONS);
export const CollectionPlaceEnum = enumOf<CollectionPlace>(COLLECTION_PLACES);
registerEnumType(LevelEnum, {
  name: 'DataLevel', description: 'Level of data in Chinese law (DSL Art. 21, GB/T 43697-2024).',
  valuesMap: {
    GENERAL: { description: 'General data (一般).' }, IMPORTANT: { description: 'Important data (重要).' }, CORE: { description: 'Core data (核心): not traded.' },
    STATE_SECRET: { description: 'State secret: not traded.' },
  },
});
registerEnumType(AnonymisationEnum, {
  name: 'Anonymisation', description: 'What was done to the personal data (PIPL Art. 73).',
  valuesMap: {
    NONE: { description: 'Nothing.' }, DEIDENTIFIED: { description: 'Nobody can be identified without additional information: stays personal information.' },
    ANONYMISED: { description: 'Nobody can be identified and it cannot be undone: no personal information. Needs evidence.' },
  },
});
registerEnumType(CollectionPlaceEnum, {
  name: 'CollectionPlace', description: 'Where the data was collected.',
  valuesMap: { CN: { description: 'In mainland China.' }, OVERSEAS: { description: 'Outside mainland China.' } },
});

@InputType({ description: 'The tags of a dataset, as its vendor declares them.' })
export class ClassificationInput {
  @IsIn(LEVELS) @Field(() => LevelEnum, { description: 'Level of the data.' }) level: Level;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'An authority told the vendor, or published, that this is important data; false when left out.' }) importantDataNotified?: boolean | null;
  @IsString() @Matches(COUNT_PATTERN, { message: 'persons must be a whole number in decimal digits' })
  @Field(() => String, { description: `De-duplicated natural persons of whom only non-sensitive personal information is held. ${COUNT}` }) persons: string;
  @IsString() @Matches(COUNT_PATTERN, { message: 'sensitivePersons must be a whole number in decimal digits' })
  @Field(() => String, { description: `De-duplicated natural persons of whom sensitive personal information (PIPL Art. 28) is held. ${COUNT}` }) sensitivePersons: string;
  @IsIn(ANONYMISATIONS) @Field(() => AnonymisationEnum, { description: 'What was done to the personal data.' }) anonymisation: Anonymisation;
  @IsOptional() @IsString() @MaxLength(LIMITS.longText)
  @Field(() => String, { nullable: true, description: 'The document that shows that nobody can be identified again.' }) anonymisationEvidence?: string | null;
  @IsIn(COLLECTION_PLACES) @Field(() => CollectionPlaceEnum, { description: 'Where the data was collected.' }) collectedIn: CollectionPlace;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Mainland personal or important data was added to data collected overseas; false when left out.' }) domesticDataAdded?: boolean | null;
  @IsOptional() @IsString() @Matches(SECTOR_PATTERN) @Field(() => String, { nullable: true, description: 'A word of the sector lists, `retail`; `other`, as when left out, where none fits.' }) sector?: string | null;
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'Where the data comes from and by what right (DSL Art. 33).' }) sourceStatement: string;
  @IsOptional() @ArrayUnique() @IsIn(SENSITIVE_CATEGORIES, { each: true }) @Field(() => [SensitiveCategoryEnum], { nullable: true, description: 'Categories of sensitive personal information that are held.' }) sensitiveCategories?: SensitiveCategory[] | null;
  @IsOptional() @IsIn(INDUSTRIES) @Field(() => IndustryEnum, { nullable: true, description: 'Industry.' }) industry?: Industry | null;
  @IsOptional() @ArrayMaxSize(250) @ArrayUnique() @Matches(/^[A-Z]{2}$/, { each: true }) @Field(() => [String], { nullable: true, description: 'Where the persons live, ISO 3166-1 alpha-2.' }) subjectJurisdictions?: string[] | null;
  @IsOptional() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => UpstreamInput) @Field(() => [UpstreamInput], { nullable: true, description: 'Lineage: other places that the data came from. The law of each is asked, the strictest decides.' }) upstream?: UpstreamInput[] | null;
  @IsOptional() @ArrayMaxSize(7) @ArrayUnique((c: USCountInput) => c.category) @ValidateNested({ each: true }) @Type(() => USCountInput)
  @Field(() => [USCountInput], { nullable: true, description: 'US persons (or devices) by category; an empty list where there are none. Left out: not known, which data that leaves or left the United States cannot be decided without.' }) usCounts?: USCountInput[] | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Government-related data (28 CFR 202.222); false when left out.' }) governmentRelated?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'The vendor collected it from the persons himself, so he is no data broker of it (PADFAA). Left out: not known.' }) collectedFirstHand?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Publicly available; false when left out.' }) publiclyAvailable?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: "It only passes through the vendor's country; false when left out." }) inTransit?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Holds Korean resident registration numbers; false when left out.' }) includesRRN?: boolean | null;
  @IsOptional() @ValidateNested() @Type(() => ListPositionInput) @Field(() => ListPositionInput, { nullable: true, description: "What the list of the vendor's zone or city says of it; left out where none is claimed." }) listPosition?: ListPositionInput | null;
}

@ObjectType('Classification', { description: 'The tags of a dataset, as its vendor declared them.' })
export class ClassificationType {
  @Field(() => LevelEnum, { description: 'Level of the data.' }) level: Level;
  @Field(() => Boolean, { description: 'An authority told the vendor, or published, that this is important data.' }) importantDataNotified: boolean;
  @Field(() => String, { description: `De-duplicated natural persons of whom only non-sensitive personal information is held. ${COUNT}` }) persons: string;
  @Field(() => String, { description: `De-duplicated natural persons of whom sensitive personal information is held. ${COUNT}` }) sensitivePersons: string;
  @Field(() => AnonymisationEnum, { description: 'What was done to the personal data.' }) anonymisation: Anonymisation;
  @Field(() => String, { nullable: true, description: 'The document that shows that nobody can be identified again.' }) anonymisationEvidence: string | null;
  @Field(() => CollectionPlaceEnum, { description: 'Where the data was collected.' }) collectedIn: CollectionPlace;
  @Field(() => Boolean, { description: 'Mainland personal or important data was added to data collected overseas.' }) domesticDataAdded: boolean;
  @Field(() => String, { description: 'A word of the sector lists.' }) sector: string;
  @Field(() => String, { description: 'Where the data comes from and by what right.' }) sourceStatement: string;
  @Field(() => [SensitiveCategoryEnum], { description: 'Categories of sensitive personal information that are held.' }) sensitiveCategories: readonly SensitiveCategory[];
  @Field(() => IndustryEnum, { nullable: true, description: 'Industry.' }) industry: Industry | null;
  @Field(() => [String], { description: 'Where the persons live, ISO 3166-1 alpha-2.' }) subjectJurisdictions: readonly string[];
  @Field(() => [UpstreamType], { description: 'Lineage: other places that the data came from.' }) upstream: readonly UpstreamType[];
  @Field(() => [USCountType], { nullable: true, description: 'US persons (or devices) by category; null: not known.' }) usCounts: readonly USCountType[] | null;
  @Field(() => Boolean, { description: 'Government-related data (28 CFR 202.222).' }) governmentRelated: boolean;
  @Field(() => Boolean, { nullable: true, description: 'The vendor collected it from the persons himself; null: not known.' }) collectedFirstHand: boolean | null;
  @Field(() => Boolean, { description: 'Publicly available.' }) publiclyAvailable: boolean;
  @Field(() => Boolean, { description: "It only passes through the vendor's country." }) inTransit: boolean;
  @Field(() => Boolean, { description: 'Holds Korean resident registration numbers.' }) includesRRN: boolean;
  @Field(() => ListPositionType, { nullable: true, description: 'What the list of a zone or city says of it.' }) listPosition: ListPositionType | null;
}

export const toClassificationType = (c: Classification): ClassificationType => ({
  ...c, persons: c.persons.toString(), sensitivePersons: c.sensitivePersons.toString(), sensitiveCategories: c.sensitiveCategories ?? [], industry: c.industry ?? null,
  subjectJurisdictions: c.subjectJurisdictions ?? [], upstream: c.upstream ?? [], usCounts: c.usCounts ? Object.entries(c.usCounts).map(([category, count]) => ({ category: category as USCategory, count: count.toString() })) : null,
  governmentRelated: c.governmentRelated ?? false, collectedFirstHand: c.collectedFirstHand ?? null, publiclyAvailable: c.publiclyAvailable ?? false, inTransit: c.inTransit ?? false, includesRRN: c.includesRRN ?? false,
  listPosition: c.listPosition ?? null,
});

/** From validated input; `checkClassification` finds what the single fields do not show. */
export const fromClassificationInput = (input: ClassificationInput): Classification => ({
  level: input.level, importantDataNotified: input.importantDataNotified ?? false, persons: BigInt(input.persons), sensitivePersons: BigInt(input.sensitivePersons),
  anonymisation: input.anonymisation, anonymisationEvidence: input.anonymisationEvidence ?? null, collectedIn: input.collectedIn, domesticDataAdded: input.domesticDataAdded ?? false,
  sector: input.sector ?? 'other', sourceStatement: input.sourceStatement, sensitiveCategories: input.sensitiveCategories ?? [], industry: input.industry ?? null, subjectJurisdictions: input.subjectJurisdictions ?? [],
  upstream: (input.upstream ?? []).map((u) => ({ jurisdiction: u.jurisdiction, noOnwardClause: u.noOnwardClause ?? null })),
  usCounts: input.usCounts ? Object.fromEntries(input.usCounts.map((c) => [c.category, BigInt(c.count)])) : null, governmentRelated: input.governmentRelated ?? false, collectedFirstHand: input.collectedFirstHand ?? null,
  publiclyAvailable: input.publiclyAvailable ?? false, inTransit: input.inTransit ?? false, includesRRN: input.includesRRN ?? false, listPosition: input.listPosition ? positionOf(input.listPosition) : null,
});

/** Without what was left out: a fact that is not there is not known. */
const positionOf = ({ list, ...said }: ListPositionInput): NonNullable<Classification['listPosition']> => ({ list, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined)) });
