import { Injectable } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import { type Actor, authorise } from '#identity';
import { Clock, invalid, isRefused, LIMITS, newId, type Refusal, type Result, stateConflict, type Tx, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type ResumableUpload, UploadRepository } from '../../storage/upload.repository.js';
import { HomeRegions } from '../regions/home-regions.js';
import { HoldBytes } from './hold-bytes.js';

export interface BeginUploadInput {
  readonly assetId: string;
  readonly byteLength: number;
  /** One of several that are put together at the end. */
  readonly partial: boolean;
}

/** A vendor begins to send the bytes of an asset, in as many requests as it takes. */
@Injectable()
export class BeginUpload {
  constructor(
    private readonly catalog: Catalog, private readonly homes: HomeRegions, private readonly uploads: UploadRepository, private readonly quota: HoldBytes,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: BeginUploadInput): Promise<Result<ResumableUpload>> {
    const refusal = authorise(actor, 'delivery:upload');
    if (refusal) return refusal;
    const asset = await this.catalog.assetForUpload(actor, input.assetId);
    if (isRefused(asset)) return asset;
    const wrong = wrongLength(asset, input);
    if (wrong) return wrong;
    const region = await this.homes.forUpload(asset);
    if (isRefused(region)) return region;
    return this.uow.run((tx) => this.begin(tx, asset, input));
  }

  private async begin(tx: Tx, { id: assetId, vendorId }: AssetRecord, { byteLength, partial }: BeginUploadInput): Promise<Result<ResumableUpload>> {
    const now = this.clock.now();
    const upload: ResumableUpload = { id: newId(), assetId, vendorId, byteLength, partial, createdAt: now, expiresAt: new Date(now.getTime() + LIMITS.uploadHours * 3_600_000), finishedAt: null };
    // First, since it has those who begin at once wait for each other.
    const full = await this.quota.hold(tx, { holderId: upload.id, vendorId, bytes: BigInt(byteLength), insteadOf: [], coming: false });
    if (full) return full;
    const open = await this.uploads.countOf(tx, assetId);
    if (open >= LIMITS.uploadParts) return stateConflict(DELIVERY_ERRORS.TOO_MANY_UPLOADS, `${open} uploads of this asset are under way: finish them or take them back`, 'OPEN');
    await this.uploads.insert(tx, upload);
    return upload;
  }
}

function wrongLength(asset: AssetRecord, { byteLength, partial }: BeginUploadInput): Refusal | undefined {
  const described = Number(asset.byteLength);
  if (partial ? byteLength <= described : byteLength === described) return undefined;
  return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'Upload-Length', `${byteLength} bytes; the description says ${described}`);
}
