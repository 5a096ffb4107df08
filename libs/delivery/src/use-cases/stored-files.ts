import { Injectable } from '@nestjs/common';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';

/** The bytes of assets, where they lie. */
@Injectable()
export class StoredFiles {
  constructor(private readonly objects: StoredObjectRepository, private readonly regions: StorageRegions) {}

  /** Where each of these assets lies as a file, fetched into `folder` where it lies in none; an asset that is not in the storage is missing. */
  async paths(assetIds: readonly string[], folder: string): Promise<Map<string, string>> {
    const paths = new Map<string, string>();
    for (const [assetId, { objectKey, region }] of await this.objects.byAssets(assetIds)) {
      const storage = this.regions.storage(region);
      if (await storage.stat(objectKey)) paths.set(assetId, await storage.fileOf(objectKey, folder));
    }
    return paths;
  }
}
