import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsUUID, Length, MaxLength, ValidateNested } from 'class-validator';
import { connectionType, enumOf, IsPlainText, LIMITS, PageArgs, resultUnion } from '#shared';
import { MOST_NAMED } from '../../domain/search/audience.js';
import { type Facet, FACETS, FRESHNESS, type Freshness, SORTS, type Sort } from '../../domain/search/search-query.js';
import { Product } from '../catalog.types.js';

const FacetEnum = enumOf(FACETS);
const SortEnum = enumOf(SORTS);
export const FreshnessEnum = enumOf(FRESHNESS);
registerEnumType(FacetEnum, {
  name: 'SearchFacet', description: 'By what products are told apart.',
  valuesMap: {
    THEME: { description: 'Codes of the EU data-theme table.' }, ORIGIN: { description: "The vendor's country, ISO 3166-1 alpha-2." }, PRICE_MODEL: { description: 'How the public offers that can be taken are priced: ONE_OFF, RECURRING, USAGE, FREE, TRIAL.' },
    DELIVERY_METHOD: { description: 'How data is fetched: HTTP_DOWNLOAD.' }, LEVEL: { description: 'The strictest classification of its datasets: GENERAL, IMPORTANT, CORE.' }, LANGUAGE: { description: 'Languages of the data, BCP 47.' },
    FORMAT: { description: 'Media types of its files.' }, FRESHNESS: { description: 'How old the newest revision is: MONTH, QUARTER, YEAR, OLDER.' }, VENDOR: { description: "The vendor's UUID." },
  },
});
registerEnumType(SortEnum, { name: 'SearchSort', description: 'RELEVANCE: titles before keywords before descriptions, then the newest; NEWEST: latest listing first; TRADES: most licensed first.' });
registerEnumType(FreshnessEnum, { name: 'SearchFreshness', description: 'The newest revision is at most 31 (MONTH), 92 (QUARTER) or 366 (YEAR) days old, or OLDER.' });

const MOST_VALUES = 50;

@InputType()
export class SearchInput {
  @IsOptional() @IsPlainText() @MaxLength(LIMITS.shortText) @Field(() => String, { nullable: true, description: 'All of these words, English or Chinese; one that no title knows is taken for its nearest.' }) text?: string | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @Length(1, 40, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these themes.' }) themes?: string[] | null;
  @IsOptional() @ArrayMaxSize(250) @Length(2, 2, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these countries of origin.' }) origins?: string[] | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @Length(1, 40, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these price models.' }) priceModels?: string[] | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @Length(1, 40, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these delivery methods.' }) deliveryMethods?: string[] | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @Length(1, 40, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these levels.' }) levels?: string[] | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @Length(1, 40, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these languages of the data.' }) languages?: string[] | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @Length(1, 100, { each: true }) @Field(() => [String], { nullable: true, description: 'One of these media types.' }) formats?: string[] | null;
  @IsOptional() @ArrayMaxSize(MOST_VALUES) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: 'One of these vendors.' }) vendorIds?: string[] | null;
  @IsOptional() @IsIn(FRESHNESS) @Field(() => FreshnessEnum, { nullable: true, description: 'How old the newest revision may be.' }) freshness?: Freshness | null;
}

@ArgsType()
export class SearchArgs extends PageArgs {
  @ValidateNested() @Type(() => SearchInput) @Field(() => SearchInput, { description: 'What to look for; nothing finds everything.' }) search: SearchInput;
  @IsOptional() @IsIn(SORTS) @Field(() => SortEnum, { defaultValue: 'RELEVANCE', description: 'In what sequence.' }) sort: Sort = 'RELEVANCE';
  @IsOptional() @IsArray() @ArrayMaxSize(FACETS.length) @IsIn(FACETS, { each: true }) @Field(() => [FacetEnum], { defaultValue: [], description: 'Facets whose values are counted.' }) facets: Facet[] = [];
}

@InputType()
export class SetProductAudienceInput {
  @IsUUID() @Field(() => ID, { description: 'A product of your own.' }) productId: string;
  @IsOptional() @ArrayMaxSize(MOST_NAMED) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: `The organisations that find and open it, at most ${MOST_NAMED}; left out: everybody.` }) organisationIds?: string[] | null;
}
export const SetProductAudienceResult = resultUnion('SetProductAudienceResult', () => Product);

@ObjectType({ description: 'A value of a facet.' })
export class FacetValue {
  @Field(() => FacetEnum, { description: 'The facet.' }) facet: string;
  @Field(() => String, { description: 'The value, as the filter takes it.' }) value: string;
  @Field(() => Int, { description: 'How many of the products that were counted have it.' }) count: number;
}

const FoundConnection = connectionType(Product, 'FoundProduct');
@ObjectType({ description: 'What was found.' })
export class SearchResult extends FoundConnection {
  @Field(() => Int, { description: 'How many there are; estimated unless `exact`.' }) total: number;
  @Field(() => Boolean, { description: 'Whether total and facet counts are of every match; else they are of the newest, and the total is estimated.' }) exact: boolean;
  @Field(() => [FacetValue], { description: 'The facets that were asked for, most frequent values first, at most 50 of each.' }) facets: readonly FacetValue[];
  @Field(() => String, { nullable: true, description: 'The words that were looked for instead, where what was typed is found nowhere.' }) corrected?: string | null;
}
