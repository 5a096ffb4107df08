import { Injectable } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import type { Actor } from '#identity';
import { Clock, invalid, type InvalidInput, isRefused, LIMITS, newId, notFound, type Result, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Region } from '../object-storage/regions/region.js';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { type Temporary, TooManyBytesError } from '../object-storage/storage.port.js';
import { type StoredObject, StoredObjectRepository } from '../storage/stored-object.repository.js';
import { HomeRegions } from './regions/home-regions.js';

export interface Upload {
  readonly body: AsyncIterable<Buffer>;
  /** As declared by the client; null when he did not. */
  readonly contentLength: number | null;
  /** sha-256 as declared by the client, lower-case hex. */
  readonly digest: string | null;
}
/** `repeated`: the asset had these bytes before. */
export type StoredAsset = StoredObject & { readonly repeated: boolean };

/** Takes the bytes of an asset in, exactly those that its description names. */
@Injectable()
export class StoreAsset {
  constructor(
    private readonly catalog: Catalog, private readonly regions: StorageRegions, private readonly homes: HomeRegions, private readonly objects: StoredObjectRepository,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, assetId: string, upload: Upload): Promise<Result<StoredAsset>> {
    const open = await this.catalog.assetForUpload(actor, assetId);
    if (isRefused(open) && open.kind !== 'StateConflict') return open;
    const asset = isRefused(open) ? await this.catalog.assetById(assetId) : open;
    if (!asset) return notFound('asset');
    const declared = difference(asset, upload.contentLength, upload.digest);
    if (declared) return declared;
    const region = await this.homes.forUpload(asset);
    if (isRefused(region)) return region;
    const temporary = await this.receive(asset, region, upload.body);
    if ('refused' in temporary) return temporary;
    try {
      const wrong = difference(asset, temporary.bytes, temporary.sha256);
      if (wrong) return wrong;
      const before = (await this.objects.byAssets([assetId])).get(assetId);
      return before ? { ...before, repeated: true } : await this.keep(actor, asset, region, temporary);
    } finally {
      await this.regions.storage(region.id).discard(temporary);
    }
  }

  private async receive(asset: AssetRecord, region: Region, body: AsyncIterable<Buffer>): Promise<Temporary | InvalidInput> {
    try {
      return await this.regions.storage(region.id).writeTemporary(newId(), body, Math.min(Number(asset.byteLength), LIMITS.uploadBytes));
    } catch (error) {
      if (error instanceof TooManyBytesError) return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'content', `more than the ${asset.byteLength} bytes of the description`);
      throw error;
    }
  }

  /** The object is announced before it takes its place, so that after a crash it is either an asset's or known to be nobody's. */
  private async keep(actor: Actor, asset: AssetRecord, region: Region, temporary: Temporary): Promise<Result<StoredAsset>> {
    const now = this.clock.now();
    const stored: StoredObject = { assetId: asset.id, vendorId: asset.vendorId, objectKey: temporary.key, region: region.id, byteLength: asset.byteLength, sha256: asset.sha256, storedAt: now };
    const storage = this.regions.storage(region.id);
    await this.uow.run((tx) => this.objects.announce(tx, stored));
    await storage.commit(temporary);
    const result = await this.uow.run<Result<StoredAsset | 'lost'>>(async (tx) => {
      if (!(await this.objects.settle(tx, stored.objectKey))) throw new Error('the upload was cleared away as abandoned');
      const marked = await this.catalog.markAssetStored(tx, actor, asset.id, stored);
      if (isRefused(marked)) return marked;
      return (await this.objects.insert(tx, stored)) ? { ...stored, repeated: false } : 'lost';
    });
    if (result !== 'lost' && !isRefused(result)) return result;
    await storage.remove(stored.objectKey);
    if (result !== 'lost') {
      await this.uow.run((tx) => this.objects.settle(tx, stored.objectKey));
      return result;
    }
    // Another upload of the same bytes was faster: its object is the asset's.
    return { ...(await this.objects.byAssets([asset.id])).get(asset.id)!, repeated: true };
  }
}

function difference(asset: AssetRecord, bytes: number | null, sha256: string | null): InvalidInput | undefined {
  if (bytes !== null && BigInt(bytes) !== asset.byteLength) return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'content', `${bytes} bytes; the description says ${asset.byteLength}`);
  if (sha256 !== null && sha256 !== asset.sha256) return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'content', 'the sha-256 is not the one of the description');
  return undefined;
}
