import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, notFound, type Result, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type AssetRecord, DatasetRepository } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { grows } from './own-draft.js';

/** Delivery holds the bytes of an asset, and they are the ones that were described. Runs in delivery's transaction. */
@Injectable()
export class MarkAssetStored {
  constructor(private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit) {}

  async execute(tx: Tx, caller: Caller, assetId: string, stored: { readonly sha256: string; readonly byteLength: bigint }): Promise<Result<AssetRecord>> {
    const found = await this.datasets.asset(tx, assetId);
    if (!found) return notFound('asset');
    const product = await this.products.lock(tx, found.productId);
    const asset = (await this.datasets.asset(tx, assetId))!;
    if (asset.sha256 !== stored.sha256 || asset.byteLength !== stored.byteLength) return stateConflict(CATALOG_ERRORS.ASSET_DIFFERS, 'the bytes are not those that were described', asset.state);
    if (asset.state === 'STORED') return asset;
    if (!product || !grows(product) || asset.revisionState !== 'DRAFT') return stateConflict(CATALOG_ERRORS.NOT_DRAFT, 'only a draft takes uploads', product?.state ?? 'WITHDRAWN');
    await this.datasets.setStored(tx, assetId);
    await this.audit.append(tx, caller, { act: 'asset.store', objectType: 'asset', objectId: assetId, tenantId: asset.vendorId, details: { sha256: stored.sha256, byteLength: stored.byteLength } });
    return { ...asset, state: 'STORED' };
  }
}
