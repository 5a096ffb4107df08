import { Injectable } from '@nestjs/common';
import { Clock, type Tx, UnitOfWork } from '#shared';
import { StoragePort } from '../object-storage/storage.port.js';
import { StoredObjectRepository } from '../storage/stored-object.repository.js';
import { ReadRevision } from './profiling/read-revision.js';

/** An upload that has not moved for an hour is not coming back: its client is cut off after a minute of silence. */
const ABANDONED_MS = 3_600_000;
const BATCH = 100;

/** Removes what broken uploads and crashes left in the storage. */
@Injectable()
export class ClearAbandoned {
  constructor(private readonly storage: StoragePort, private readonly objects: StoredObjectRepository, private readonly reading: ReadRevision, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Files that were taken out of a draft go with them. Said twice, it is said once. */
  abandon(tx: Tx, assetIds: readonly string[]): Promise<void> {
    return this.objects.abandon(tx, assetIds, this.clock.now());
  }

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - ABANDONED_MS);
    await this.storage.removeTemporaries(before);
    await this.reading.clear(this.clock.now());
    for (const key of await this.objects.abandoned(before, BATCH)) {
      // Whoever deletes the row owns the object: an upload that finds it gone does not keep its bytes.
      if (await this.uow.run((tx) => this.objects.settle(tx, key))) await this.storage.remove(key);
    }
  }
}
