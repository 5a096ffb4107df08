import { Injectable, Logger } from '@nestjs/common';
import { Catalog } from '#catalog';
import { isRefused, type Refusal, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { Delivery } from '../../domain/delivery.js';
import { GIVE_UP_AFTER_MS, objectKeyOf } from '../../domain/push/push.js';
import { type PushBucket, statusOf } from '../../push/push-bucket.js';
import { PushBuckets, whyRefused } from '../../push/push-buckets.js';
import type { PushDestination } from '../../storage/push/push-destination.repository.js';
import type { ClaimedPush, PushPlace } from '../../storage/push/push-job.repository.js';
import type { FileBeingMade } from '../parts/licensed-files.js';
import { LostPushError, WatchPush } from './watch-push.js';
import { PushDelivery } from './push-delivery.js';
import { PushParts, type PushRun, RefusedPushError } from './push-parts.js';
import { PushTables } from './queue-pushes.js';

/** FAILED is tried again, SOON without a pause, OVER never; LOST is another's to finish. */
export type PushOutcome = { readonly kind: 'DONE' | 'LOST' } | { readonly kind: 'FAILED' | 'SOON' | 'OVER'; readonly problem: string };

/** What a push is made with. */
@Injectable()
export class PushTools {
  constructor(readonly buckets: PushBuckets, readonly catalog: Catalog, readonly delivering: PushDelivery, readonly parts: PushParts, readonly watching: WatchPush) {}
}

/** One attempt to bring a file into a bucket, from the place where the one before came to. */
@Injectable()
export class PushFile {
  private readonly log = new Logger('push');

  constructor(private readonly tables: PushTables, private readonly tools: PushTools, private readonly uow: UnitOfWork) {}

  async execute(job: ClaimedPush, stopping: AbortSignal): Promise<PushOutcome> {
    const destination = await this.uow.run((tx) => this.tables.destinations.open(tx, job.destinationId));
    if (destination?.state !== 'ACTIVE' || !destination.secret) return { kind: 'LOST' };
    let bucket: PushBucket | null = null;
    try {
      bucket = await this.tools.buckets.open(destination, destination.secret);
      return await this.push(job, destination, bucket, stopping);
    } catch (error) {
      return this.outcomeOf(job, error, stopping);
    } finally {
      bucket?.close();
    }
  }

  private async push(job: ClaimedPush, destination: PushDestination, bucket: PushBucket, stopping: AbortSignal): Promise<PushOutcome> {
    if (await this.hasArrived(job, bucket)) return { kind: 'DONE' };
    const delivery = await this.tools.delivering.execute(job, destination);
    if (isRefused(delivery)) return outcomeOfRefusal(delivery);
    return this.tools.watching.execute(job, delivery, stopping, async (signal): Promise<PushOutcome> => {
      const place = await this.placeOf(job, destination, delivery, bucket);
      const charged = (): Promise<void> => this.tools.delivering.keepUntil(delivery, new Date(job.firstTriedAt.getTime() + GIVE_UP_AFTER_MS));
      try {
        await this.tools.parts.execute({ job, delivery, bucket, place, signal, charged });
        return { kind: 'DONE' };
      } catch (error) {
        if (!isUploadGone(error)) throw error;
        // Completed by an attempt that died before it could say so, or thrown away by the bucket.
        if (await this.liesThere(bucket, place)) return { kind: 'DONE' };
        await this.uow.run((tx) => this.tables.jobs.place(tx, job, { ...place, uploadId: null, etags: [] }));
        return { kind: 'FAILED', problem: whyRefused(error) };
      }
    });
  }

  /** Where the upload has come to; begun anew where there is none, or where it was one of other bytes. */
  private async placeOf(job: ClaimedPush, { prefix }: PushDestination, delivery: Delivery, bucket: PushBucket): Promise<PushRun['place']> {
    const { id: deliveryId, sha256, byteLength, fileName, mediaType, assetId, licenceId } = delivery;
    const objectKey = objectKeyOf(prefix, (await this.tools.catalog.assetById(assetId))!, fileName);
    const same = job.uploadId !== null && job.sha256 === sha256 && job.objectKey === objectKey;
    if (job.uploadId && !same) await bucket.abort(job.objectKey!, job.uploadId);
    const uploadId = same ? job.uploadId! : await bucket.begin(objectKey, mediaType, { 'entrepot-sha256': sha256, 'entrepot-asset': assetId, 'entrepot-licence': licenceId });
    const place = { deliveryId, objectKey, sha256, byteLength, uploadId, etags: same ? job.etags : [] };
    await this.uow.run((tx) => this.tables.jobs.place(tx, job, place));
    return place;
  }

  /** An attempt that was charged and completed, and died before it was written down. */
  private async hasArrived(job: ClaimedPush, bucket: PushBucket): Promise<boolean> {
    return job.deliveryId !== null && job.etags.length > 0 && (await this.tools.delivering.isSpent(job.deliveryId)) && (await this.liesThere(bucket, job));
  }
  private async liesThere(bucket: PushBucket, { objectKey, byteLength, sha256 }: Pick<PushPlace, 'objectKey' | 'byteLength' | 'sha256'>): Promise<boolean> {
    const found = objectKey === null ? null : await bucket.find(objectKey);
    return found !== null && found.bytes === byteLength && found.sha256 === sha256;
  }

  private outcomeOf(job: ClaimedPush, error: unknown, stopping: AbortSignal): PushOutcome {
    if (error instanceof LostPushError) return { kind: 'LOST' };
    if (error instanceof RefusedPushError) return outcomeOfRefusal(error.refusal);
    if (stopping.aborted) return { kind: 'SOON', problem: 'the exchange stopped meanwhile' };
    if (statusOf(error) === undefined) this.log.warn(`push ${job.id}: ${(error as Error).stack ?? String(error)}`);
    return { kind: 'FAILED', problem: whyRefused(error) };
  }
}

const isUploadGone = (error: unknown): boolean => statusOf(error) === 404 && (error as Error).name === 'NoSuchUpload';

/** What will not be otherwise however long one waits. */
const FINAL: ReadonlySet<string> = new Set([DELIVERY_ERRORS.REVISION_REVOKED, DELIVERY_ERRORS.NOT_LICENSED, DELIVERY_ERRORS.PART_NOT_WRITTEN, DELIVERY_ERRORS.EXPORT_RELEASED]);
const MAY_COME_BACK: ReadonlySet<string> = new Set(['ACTIVE', 'SUSPENDED', 'PENDING']);
function outcomeOfRefusal(refusal: Refusal | FileBeingMade): PushOutcome {
  const problem = refusal.message;
  if (refusal.kind === 'FileBeingMade') return { kind: 'SOON', problem };
  const ended = refusal.code === DELIVERY_ERRORS.LICENCE_NOT_ACTIVE && refusal.kind === 'StateConflict' && !MAY_COME_BACK.has(refusal.state);
  return { kind: ended || refusal.kind === 'NotFound' || FINAL.has(refusal.code) ? 'OVER' : 'FAILED', problem };
}
