import { ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated } from '#identity';
import { FieldArgument } from '#shared';
import { pickLanguage } from '../../domain/content/language.js';
import { languagesOf, textIn } from '../../domain/content/texts.js';
import * as T from '../catalog.types.js';
import { DictionaryColumnType, ProductMetadata } from './content.types.js';

const InLanguage = (): MethodDecorator => FieldArgument('language', { type: () => String, nullable: true, description: 'BCP 47. Where it is not there: what it is a kind of (zh for zh-Hant), else the default language.' });
interface Wanted {
  readonly language?: string | null;
}

@Resolver(() => T.Product)
@Authenticated()
export class ProductTextsResolver {
  @ResolveField(() => String, { description: 'Title.' })
  @InLanguage()
  title({ texts }: T.Product, { language }: Wanted): string {
    return textIn(texts, language).title;
  }
  @ResolveField(() => String, { description: 'What it is and what it is good for.' })
  @InLanguage()
  description({ texts }: T.Product, { language }: Wanted): string {
    return textIn(texts, language).description;
  }
  @ResolveField(() => [String], { description: 'Languages of title and description, the default first; `und`: nobody said.' })
  languages({ texts }: T.Product): string[] {
    return languagesOf(texts);
  }
}

@Resolver(() => ProductMetadata)
@Authenticated()
export class MetadataTextsResolver {
  @ResolveField(() => [String], { description: 'Keywords in the language asked for, where it has some, else in the default one (dcat:keyword).' })
  @InLanguage()
  keywords({ texts, ownKeywords }: ProductMetadata, { language }: Wanted): readonly string[] {
    const { keywords } = textIn(texts, language);
    return keywords?.length ? keywords : ownKeywords;
  }
}

@Resolver(() => T.Dataset)
@Authenticated()
export class DatasetTextsResolver {
  @ResolveField(() => String, { description: 'Title.' })
  @InLanguage()
  title({ texts }: T.Dataset, { language }: Wanted): string {
    return textIn(texts, language).title;
  }
  @ResolveField(() => String, { description: 'What it holds.' })
  @InLanguage()
  description({ texts }: T.Dataset, { language }: Wanted): string {
    return textIn(texts, language).description;
  }
  @ResolveField(() => [String], { description: 'Languages of title and description, the default first; `und`: nobody said.' })
  languages({ texts }: T.Dataset): string[] {
    return languagesOf(texts);
  }
}

@Resolver(() => DictionaryColumnType)
@Authenticated()
export class ColumnTextsResolver {
  @ResolveField(() => String, { nullable: true, description: 'What it holds.' })
  @InLanguage()
  description({ descriptions, fallback }: DictionaryColumnType, { language }: Wanted): string | null {
    const there = Object.keys(descriptions);
    const found = (language && pickLanguage(there, language)) || pickLanguage(there, fallback) || there[0];
    return found === undefined ? null : descriptions[found]!;
  }
}
