import { Injectable } from '@nestjs/common';
import { type Actor, Identity } from '#identity';
import { homeFor, mayStore } from '../../object-storage/regions/region.js';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { HomeRegionRepository } from '../../storage/home-region.repository.js';

export interface ShownRegion {
  readonly id: string;
  readonly jurisdiction: string | null;
  readonly permitted: boolean;
  readonly usual: boolean;
}

/** The regions as one who is signed in sees them. */
@Injectable()
export class ReadRegions {
  constructor(private readonly regions: StorageRegions, private readonly repository: HomeRegionRepository, private readonly identity: Identity) {}

  async all({ tenantId }: Actor): Promise<ShownRegion[]> {
    const { plan } = this.regions;
    const own = tenantId === null ? null : await this.identity.byId(tenantId);
    const usual = own && homeFor(plan, own.jurisdiction)?.id;
    return plan.regions.map((r) => ({ id: r.id, jurisdiction: r.jurisdiction, permitted: own !== null && mayStore(r, own.jurisdiction), usual: r.id === usual }));
  }

  homes(assetIds: readonly string[]): Promise<Map<string, string>> {
    return this.repository.byAssets(assetIds);
  }
}
