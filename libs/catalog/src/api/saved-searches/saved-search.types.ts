import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsUUID, Length, ValidateNested } from 'class-validator';
import { connectionType, IsPlainText, LIMITS, resultUnion } from '#shared';
import type { SavedSearch } from '../../domain/saved-searches/saved-search.js';
import type { Facet } from '../../domain/search/search-query.js';
import { FreshnessEnum, SearchInput } from '../search/search.types.js';

@ObjectType({ description: 'What a saved search asks for; an empty list: anything.' })
export class SavedSearchCriteria {
  @Field(() => String, { nullable: true, description: 'All of these words.' }) text?: string | null;
  @Field(() => [String], { description: 'One of these themes.' }) themes: readonly string[];
  @Field(() => [String], { description: 'One of these countries of origin.' }) origins: readonly string[];
  @Field(() => [String], { description: 'One of these price models.' }) priceModels: readonly string[];
  @Field(() => [String], { description: 'One of these delivery methods.' }) deliveryMethods: readonly string[];
  @Field(() => [String], { description: 'One of these levels.' }) levels: readonly string[];
  @Field(() => [String], { description: 'One of these languages of the data.' }) languages: readonly string[];
  @Field(() => [String], { description: 'One of these media types.' }) formats: readonly string[];
  @Field(() => [ID], { description: 'One of these vendors.' }) vendorIds: readonly string[];
  @Field(() => FreshnessEnum, { nullable: true, description: 'How old the newest revision may be.' }) freshness?: string | null;
}

@ObjectType('SavedSearch', { description: 'A search that an organisation keeps, and is told of what it finds anew.' })
export class SavedSearchType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'Its name.' }) name: string;
  @Field(() => SavedSearchCriteria, { description: 'What it asks for.' }) criteria: SavedSearchCriteria;
  @Field(() => Int, { description: 'Products that the organisation was told of.' }) matches: number;
  @Field(() => Int, { description: 'Those of them since it was marked as read.' }) newMatches: number;
  @Field(() => Date, { nullable: true, description: 'When it told of something last.' }) lastNotifiedAt?: Date | null;
  @Field(() => Date, { description: 'When it was saved.' }) createdAt: Date;
}
export const SavedSearchConnection = connectionType(SavedSearchType, 'SavedSearch');

@InputType()
export class SaveSearchInput {
  @Length(1, LIMITS.shortText) @IsPlainText() @Field(() => String, { description: 'A name for it.' }) name: string;
  @ValidateNested() @Type(() => SearchInput) @Field(() => SearchInput, { description: 'What to look for: a word or a facet at least. Words are taken as they are typed.' }) search: SearchInput;
}
@InputType()
export class RenameSavedSearchInput {
  @IsUUID() @Field(() => ID, { description: "A search of your organisation." }) savedSearchId: string;
  @Length(1, LIMITS.shortText) @IsPlainText() @Field(() => String, { description: 'Its new name.' }) name: string;
}
@InputType()
export class MarkSavedSearchReadInput {
  @IsUUID() @Field(() => ID, { description: "A search of your organisation." }) savedSearchId: string;
}
@InputType()
export class DeleteSavedSearchInput {
  @IsUUID() @Field(() => ID, { description: "A search of your organisation." }) savedSearchId: string;
}
export const SaveSearchResult = resultUnion('SaveSearchResult', () => SavedSearchType);
export const RenameSavedSearchResult = resultUnion('RenameSavedSearchResult', () => SavedSearchType);
export const MarkSavedSearchReadResult = resultUnion('MarkSavedSearchReadResult', () => SavedSearchType);
export const DeleteSavedSearchResult = resultUnion('DeleteSavedSearchResult', () => SavedSearchType);

export function toSavedSearchType({ criteria: { text, freshness, filters }, ...search }: SavedSearch): SavedSearchType {
  const of = (facet: Facet): readonly string[] => filters.find((f) => f.facet === facet)?.values ?? [];
  return {
    ...search, criteria: {
      text, freshness, themes: of('THEME'), origins: of('ORIGIN'), priceModels: of('PRICE_MODEL'), deliveryMethods: of('DELIVERY_METHOD'), levels: of('LEVEL'), languages: of('LANGUAGE'), formats: of('FORMAT'), vendorIds: of('VENDOR'),
    },
  };
}
