import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { enumOf } from '#shared';
import { INDUSTRIES, type Industry, SENSITIVE_CATEGORIES, type SensitiveCategory, US_CATEGORIES, type USCategory } from '../domain/classification.js';

export const SensitiveCategoryEnum = enumOf<SensitiveCategory>(SENSITIVE_CATEGORIES);
export const IndustryEnum = enumOf<Industry>(INDUSTRIES);
export const USCategoryEnum = enumOf<USCategory>(US_CATEGORIES);
registerEnumType(SensitiveCategoryEnum, { name: 'SensitiveCategory', description: 'Categories of sensitive personal information (PIPL Art. 28; GB/T 45574-2025).' });
registerEnumType(IndustryEnum, { name: 'DataIndustry', description: 'Industries of GB/T 43697-2024, section 5.' });
registerEnumType(USCategoryEnum, { name: 'USSensitiveCategory', description: 'Categories of bulk US sensitive personal data (28 CFR 202.205).' });

/** Up to 11 digits, so that it stays far inside a bigint; the domain check has the exact limit. */
export const COUNT_PATTERN = /^(0|[1-9]\d{0,10})$/;
export const COUNT = 'Decimal digits, because a bigint does not fit JSON.';

@InputType({ description: 'A place other than the vendor\'s that part of the data came from.' })
export class UpstreamInput {
  @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether the contract with that source bars onward transfer to countries of concern; null: not known.' }) noOnwardClause?: boolean | null;
}

@InputType({ description: 'US persons or devices of one category, anonymised or not.' })
export class USCountInput {
  @IsIn(US_CATEGORIES) @Field(() => USCategoryEnum, { description: 'Category.' }) category: USCategory;
  @IsString() @Matches(COUNT_PATTERN, { message: 'count must be a whole number in decimal digits' }) @Field(() => String, { description: COUNT }) count: string;
}

@InputType({ description: 'What the list of the vendor\'s zone or city says of the data (CAC Order 16 Art. 6).' })
export class ListPositionInput {
  @Matches(/^[a-z0-9-]{1,60}$/) @Field(() => String, { description: 'Id of the list: `shanghai-2025`.' }) list: string;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'The list covers the sector; looked up in the list when left out.' }) sectorCovered?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'The data is an item of the negative list.' }) itemOnList?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'The list names it as important data.' }) importantItem?: boolean | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'It is on the general data list, its conditions met.' }) whitelisted?: boolean | null;
  @IsOptional() @IsIn(['security_assessment', 'standard_contract', 'certification']) @Field(() => String, { nullable: true, description: 'What the item asks for: `security_assessment`, `standard_contract` or `certification`.' }) tier?: string | null;
}

@ObjectType('Upstream', { description: 'A place other than the vendor\'s that part of the data came from.' })
export class UpstreamType {
  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @Field(() => Boolean, { nullable: true, description: 'Whether the contract with that source bars onward transfer to countries of concern.' }) noOnwardClause: boolean | null;
}

@ObjectType('USCount', { description: 'US persons or devices of one category.' })
export class USCountType {
  @Field(() => USCategoryEnum, { description: 'Category.' }) category: USCategory;
  @Field(() => String, { description: COUNT }) count: string;
}

@ObjectType('ListPosition', { description: 'What the list of a zone or city says of the data.' })
export class ListPositionType {
  @Field(() => String, { description: 'Id of the list.' }) list: string;
  @Field(() => Boolean, { nullable: true, description: 'The list covers the sector.' }) sectorCovered?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'The data is an item of the negative list.' }) itemOnList?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'The list names it as important data.' }) importantItem?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'It is on the general data list.' }) whitelisted?: boolean | null;
  @Field(() => String, { nullable: true, description: 'What the item asks for.' }) tier?: string | null;
}
