import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsIn, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { DAY_PATTERN, IsPlainText, LIMITS } from '#shared';
import { COLUMN_TYPES, type ColumnType, MAX_COLUMNS, SENSITIVITIES, type Sensitivity, UNIT_SYSTEMS, type UnitSystem } from '../../domain/content/dictionary.js';
import { MAX_DATA_LANGUAGES, MAX_PLACES, MAX_RELATED, MAX_STANDARDS } from '../../domain/content/product-content.js';
import { MAX_KEYWORDS, MAX_TRANSLATIONS } from '../../domain/content/texts.js';
import { type Answer, ANSWERS } from '../../domain/scenario/claim.js';
import { AnswerEnum, ColumnTypeEnum, SensitivityEnum, UnitSystemEnum } from './content.types.js';

/** May be left out, but not be null: there is no such thing without it. */
export const LeftOut = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
const LONGEST_TAG = 35;
const LONGEST_ADDRESS = 500;

@InputType({ description: 'A text in one language.' })
export class TranslationInput {
  @IsString() @Length(2, LONGEST_TAG) @Field(() => String, { description: 'BCP 47: zh-Hans.' }) language: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Title.' }) title: string;
  @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'Description.' }) description: string;
  @IsOptional() @ArrayMaxSize(MAX_KEYWORDS) @IsString({ each: true }) @Field(() => [String], { nullable: true, description: 'Keywords of a product; datasets have none.' }) keywords?: string[] | null;
}

@InputType({ description: 'Who answers for the data.' })
export class PublisherInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name.' }) name: string;
  @IsOptional() @IsString() @MaxLength(LONGEST_ADDRESS) @Field(() => String, { nullable: true, description: 'Home page, http or https.' }) url?: string | null;
}

@InputType({ description: 'Whom to ask: a mailbox, a page or both.' })
export class ContactPointInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name.' }) name: string;
  @IsOptional() @IsString() @MaxLength(254) @Field(() => String, { nullable: true, description: 'Mailbox.' }) email?: string | null;
  @IsOptional() @IsString() @MaxLength(LONGEST_ADDRESS) @Field(() => String, { nullable: true, description: 'Page, http or https.' }) url?: string | null;
}

/** JSON text of an object. */
const IsJsonObject = (): PropertyDecorator => ValidateBy({
  name: 'isJsonObject',
  validator: {
    validate: (value): boolean => typeof value === 'string' && readObject(value) !== null,
    defaultMessage: () => '$property must be the JSON text of an object',
  },
});
export function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    // What the database cannot hold: NUL, and halves of surrogate pairs, which are escaped again.
    const sound = !/\\u(?:0000|d[89a-f])/.test(JSON.stringify(value));
    return sound && typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

@InputType({ description: 'An answer to an item of the checklist of a scenario.' })
export class ChecklistAnswerInput {
  @Matches(/^[a-z][a-z0-9_-]{1,39}$/) @Field(() => String, { description: 'Code of the item.' }) code: string;
  @IsIn(ANSWERS) @Field(() => AnswerEnum, { description: 'The answer.' }) answer: Answer;
  @IsOptional() @IsString() @MaxLength(LIMITS.longText) @Field(() => String, { nullable: true, description: 'Evidence, or why it does not apply.' }) note?: string | null;
}

@InputType({ description: 'The scenario that a product is of.' })
export class ScenarioInput {
  @Matches(/^[a-z][a-z0-9_-]{1,39}$/) @Field(() => String, { description: 'Id of the pack: `scenarioPacks`.' }) pack: string;
  @IsOptional() @Matches(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/) @Field(() => String, { nullable: true, description: 'Its version; left out: that of the claim before, else the latest.' }) version?: string | null;
  @IsString() @MaxLength(50_000) @IsJsonObject() @Field(() => String, { description: 'What its schema asks for: JSON text of an object.' }) metadata: string;
  @IsOptional() @ArrayMaxSize(100) @ArrayUnique((a: ChecklistAnswerInput) => a.code) @ValidateNested({ each: true }) @Type(() => ChecklistAnswerInput)
  @Field(() => [ChecklistAnswerInput], { nullable: true, description: 'Answers to its checklist, as far as the vendor gives them.' }) answers?: ChecklistAnswerInput[] | null;
}

const translations = (): PropertyDecorator => (target, key) => {
  for (const decorate of [
    IsOptional(), ArrayMaxSize(MAX_TRANSLATIONS), ArrayUnique((t: TranslationInput) => t.language), ValidateNested({ each: true }), Type(() => TranslationInput),
    Field(() => [TranslationInput], { nullable: true, description: `Title and description in other languages, at most ${MAX_TRANSLATIONS}; they take the place of those before.` }),
  ]) decorate(target, key);
};
const language = (): PropertyDecorator => (target, key) => {
  for (const decorate of [LeftOut(), IsString(), Length(2, LONGEST_TAG), Field(() => String, { nullable: true, description: 'Language of title and description, BCP 47; undetermined where it was never said.' })]) decorate(target, key);
};

