import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { licensedPart, type LicenceForDelivery } from '#contracts';
import { asSystem, Clock, type Result, stateConflict, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { MAX_PART_ATTEMPTS, partName } from '../../domain/part.js';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { type PartFile, PartFileRepository, type PartJob } from '../../storage/part-file.repository.js';
import type { StoredObject } from '../../storage/stored-object.repository.js';

/** The bytes that a licence gives a right to: those of the asset, or of a file that was written for its limit. */
export interface LicensedFile {
  readonly objectKey: string;
  readonly region: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteLength: bigint;
  readonly sha256: string;
  /** SHA-256 of the limit; null: the whole asset. */
  readonly partDigest: string | null;
}
/** The file is being written: whoever asks again after a while gets it. */
export interface FileBeingMade {
  readonly refused: true;
  readonly kind: 'FileBeingMade';
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number;
}
export type Licensed = Pick<LicenceForDelivery, 'licence' | 'agreement'>;

/** Most parts are written within this time; then the first answer is the file. */
const PATIENCE_MS = 1_500;
const LOOK_MS = 100;
const RETRY_AFTER_SECONDS = 5;
/** A machine that could not write it may be able to later. */
const TRY_AGAIN_MS = 3_600_000;

/** Which file of an asset goes out under a licence. There is one way to its bytes, and this is where it begins. */
@Injectable()
export class LicensedFiles {
  constructor(private readonly parts: PartFileRepository, private readonly regions: StorageRegions, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** `patient`: waits a moment for a file that is being written. */
  async of(licensed: Licensed, asset: AssetRecord, stored: StoredObject, patient: boolean): Promise<Result<LicensedFile, FileBeingMade>> {
    const part = licensedPart(licensed.agreement.terms.policy, asset.datasetId);
    if (part === 'WHOLE') return { objectKey: stored.objectKey, region: stored.region, fileName: asset.fileName, mediaType: asset.mediaType, byteLength: asset.byteLength, sha256: asset.sha256, partDigest: null };
    if (part === 'NONE') return stateConflict(DELIVERY_ERRORS.NOT_LICENSED, 'the licence is for other datasets of the product', 'NOT_LICENSED');
    const wanted = { assetId: asset.id, digest: part.digest, limit: part.limit, vendorId: asset.vendorId, revisionId: asset.revisionId };
    const until = performance.now() + (patient ? PATIENCE_MS : 0);
    for (;;) {
      const found = await this.find(wanted, licensed.licence.buyerId);
      if (found?.stored) return { ...found.stored, fileName: partName(asset.fileName, found.stored.mediaType), partDigest: part.digest };
      if (found?.finding) return stateConflict(DELIVERY_ERRORS.PART_NOT_WRITTEN, `the part of ${asset.fileName} that is licensed cannot be written: ${found.finding}`, 'PART_NOT_WRITTEN');
      if (performance.now() >= until) break;
      await pause(LOOK_MS);
    }
    return { refused: true, kind: 'FileBeingMade', code: DELIVERY_ERRORS.BEING_MADE, message: `the licensed part of ${asset.fileName} is being written: ask again in ${RETRY_AFTER_SECONDS} seconds`, retryAfterSeconds: RETRY_AFTER_SECONDS };
  }

  /** The part as it stands; asked for where it was not, or has to be made again. Where the vendor's bytes lie is the exchange's to know. */
  private find(wanted: Omit<PartJob, 'askedBy' | 'attempts'>, buyerId: string): Promise<PartFile | null> {
    return asSystem(async () => {
      const found = await this.parts.find(wanted);
      if (!found?.askedBy.includes(buyerId)) await this.uow.run((tx) => this.parts.ask(tx, wanted, buyerId, this.clock.now()));
      if (!found || (!found.finishedAt && !found.stored) || !(await this.isGone(found))) return found;
      await this.uow.run((tx) => this.parts.reopen(tx, found, this.clock.now()));
      return null;
    });
  }

  private async isGone({ stored, finding, attempts, finishedAt }: PartFile): Promise<boolean> {
    if (finding) return attempts > MAX_PART_ATTEMPTS && this.clock.now().getTime() - finishedAt!.getTime() > TRY_AGAIN_MS;
    return (await this.regions.storage(stored!.region).stat(stored!.objectKey))?.bytes !== Number(stored!.byteLength);
  }
}
