import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { checkClassification, type Classification } from '#compliance';
import { type Actor, authorise } from '#identity';
import { Commands, notFound, type Result } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type Dataset, DatasetRepository } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { ownDraft } from './own-draft.js';

export interface ClassifyDatasetInput {
  readonly datasetId: string;
  readonly classification: Classification;
}

/** The vendor declares what the data is in the eyes of the law, its source included (DSL Art. 33). */
@Injectable()
export class ClassifyDataset {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit) {}

  async execute(actor: Actor, input: ClassifyDatasetInput): Promise<Result<Dataset>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const problems = checkClassification(input.classification);
    if (problems.length) {
      return { refused: true, kind: 'InvalidInput', code: CATALOG_ERRORS.CLASSIFICATION, message: 'the classification contradicts itself', fields: problems.map((p) => ({ ...p, path: `classification.${p.path}` })) };
    }
    return this.commands.run<Result<Dataset>>(actor, 'catalog.classify-dataset', input, async (tx) => {
      const dataset = await this.datasets.dataset(tx, input.datasetId);
      if (!dataset) return notFound('dataset');
      const product = await ownDraft(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('dataset') : product;
      await this.datasets.classify(tx, dataset.id, input.classification);
      await this.audit.append(tx, actor, { act: 'dataset.classify', objectType: 'dataset', objectId: dataset.id, details: { classification: input.classification } });
      return { ...dataset, classification: input.classification };
    });
  }
}
