import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { LIMITS, enumOf } from '#shared';
import { type Anonymisation, ANONYMISATIONS, type Classification, COLLECTION_PLACES, type CollectionPlace, type Level, LEVELS, SECTOR_PATTERN } from '../domain/classification.js';

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

/** Up to 11 digits, so that it stays far inside a bigint; the domain check has the exact limit. */
const COUNT_PATTERN = /^(0|[1-9]\d{0,10})$/;
const COUNT = 'Decimal digits, because a bigint does not fit JSON.';

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
}

export const toClassificationType = (c: Classification): ClassificationType => ({ ...c, persons: c.persons.toString(), sensitivePersons: c.sensitivePersons.toString() });

/** From validated input; `checkClassification` finds what the single fields do not show. */
export const fromClassificationInput = (input: ClassificationInput): Classification => ({
  level: input.level, importantDataNotified: input.importantDataNotified ?? false, persons: BigInt(input.persons), sensitivePersons: BigInt(input.sensitivePersons),
  anonymisation: input.anonymisation, anonymisationEvidence: input.anonymisationEvidence ?? null, collectedIn: input.collectedIn, domesticDataAdded: input.domesticDataAdded ?? false,
  sector: input.sector ?? 'other', sourceStatement: input.sourceStatement,
});
