import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';

/** Holds what lies in the storage against what was described. */
@Injectable()
export class HashStored {
  constructor(private readonly objects: StoredObjectRepository, private readonly regions: StorageRegions) {}

  /** Why the stored bytes are not those of the asset, or null. `between` is called as long as it reads. */
  async differs(asset: AssetRecord, between: () => Promise<void>): Promise<string | null> {
    const stored = (await this.objects.byAssets([asset.id])).get(asset.id);
    const storage = stored && this.regions.storage(stored.region);
    if (!storage || !(await storage.stat(stored.objectKey))) return 'the file is not in the storage';
    const hash = createHash('sha256');
    let bytes = 0n;
    for await (const chunk of storage.open(stored.objectKey, { from: 0, to: Number.MAX_SAFE_INTEGER })) {
      await between();
      bytes += BigInt(chunk.length);
      hash.update(chunk);
    }
    return bytes === asset.byteLength && hash.digest('hex') === asset.sha256 ? null : 'the stored bytes are not those that were described';
  }
}
