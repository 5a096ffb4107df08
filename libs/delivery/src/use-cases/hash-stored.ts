import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { StoragePort } from '../object-storage/storage.port.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';

/** Holds what lies in the storage against what was described. */
@Injectable()
export class HashStored {
  constructor(private readonly objects: StoredObjectRepository, private readonly storage: StoragePort) {}

  /** Why the stored bytes are not those of the asset, or null. `between` is called as long as it reads. */
  async differs(asset: AssetRecord, between: () => Promise<void>): Promise<string | null> {
    const stored = (await this.objects.byAssets([asset.id])).get(asset.id);
    if (!stored || !(await this.storage.stat(stored.objectKey))) return 'the file is not in the storage';
    const hash = createHash('sha256');
    let bytes = 0n;
    for await (const chunk of this.storage.open(stored.objectKey, { from: 0, to: Number.MAX_SAFE_INTEGER })) {
      await between();
      bytes += BigInt(chunk.length);
      hash.update(chunk);
    }
    return bytes === asset.byteLength && hash.digest('hex') === asset.sha256 ? null : 'the stored bytes are not those that were described';
  }
}
