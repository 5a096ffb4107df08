import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated } from '#identity';
import { pickLanguage } from '../../domain/content/language.js';
import { languagesOf, textIn } from '../../domain/content/texts.js';
import * as T from '../catalog.types.js';
import { DictionaryColumnType, ProductMetadata } from './content.types.js';

const LANGUAGE = { type: () => String, nullable: true, description: 'BCP 47. Where it is not there: what it is a kind of (zh for zh-Hant), else the default language.' } as const;
type Wanted = string | null;

@Resolver(() => T.Product)
@Authenticated()
export class ProductTextsResolver {
  @ResolveField(() => String, { description: 'Title.' })
  title(@Parent() { texts }: T.Product, @Args('language', LANGUAGE) language: Wanted): string {
    return textIn(texts, language).title;
  }
  @ResolveField(() => String, { description: 'What it is and what it is good for.' })
  description(@Parent() { texts }: T.Product, @Args('language', LANGUAGE) language: Wanted): string {
    return textIn(texts, language).description;
  }
  @ResolveField(() => [String], { description: 'Languages of title and description, the default first; `und`: nobody said.' })
  languages(@Parent() { texts }: T.Product): string[] {
    return languagesOf(texts);
  }
}

@Resolver(() => ProductMetadata)
@Authenticated()
export class MetadataTextsResolver {
  @ResolveField(() => [String], { description: 'Keywords in the language asked for, where it has some, else in the default one (dcat:keyword).' })
  keywords(@Parent() { texts, ownKeywords }: ProductMetadata, @Args('language', LANGUAGE) language: Wanted): readonly string[] {
    const { keywords } = textIn(texts, language);
    return keywords?.length ? keywords : ownKeywords;
  }
}

@Resolver(() => T.Dataset)
@Authenticated()
export class DatasetTextsResolver {
  @ResolveField(() => String, { description: 'Title.' })
  title(@Parent() { texts }: T.Dataset, @Args('language', LANGUAGE) language: Wanted): string {
    return textIn(texts, language).title;
  }
  @ResolveField(() => String, { description: 'What it holds.' })
  description(@Parent() { texts }: T.Dataset, @Args('language', LANGUAGE) language: Wanted): string {
    return textIn(texts, language).description;
  }
  @ResolveField(() => [String], { description: 'Languages of title and description, the default first; `und`: nobody said.' })
  languages(@Parent() { texts }: T.Dataset): string[] {
    return languagesOf(texts);
  }
}

@Resolver(() => DictionaryColumnType)
@Authenticated()
export class ColumnTextsResolver {
  @ResolveField(() => String, { nullable: true, description: 'What it holds.' })
  description(@Parent() { descriptions, fallback }: DictionaryColumnType, @Args('language', LANGUAGE) language: Wanted): string | null {
    const there = Object.keys(descriptions);
    const found = (language && pickLanguage(there, language)) || pickLanguage(there, fallback) || there[0];
    return found === undefined ? null : descriptions[found]!;
  }
}
