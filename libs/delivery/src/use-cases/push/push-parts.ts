import { createHash, type Hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isRefused, type Refusal, UnitOfWork } from '#shared';
import type { Delivery } from '../../domain/delivery.js';
import { NO_CLIENT } from '../../domain/push/push.js';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { partBytes } from '../../object-storage/s3/send-parts.js';
import type { StoragePort } from '../../object-storage/storage.port.js';
import type { PushBucket } from '../../push/push-bucket.js';
import { type ClaimedPush, PushJobRepository, type PushPlace } from '../../storage/push/push-job.repository.js';
import { keepSeen } from '../../storage/presence.js';
import { ResponseSlotRepository } from '../../storage/response-slot.repository.js';
import { CountDelivery } from '../count-delivery.js';
import { EndResponse } from '../end-response.js';
import { type Reservation, ReserveBytes } from '../reserve-bytes.js';

/** What the exchange says of it stops a push. */
export class RefusedPushError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

export interface PushRun {
  readonly job: ClaimedPush;
  readonly delivery: Delivery;
  readonly bucket: PushBucket;
  /** With an upload that is begun. */
  readonly place: PushPlace & { readonly objectKey: string; readonly uploadId: string };
  /** Aborted where it must not go on. */
  readonly signal: AbortSignal;
  /** Once it is charged: it may be resumed as long as the push is tried. */
  readonly charged: () => Promise<void>;
}

/** How bytes of a push are reserved, counted and ended: exactly as those of a download. */
@Injectable()
export class PushAccount {
  constructor(readonly reserving: ReserveBytes, readonly counting: CountDelivery, readonly endings: EndResponse, readonly slots: ResponseSlotRepository) {}
}

/**
 * Sends a file in parts, from the first that is not in the bucket on, and completes it. No part with a byte beyond the hold leaves before the transaction that charges the delivery has
 * committed: parts lie in the bucket of the licensee, who could put them together himself.
 */
@Injectable()
export class PushParts {
  constructor(private readonly regions: StorageRegions, private readonly account: PushAccount, private readonly jobs: PushJobRepository, private readonly uow: UnitOfWork) {}

  async execute(run: PushRun): Promise<void> {
    const { job, delivery, bucket, place, signal } = run;
    const from = Math.min(place.etags.length * partBytes(delivery.byteLength), delivery.byteLength);
    const reservation = from < delivery.byteLength ? await this.account.reserving.execute(delivery, { from, to: delivery.byteLength }, `push-${job.id}`, NO_CLIENT) : null;
    if (reservation && isRefused(reservation)) throw new RefusedPushError(reservation);
    const progress = { sent: 0, counted: false, etags: [...place.etags] };
    const over = reservation && keepSeen(() => this.account.slots.seen(reservation.slotId));
    let finished = false;
    try {
      if (reservation) await this.send(run, reservation, progress);
      await bucket.complete(place.objectKey, place.uploadId, progress.etags, signal);
      finished = true;
    } finally {
      over?.();
      if (reservation) await this.account.endings.execute(reservation, { ...progress, finished });
    }
  }

  private async send({ job, delivery, bucket, place, signal, charged }: PushRun, reservation: Reservation, progress: { sent: number; counted: boolean; etags: string[] }): Promise<void> {
    const { range, hold, responseId } = reservation;
    const storage = this.regions.storage(delivery.region);
    const buffer = Buffer.allocUnsafeSlow(Math.min(partBytes(delivery.byteLength), delivery.byteLength));
    const hash = createHash('sha256');
    // What lies in the bucket already is part of what is held against the digest.
    await feed(hash, storage, delivery.objectKey, 0, range.from);
    for (let at = range.from; at < range.to; ) {
      signal.throwIfAborted();
      const part = await read(storage, delivery.objectKey, at, Math.min(at + buffer.length, range.to), buffer);
      hash.update(part);
      at += part.length;
      if (responseId && !progress.counted && at > hold) {
        await checkWhole(hash, storage, delivery, at);
        progress.counted = await this.account.counting.execute({ ...reservation, responseId });
        if (!progress.counted) throw new Error('the delivery was taken back');
        await charged();
      }
      progress.etags.push(await bucket.part(place.objectKey, place.uploadId, progress.etags.length + 1, part, signal));
      progress.sent += part.length;
      await this.uow.run((tx) => this.jobs.place(tx, job, { ...place, etags: progress.etags }));
    }
  }
}

/** Nothing is charged that is not the file of the receipt. */
async function checkWhole(hash: Hash, storage: StoragePort, { objectKey, byteLength, sha256 }: Delivery, at: number): Promise<void> {
  const whole = hash.copy();
  await feed(whole, storage, objectKey, at, byteLength);
  if (whole.digest('hex') !== sha256) throw new Error('the stored bytes are not those that were described');
}

async function feed(hash: Hash, storage: StoragePort, key: string, from: number, to: number): Promise<void> {
  if (from >= to) return;
  for await (const chunk of storage.open(key, { from, to })) hash.update(chunk);
}

async function read(storage: StoragePort, key: string, from: number, to: number, into: Buffer): Promise<Buffer> {
  let filled = 0;
  for await (const chunk of storage.open(key, { from, to })) filled += chunk.copy(into, filled);
  if (filled !== to - from) throw new Error('the object is shorter than it says');
  return into.subarray(0, filled);
}
