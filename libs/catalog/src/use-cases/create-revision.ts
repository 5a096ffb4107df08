import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, newId, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { DatasetRepository, type Revision } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { ownGrowing } from './own-draft.js';

/** Opens the next revision of a dataset; the one before must be finalised. */
@Injectable()
export class CreateRevision {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly datasetId: string }): Promise<Result<Revision>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Revision>>(actor, 'catalog.create-revision', input, async (tx) => {
      const dataset = await this.datasets.dataset(tx, input.datasetId);
      if (!dataset) return notFound('dataset');
      const product = await ownGrowing(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('dataset') : product;
      const last = (await this.datasets.revisionsOf(tx, dataset.id)).at(-1);
      if (last?.state === 'DRAFT') return stateConflict(CATALOG_ERRORS.REVISION_FINALISED, 'finalise the last revision first', last.state);
      const revision: Revision = { id: newId(), datasetId: dataset.id, vendorId: dataset.vendorId, number: (last?.number ?? 0) + 1, state: 'DRAFT', digest: null, finalisedAt: null, testedAt: null, testPassed: null, testFindings: [], releasedAt: null, revokedAt: null, revocationReason: null, dictionary: null, createdAt: this.clock.now() };
      await this.datasets.insertRevision(tx, revision);
      await this.audit.append(tx, actor, { act: 'revision.create', objectType: 'revision', objectId: revision.id, details: { datasetId: dataset.id, number: revision.number } });
      return revision;
    });
  }
}
