import { Injectable } from '@nestjs/common';
import { Clock, eachSafely, type Tx, UnitOfWork } from '#shared';
import { StorageRegions } from '../object-storage/regions/storage-regions.js';
import { HeldBytesRepository } from '../storage/held-bytes.repository.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';
import { ReadRevision } from './profiling/read-revision.js';

/** An upload that has not moved for an hour is not coming back: its client is cut off after a minute of silence. */
const ABANDONED_MS = 3_600_000;
const BATCH = 100;

/** Removes what broken uploads and crashes left in the storage. */
@Injectable()
export class ClearAbandoned {
  constructor(private readonly regions: StorageRegions, private readonly objects: StoredObjectRepository, private readonly held: HeldBytesRepository, private readonly reading: ReadRevision, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Files that were taken out of a draft go with them. Said twice, it is said once. */
  abandon(tx: Tx, assetIds: readonly string[]): Promise<void> {
    return this.objects.abandon(tx, assetIds, this.clock.now());
  }

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - ABANDONED_MS);
    await this.reading.clear(this.clock.now());
    // A bucket that does not answer keeps the others from nothing.
    await eachSafely('storage regions', this.regions.all().map(([id]) => id), (region) => this.clear(region, before));
  }

  private async clear(region: string, before: Date): Promise<void> {
    const storage = this.regions.storage(region);
    await storage.removeTemporaries(before);
    for (const key of await this.objects.abandoned(before, region, BATCH)) {
      // Whoever deletes the row owns the object: an upload that finds it gone does not keep its bytes.
      const mine = await this.uow.run(async (tx) => {
        await this.held.remove(tx, [key]);
        return this.objects.settle(tx, key);
      });
      if (mine) await storage.remove(key);
    }
  }
}
