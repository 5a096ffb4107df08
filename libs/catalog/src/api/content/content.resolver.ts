import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { ContentDesk } from '../../use-cases/desks.js';
import { UpdateProductInput } from '../catalog.inputs.js';
import { shown, toAssetType, toDatasetType, toProductType } from '../catalog.mapping.js';
import * as T from '../catalog.types.js';
import { RemoveAssetInput, RemoveDatasetInput, UpdateDatasetInput } from './content.inputs.js';
import { fromDatasetContent, fromProductContent, toPackType } from './content.mapping.js';
import { ScenarioPackType, VocabularyType } from './content.types.js';

@Resolver()
@Authenticated()
export class ContentResolver {
  constructor(private readonly desk: ContentDesk) {}

  @Asks('AUTHENTICATED')
  @Query(() => [VocabularyType], { complexity: ({ childComplexity }) => 2 * childComplexity, description: 'The controlled vocabularies that content is checked against.' })
  vocabularies(@Args('language', { type: () => String, nullable: true, description: 'Of the names; English where there is none.' }) language: string | null): VocabularyType[] {
    return this.desk.vocabularies.all.map(({ id, title, iri, codes }) => ({
      id, title, iri, codes: Object.entries(codes).map(([code, names]) => ({ code, iri: `${iri}${code}`, name: (language && Object.hasOwn(names, language) ? names[language] : names['en'])! })),
    }));
  }

  @Asks('AUTHENTICATED')
  @Query(() => [ScenarioPackType], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'The packs of scenarios, by id, the latest version first.' })
  scenarioPacks(@Args('language', { type: () => String, nullable: true, description: 'Of the texts: en or zh.' }) language: string | null): ScenarioPackType[] {
    return this.desk.packs.all.map((pack) => toPackType(pack, language));
  }

  @Asks('catalog:manage')
  @Mutation(() => T.UpdateProductResult, { description: 'Changes what a draft says of itself. What is left out stays.' })
  async updateProduct(@CurrentActor() actor: Actor, @Args('input') input: UpdateProductInput): Promise<object> {
    const { productId, exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA } = input;
    const exporter = {
      ...(exporterIsCIIO === undefined ? {} : { exporterIsCIIO }), ...(exporterHasPRCEntity === undefined ? {} : { exporterHasPRCEntity }), ...(exporterZone === undefined ? {} : { exporterZone }),
      ...(exporterInGBA === undefined ? {} : { exporterInGBA }),
    };
    return shown(await this.desk.updateProduct.execute(actor, { productId, ...exporter, content: fromProductContent(input) }), toProductType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.UpdateDatasetResult, { description: 'Changes what a dataset of a draft says of itself. What is left out stays.' })
  async updateDataset(@CurrentActor() actor: Actor, @Args('input') input: UpdateDatasetInput): Promise<object> {
    const { datasetId, title, description } = input;
    return shown(await this.desk.updateDataset.execute(actor, { datasetId, ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }), ...fromDatasetContent(input) }), toDatasetType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.RemoveDatasetResult, { description: 'Takes a dataset out of a draft; answers what it was.' })
  async removeDataset(@CurrentActor() actor: Actor, @Args('input') input: RemoveDatasetInput): Promise<object> {
    return shown(await this.desk.removing.dataset(actor, input), toDatasetType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.RemoveAssetResult, { description: 'Takes a file out of a draft revision; answers what it was.' })
  async removeAsset(@CurrentActor() actor: Actor, @Args('input') input: RemoveAssetInput): Promise<object> {
    return shown(await this.desk.removing.asset(actor, input), toAssetType);
  }
}
