import { Injectable } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import type { Actor } from '#identity';
import { Clock, invalid, type InvalidInput, isRefused, notFound, type Result, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import { type StoredObject, StoredObjectRepository } from '../storage/stored-object.repository.js';
import { ReceiveBytes, type Received } from './uploads/receive-bytes.js';

export interface Upload {
  readonly body: AsyncIterable<Buffer>;
  /** As declared by the client; null when he did not. */
  readonly contentLength: number | null;
  /** sha-256 as declared by the client, lower-case hex. */
  readonly digest: string | null;
  /** Resumable uploads that these bytes come from, and that hold their place in the vendor's quota. */
  readonly insteadOf: readonly string[];
}
/** `repeated`: the asset had these bytes before. */
export type StoredAsset = StoredObject & { readonly repeated: boolean };

/** Takes the bytes of an asset in, exactly those that its description names. */
@Injectable()
export class StoreAsset {
  constructor(
    private readonly catalog: Catalog, private readonly receiving: ReceiveBytes, private readonly objects: StoredObjectRepository,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, assetId: string, upload: Upload): Promise<Result<StoredAsset>> {
    const open = await this.catalog.assetForUpload(actor, assetId);
    if (isRefused(open) && open.kind !== 'StateConflict') return open;
    const asset = isRefused(open) ? await this.catalog.assetById(assetId) : open;
    if (!asset) return notFound('asset');
    const declared = difference(asset, upload.contentLength, upload.digest);
    if (declared) return declared;
    const there = (await this.objects.byAssets([assetId])).get(assetId);
    const received = await this.receiving.execute(asset, upload.body, { insteadOf: there ? [...upload.insteadOf, there.objectKey] : upload.insteadOf, staged: upload.insteadOf.length > 0 });
    if (isRefused(received)) return received;
    let kept = false;
    try {
      const wrong = difference(asset, received.temporary.bytes, received.temporary.sha256);
      if (wrong) return wrong;
      const before = (await this.objects.byAssets([assetId])).get(assetId);
      if (before) return { ...before, repeated: true };
      const stored = await this.keep(actor, asset, received);
      kept = !isRefused(stored) && !stored.repeated;
      return stored;
    } finally {
      received.over();
      if (!kept) await this.receiving.discard(received);
    }
  }

  /** The object is announced before it takes its place, so that after a crash it is either an asset's or known to be nobody's. */
  private async keep(actor: Actor, asset: AssetRecord, received: Received): Promise<Result<StoredAsset>> {
    const { region, storage, temporary } = received;
    const now = this.clock.now();
    const stored: StoredObject = { assetId: asset.id, vendorId: asset.vendorId, objectKey: temporary.key, region, byteLength: asset.byteLength, sha256: asset.sha256, storedAt: now };
    await this.uow.run((tx) => this.objects.announce(tx, stored));
    await storage.commit(temporary);
    const result = await this.uow.run<Result<StoredAsset | 'lost'>>(async (tx) => {
      if (!(await this.objects.settle(tx, stored.objectKey))) throw new Error('the upload was cleared away as abandoned');
      const marked = await this.catalog.markAssetStored(tx, actor, asset.id, stored);
      if (isRefused(marked)) return marked;
      if (!(await this.objects.insert(tx, stored))) return 'lost';
      await this.receiving.kept(tx, asset, received);
      return { ...stored, repeated: false };
    });
    if (result !== 'lost' && !isRefused(result)) return result;
    await storage.remove(stored.objectKey);
    if (result !== 'lost') {
      await this.uow.run((tx) => this.objects.settle(tx, stored.objectKey));
      return result;
    }
    // Another upload of the same bytes was faster: its object is the asset's.
    return { ...(await this.objects.byAssets([asset.id])).get(asset.id)!, repeated: true };
  }
}

function difference(asset: AssetRecord, bytes: number | null, sha256: string | null): InvalidInput | undefined {
  if (bytes !== null && BigInt(bytes) !== asset.byteLength) return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'content', `${bytes} bytes; the description says ${asset.byteLength}`);
  if (sha256 !== null && sha256 !== asset.sha256) return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'content', 'the sha-256 is not the one of the description');
  return undefined;
}
