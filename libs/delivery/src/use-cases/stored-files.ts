import { Injectable } from '@nestjs/common';
import { StoragePort } from '../object-storage/storage.port.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';

/** The bytes of assets, where they lie. */
@Injectable()
export class StoredFiles {
  constructor(private readonly objects: StoredObjectRepository, private readonly storage: StoragePort) {}

  /** The files of these assets, each from its first byte; an asset that is not in the storage is missing. A chunk is good until the next one is asked for. */
  async open(assetIds: readonly string[]): Promise<Map<string, AsyncIterable<Buffer>>> {
    const files = new Map<string, AsyncIterable<Buffer>>();
    for (const [assetId, { objectKey }] of await this.objects.byAssets(assetIds)) {
      if (await this.storage.stat(objectKey)) files.set(assetId, this.storage.open(objectKey, { from: 0, to: Number.MAX_SAFE_INTEGER }));
    }
    return files;
  }
}
