import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, LIMITS, newId, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { isPlainFileName } from '../domain/asset-rules.js';
import { type AssetRecord, DatasetRepository } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { ownGrowing } from './own-draft.js';

export interface AddAssetInput {
  readonly revisionId: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteLength: bigint;
  /** Of the whole file, lower-case hex. The upload must match it. */
  readonly sha256: string;
}

/** Describes a file of a draft revision; its bytes follow by HTTP PUT. */
@Injectable()
export class AddAsset {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: AddAssetInput): Promise<Result<AssetRecord>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const fileName = input.fileName.normalize('NFC');
    if (!isPlainFileName(fileName)) return invalid(CATALOG_ERRORS.FILE_NAME, 'fileName', 'a plain file name without folders or control characters');
    if (input.byteLength < 1n || input.byteLength > BigInt(LIMITS.uploadBytes)) return invalid(CATALOG_ERRORS.TOO_MANY, 'byteLength', `from 1 to ${LIMITS.uploadBytes}`);
    return this.commands.run<Result<AssetRecord>>(actor, 'catalog.add-asset', input, async (tx) => {
      const revision = await this.datasets.revision(tx, input.revisionId);
      const dataset = revision && (await this.datasets.dataset(tx, revision.datasetId));
      if (!revision || !dataset) return notFound('revision');
      const product = await ownGrowing(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('revision') : product;
      if (revision.state !== 'DRAFT') return stateConflict(CATALOG_ERRORS.REVISION_FINALISED, 'a finalised revision takes no more assets', revision.state);
      if ((await this.datasets.assetsOfRevision(tx, revision.id)).length >= LIMITS.assetsPerRevision) return invalid(CATALOG_ERRORS.TOO_MANY, 'revisionId', `a revision has at most ${LIMITS.assetsPerRevision} assets`);
      const asset = { id: newId(), revisionId: revision.id, vendorId: revision.vendorId, fileName, mediaType: input.mediaType, byteLength: input.byteLength, sha256: input.sha256, state: 'AWAITING_UPLOAD' as const, createdAt: this.clock.now() };
      if (!(await this.datasets.insertAsset(tx, asset))) return invalid(CATALOG_ERRORS.FILE_NAME_TAKEN, 'fileName', 'the revision has a file of this name');
      await this.audit.append(tx, actor, { act: 'asset.add', objectType: 'asset', objectId: asset.id, details: { revisionId: revision.id, fileName, byteLength: asset.byteLength, sha256: asset.sha256 } });
      return (await this.datasets.asset(tx, asset.id))!;
    });
  }
}
