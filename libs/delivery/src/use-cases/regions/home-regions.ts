import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { Identity } from '#identity';
import { type Result, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { homeFor, mayStore, type Region } from '../../object-storage/regions/region.js';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { HomeRegionRepository } from '../../storage/home-region.repository.js';

/** Which region an asset belongs to. */
@Injectable()
export class HomeRegions {
  constructor(private readonly regions: StorageRegions, private readonly homes: HomeRegionRepository, private readonly identity: Identity) {}

  /** Where the bytes of an asset go: as its vendor chose, else where those of his jurisdiction go. The configuration of today decides, also about a choice of before. */
  async forUpload({ id, vendorId }: Pick<AssetRecord, 'id' | 'vendorId'>): Promise<Result<Region>> {
    const chosen = (await this.homes.byAssets([id])).get(id);
    const jurisdiction = await this.jurisdiction(vendorId);
    const region = chosen === undefined ? homeFor(this.regions.plan, jurisdiction) : this.regions.region(chosen);
    if (region && mayStore(region, jurisdiction)) return region;
    return stateConflict(DELIVERY_ERRORS.REGION, chosen === undefined ? `no storage region is for vendors in ${jurisdiction}` : `the storage region ${chosen} is not for vendors in ${jurisdiction}, or is not there any more: choose another`, 'NO_REGION');
  }

  /** Those that this organisation may keep its assets in. */
  async permitted(vendorId: string): Promise<readonly Region[]> {
    const jurisdiction = await this.jurisdiction(vendorId);
    return this.regions.plan.regions.filter((r) => mayStore(r, jurisdiction));
  }

  private async jurisdiction(vendorId: string): Promise<string> {
    return (await this.identity.byId(vendorId))!.jurisdiction;
  }
}
