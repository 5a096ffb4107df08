import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Commands, notFound, Outbox, type Result, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { AssetsRemoved } from '../../catalog.events.js';
import { type AssetRecord, type Dataset, DatasetRepository } from '../../storage/dataset.repository.js';
import { ProductRepository } from '../../storage/product.repository.js';
import { ownDraft, ownGrowing } from '../own-draft.js';

/** Takes out of a draft what is not finalised; its bytes are cleared away by delivery. */
@Injectable()
export class RemoveFromDraft {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly outbox: Outbox) {}

  async dataset(actor: Actor, input: { readonly datasetId: string }): Promise<Result<Dataset>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Dataset>>(actor, 'catalog.remove-dataset', input, async (tx) => {
      const dataset = await this.datasets.dataset(tx, input.datasetId);
      if (!dataset) return notFound('dataset');
      const product = await ownDraft(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('dataset') : product;
      const revisions = await this.datasets.revisionsOf(tx, dataset.id);
      const closed = revisions.find((r) => r.state !== 'DRAFT');
      if (closed) return stateConflict(CATALOG_ERRORS.REVISION_FINALISED, 'a dataset with a finalised revision stays', closed.state);
      const removed = await this.datasets.removeDataset(tx, dataset.id);
      await this.audit.append(tx, actor, { act: 'dataset.remove', objectType: 'dataset', objectId: dataset.id, details: { productId: product.id, title: dataset.title, assets: removed } });
      await this.clear(tx, actor, product.id, removed);
      return dataset;
    });
  }

  async asset(actor: Actor, input: { readonly assetId: string }): Promise<Result<AssetRecord>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<AssetRecord>>(actor, 'catalog.remove-asset', input, async (tx) => {
      const found = await this.datasets.asset(tx, input.assetId);
      if (!found) return notFound('asset');
      const product = await ownGrowing(tx, this.products, actor, found.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('asset') : product;
      const asset = await this.datasets.asset(tx, input.assetId);
      if (!asset) return notFound('asset');
      if (asset.revisionState !== 'DRAFT') return stateConflict(CATALOG_ERRORS.REVISION_FINALISED, 'a finalised revision keeps its files', asset.revisionState);
      await this.datasets.removeAsset(tx, asset.id);
      await this.audit.append(tx, actor, { act: 'asset.remove', objectType: 'asset', objectId: asset.id, details: { revisionId: asset.revisionId, fileName: asset.fileName } });
      await this.clear(tx, actor, product.id, [asset.id]);
      return asset;
    });
  }

  private async clear(tx: Tx, actor: Actor, productId: string, assetIds: readonly string[]): Promise<void> {
    if (assetIds.length) await this.outbox.publish(tx, actor, AssetsRemoved, productId, { productId, assetIds });
  }
}