@InputType({ isAbstract: true })
export class ProductContentInput {
  @language() language?: string;
  @translations() translations?: TranslationInput[] | null;
  @IsOptional() @ArrayMaxSize(MAX_KEYWORDS) @IsString({ each: true }) @Field(() => [String], { nullable: true, description: `Keywords in the default language, at most ${MAX_KEYWORDS} (dcat:keyword).` }) keywords?: string[] | null;
  @IsOptional() @ArrayMaxSize(MAX_PLACES) @Matches(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, { each: true }) @Field(() => [String], { nullable: true, description: 'Where the data is about: ISO 3166-1 alpha-2 or ISO 3166-2 codes (dct:spatial).' }) spatial?: string[] | null;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'First day that the data is about, YYYY-MM-DD (dct:temporal).' }) temporalStart?: string | null;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'Last day that it is about; left out where it goes on.' }) temporalEnd?: string | null;
  @IsOptional() @Matches(/^[A-Z0-9_]{3,20}$/) @Field(() => String, { nullable: true, description: 'Code of the EU table of frequencies: DAILY, MONTHLY, IRREG ... (dct:accrualPeriodicity).' }) frequency?: string | null;
  @IsOptional() @ArrayMaxSize(MAX_DATA_LANGUAGES) @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true }) @Field(() => [String], { nullable: true, description: 'Languages of the data, BCP 47 (dct:language).' }) dataLanguages?: string[] | null;
  @IsOptional() @ValidateNested() @Type(() => PublisherInput) @Field(() => PublisherInput, { nullable: true, description: 'Who answers for the data (dct:publisher).' }) publisher?: PublisherInput | null;
  @IsOptional() @ValidateNested() @Type(() => ContactPointInput) @Field(() => ContactPointInput, { nullable: true, description: 'Whom to ask (dcat:contactPoint).' }) contact?: ContactPointInput | null;
  @IsOptional() @ArrayMaxSize(MAX_STANDARDS) @IsString({ each: true }) @MaxLength(LONGEST_ADDRESS, { each: true }) @Field(() => [String], { nullable: true, description: 'IRIs of the standards that it follows (dct:conformsTo).' }) conformsTo?: string[] | null;
  @IsOptional() @ArrayMaxSize(MAX_RELATED) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: 'Other products that belong with it: your own, or listed ones.' }) related?: string[] | null;
  @IsOptional() @ValidateNested() @Type(() => ScenarioInput) @Field(() => ScenarioInput, { nullable: true, description: 'The scenario that it is of; held against its pack now, and whole when it is handed in.' }) scenario?: ScenarioInput | null;
}

@InputType({ description: 'A unit of measure.' })
export class ColumnUnitInput {
  @IsIn(UNIT_SYSTEMS) @Field(() => UnitSystemEnum, { description: 'How it is written.' }) system: UnitSystem;
  @IsString() @Length(1, 60) @Field(() => String, { description: 'The unit.' }) value: string;
}

@InputType({ description: 'What a column holds, in one language.' })
export class ColumnDescriptionInput {
  @IsString() @Length(2, LONGEST_TAG) @Field(() => String, { description: 'BCP 47.' }) language: string;
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'What it holds.' }) text: string;
}

@InputType({ description: 'A column of a data dictionary.' })
export class DictionaryColumnInput {
  @IsString() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name, as it stands in the file.' }) name: string;
  @IsIn(COLUMN_TYPES) @Field(() => ColumnTypeEnum, { description: 'Type of its values.' }) type: ColumnType;
  @IsOptional() @ValidateNested() @Type(() => ColumnUnitInput) @Field(() => ColumnUnitInput, { nullable: true, description: 'Unit of its values.' }) unit?: ColumnUnitInput | null;
  @IsOptional() @ArrayMaxSize(MAX_TRANSLATIONS + 1) @ArrayUnique((d: ColumnDescriptionInput) => d.language) @ValidateNested({ each: true }) @Type(() => ColumnDescriptionInput)
  @Field(() => [ColumnDescriptionInput], { nullable: true, description: 'What it holds, by language.' }) descriptions?: ColumnDescriptionInput[] | null;
  @LeftOut() @IsIn(SENSITIVITIES) @Field(() => SensitivityEnum, { nullable: true, description: 'What a value gives away; NONE when left out. Sensitive columns are masked in samples.' }) sensitivity?: Sensitivity;
}

@InputType({ isAbstract: true })
export class DatasetContentInput {
  @language() language?: string;
  @translations() translations?: TranslationInput[] | null;
  @IsOptional() @ArrayMaxSize(MAX_COLUMNS) @ValidateNested({ each: true }) @Type(() => DictionaryColumnInput)
  @Field(() => [DictionaryColumnInput], { nullable: true, description: `The data dictionary, at most ${MAX_COLUMNS} columns; it takes the place of the one before.` }) dictionary?: DictionaryColumnInput[] | null;
}

@InputType()
export class UpdateDatasetInput extends DatasetContentInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of a draft of your own.' }) datasetId: string;
  @LeftOut() @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'Title.' }) title?: string;
  @LeftOut() @IsString() @Length(1, LIMITS.longText) @Matches(/\S/) @Field(() => String, { nullable: true, description: 'What it holds.' }) description?: string;
}

@InputType()
export class RemoveDatasetInput {
  @IsUUID() @Field(() => ID, { description: 'A dataset of a draft of your own, without a finalised revision.' }) datasetId: string;
}

@InputType()
export class RemoveAssetInput {
  @IsUUID() @Field(() => ID, { description: 'A file of a draft revision of your own.' }) assetId: string;
}
