import { Injectable } from '@nestjs/common';
import { StoragePort } from '../object-storage/storage.port.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';

/** The bytes of assets, where they lie. */
@Injectable()
export class StoredFiles {
  constructor(private readonly objects: StoredObjectRepository, private readonly storage: StoragePort) {}

  /** Where each of these assets lies as a file; an asset that is not in the storage is missing. */
  async paths(assetIds: readonly string[]): Promise<Map<string, string>> {
    const paths = new Map<string, string>();
    for (const [assetId, { objectKey }] of await this.objects.byAssets(assetIds)) {
      if (await this.storage.stat(objectKey)) paths.set(assetId, await this.storage.pathOf(objectKey));
    }
    return paths;
  }
}
