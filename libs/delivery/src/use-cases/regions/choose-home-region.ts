import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type AssetRecord, Catalog } from '#catalog';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isRefused, type Result } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { HomeRegionRepository } from '../../storage/home-region.repository.js';
import { HomeRegions } from './home-regions.js';

export interface ChooseHomeRegionInput {
  readonly assetId: string;
  readonly regionId: string;
}

/** A vendor says in which region an asset will lie, before its bytes come. */
@Injectable()
export class ChooseHomeRegion {
  constructor(
    private readonly commands: Commands, private readonly catalog: Catalog, private readonly homes: HomeRegions, private readonly repository: HomeRegionRepository,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ChooseHomeRegionInput): Promise<Result<AssetRecord>> {
    const refusal = authorise(actor, 'delivery:upload');
    if (refusal) return refusal;
    const asset = await this.catalog.assetForUpload(actor, input.assetId);
    if (isRefused(asset)) return asset;
    const permitted = (await this.homes.permitted(asset.vendorId)).map((r) => r.id);
    if (!permitted.includes(input.regionId)) return invalid(DELIVERY_ERRORS.REGION, 'regionId', permitted.length ? `assets of this vendor may lie in ${permitted.join(', ')}` : 'no storage region is for this vendor');
    const chosen = await this.commands.run<Result<{ readonly regionId: string }>>(actor, 'delivery.choose-home-region', input, async (tx) => {
      await this.repository.set(tx, { assetId: asset.id, vendorId: asset.vendorId, region: input.regionId, chosenAt: this.clock.now() });
      await this.audit.append(tx, actor, { act: 'delivery.choose-home-region', objectType: 'asset', objectId: asset.id, details: { region: input.regionId } });
      return { regionId: input.regionId };
    });
    return isRefused(chosen) ? chosen : asset;
  }
}
