import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { AuthoringDesk } from '../use-cases/desks.js';
import { AddAssetInput, AddDatasetInput, ClassifyDatasetInput, CreateProductInput } from './catalog.inputs.js';
import { fromDatasetContent } from './content/content.mapping.js';
import { fromClassifyInput, fromCreateInput, shown, toAssetType, toDatasetType, toProductType } from './catalog.mapping.js';
import * as T from './catalog.types.js';

@Resolver()
@Authenticated()
export class AuthoringResolver {
  constructor(private readonly desk: AuthoringDesk) {}

  @Asks('catalog:manage')
  @Mutation(() => T.CreateProductResult, { description: 'Opens a draft.' })
  async createProduct(@CurrentActor() actor: Actor, @Args('input') input: CreateProductInput): Promise<object> {
    return shown(await this.desk.createProduct.execute(actor, fromCreateInput(input)), toProductType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.AddDatasetResult, { description: 'Adds a dataset to a draft.' })
  async addDataset(@CurrentActor() actor: Actor, @Args('input') input: AddDatasetInput): Promise<object> {
    return shown(await this.desk.addDataset.execute(actor, { productId: input.productId, title: input.title, description: input.description, ...fromDatasetContent(input) }), toDatasetType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.AddAssetResult, { description: 'Describes a file; send its bytes to `PUT /v1/assets/{id}/content`.' })
  async addAsset(@CurrentActor() actor: Actor, @Args('input') input: AddAssetInput): Promise<object> {
    return shown(await this.desk.addAsset.execute(actor, { ...input, byteLength: BigInt(input.byteLength) }), toAssetType);
  }

  @Asks('catalog:manage')
  @Mutation(() => T.ClassifyDatasetResult, { description: 'Declares what the data is in the eyes of the law, its source included (DSL Art. 33). Where it is milder than what the platform proposes, each such field needs a reason, and then the consent of the compliance staff.' })
  async classifyDataset(@CurrentActor() actor: Actor, @Args('input') input: ClassifyDatasetInput): Promise<object> {
    return shown(await this.desk.classifyDataset.execute(actor, fromClassifyInput(input)), toDatasetType);
  }
}
