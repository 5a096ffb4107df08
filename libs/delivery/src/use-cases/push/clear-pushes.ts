import { Injectable } from '@nestjs/common';
import { Clock, UnitOfWork } from '#shared';
import { PushBuckets } from '../../push/push-buckets.js';
import { PushTables } from './queue-pushes.js';

/** Whoever cancels by mistake may still have it go on from where it was. */
const LEAVE_MS = 300_000;

/** Throws away what pushes that are over left half done in buckets, as far as these let: the licensee may have taken the right back. */
@Injectable()
export class ClearPushes {
  constructor(private readonly tables: PushTables, private readonly buckets: PushBuckets, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - LEAVE_MS);
    for (let left = await this.take(before); left; left = await this.take(before)) {
      const { objectKey, uploadId, destinationId } = left;
      const destination = await this.uow.run((tx) => this.tables.destinations.open(tx, destinationId));
      if (!destination?.secret || !objectKey || !uploadId) continue;
      const bucket = await this.buckets.open(destination, destination.secret).catch(() => null);
      await bucket?.abort(objectKey, uploadId).catch(() => undefined);
      bucket?.close();
    }
  }

  private take(before: Date): ReturnType<PushTables['jobs']['takeLeft']> {
    return this.uow.run((tx) => this.tables.jobs.takeLeft(tx, before));
  }
}
