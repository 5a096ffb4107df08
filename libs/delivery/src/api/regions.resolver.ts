import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AssetType, toAssetType } from '#catalog';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { isRefused, loader, type LoaderHolder } from '#shared';
import { ChooseHomeRegion } from '../use-cases/regions/choose-home-region.js';
import { ReadRegions } from '../use-cases/regions/read-regions.js';
import { ChooseHomeRegionInput, ChooseHomeRegionResult, StorageRegion } from './regions.types.js';

@Resolver(() => AssetType)
@Authenticated()
export class RegionsResolver {
  constructor(private readonly choosing: ChooseHomeRegion, private readonly reading: ReadRegions) {}

  @Asks('AUTHENTICATED')
  @Query(() => [StorageRegion], { complexity: 50, description: 'The places where the exchange keeps the bytes of assets, fifty at the most.' })
  storageRegions(@CurrentActor() actor: Actor): Promise<StorageRegion[]> {
    return this.reading.all(actor);
  }

  @Asks('delivery:upload')
  @Mutation(() => ChooseHomeRegionResult, { description: 'Says in which region an asset will lie, before it is uploaded. Without it the exchange takes the usual one.' })
  async chooseHomeRegion(@CurrentActor() actor: Actor, @Args('input') input: ChooseHomeRegionInput): Promise<object> {
    const asset = await this.choosing.execute(actor, input);
    return isRefused(asset) ? asset : toAssetType(asset);
  }

  @ResolveField('homeRegion', () => String, { nullable: true, complexity: 2, description: 'The storage region that the file lies in, or will; null: it is not uploaded, and nobody chose.' })
  async homeRegion(@Parent() { id }: AssetType, @Context() context: LoaderHolder): Promise<string | null> {
    return loader<string>(context, 'delivery.home-regions', (ids) => this.reading.homes(ids)).load(id);
  }
}
