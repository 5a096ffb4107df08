import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { Clock, invalid, isRefused, newId, type Result, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { UploadRepository } from '../../storage/upload.repository.js';
import { type StoredAsset, StoreAsset } from '../store-asset.js';
import { type StagedUpload, Uploads } from './uploads.js';

/** Every byte has come: they become the asset's, if they are those that were described. What is refused is thrown away, since nothing that comes after could mend it. */
@Injectable()
export class FinishUpload {
  private readonly underWay = new Map<string, Promise<Result<StoredAsset>>>();

  constructor(private readonly storing: StoreAsset, private readonly uploads: Uploads, private readonly repository: UploadRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Asked twice at once it is done once. */
  execute(actor: Actor, upload: StagedUpload): Promise<Result<StoredAsset>> {
    return this.once(upload.id, () => this.store(actor, upload.assetId, [upload]));
  }

  /** Puts parts together, in this order; answers the id of the whole. */
  async concatenate(actor: Actor, parts: readonly StagedUpload[]): Promise<Result<{ readonly id: string }>> {
    const [first] = parts;
    if (!first) return invalid(DELIVERY_ERRORS.PARTS, 'Upload-Concat', 'no part is named');
    if (new Set(parts.map((p) => p.id)).size !== parts.length || parts.some((p) => !p.partial || p.assetId !== first.assetId)) return invalid(DELIVERY_ERRORS.PARTS, 'Upload-Concat', 'each part stands once, and all are partial uploads of one asset');
    if (parts.some((p) => p.offset !== p.byteLength)) return invalid(DELIVERY_ERRORS.PARTS, 'Upload-Concat', 'a part is not complete');
    const stored = await this.once(parts.map((p) => p.id).join(' '), () => this.store(actor, first.assetId, parts));
    if (isRefused(stored)) return stored;
    const id = newId();
    const now = this.clock.now();
    await this.uow.run((tx) => this.repository.insert(tx, { id, assetId: first.assetId, vendorId: first.vendorId, byteLength: Number(stored.byteLength), partial: false, createdAt: now, expiresAt: first.expiresAt, finishedAt: now }));
    return { id };
  }

  private async store(actor: Actor, assetId: string, uploads: readonly StagedUpload[]): Promise<Result<StoredAsset>> {
    const ids = uploads.map((u) => u.id);
    const stored = await this.storing.execute(actor, assetId, { body: this.uploads.staging.read(ids), contentLength: uploads.reduce((sum, u) => sum + u.byteLength, 0), digest: null, insteadOf: ids });
    if (!isRefused(stored)) await this.uploads.finished(ids);
    else if (stored.kind === 'InvalidInput' || stored.kind === 'NotFound') await this.uploads.remove(ids);
    return stored;
  }

  private once(key: string, work: () => Promise<Result<StoredAsset>>): Promise<Result<StoredAsset>> {
    const running = this.underWay.get(key) ?? work().finally(() => this.underWay.delete(key));
    this.underWay.set(key, running);
    return running;
  }
}
