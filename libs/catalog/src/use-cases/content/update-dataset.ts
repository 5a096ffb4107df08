import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Commands, notFound, type Result } from '#shared';
import { checkDictionary, type DictionaryColumn } from '../../domain/content/dictionary.js';
import { tidyTexts } from '../../domain/content/edit-content.js';
import { checkTexts, type Texts } from '../../domain/content/texts.js';
import { type Dataset, DatasetRepository } from '../../storage/dataset.repository.js';
import { ProductRepository } from '../../storage/product.repository.js';
import { ownDraft } from '../own-draft.js';
import { refused } from './content-rules.js';

export interface UpdateDatasetInput extends Partial<Texts> {
  readonly datasetId: string;
  /** The whole dictionary; left out, it stays. */
  readonly dictionary?: readonly DictionaryColumn[];
}

/** A dataset of a draft says other things of itself. What is left out stays. */
@Injectable()
export class UpdateDataset {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit) {}

  async execute(actor: Actor, input: UpdateDatasetInput): Promise<Result<Dataset>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Dataset>>(actor, 'catalog.update-dataset', input, async (tx) => {
      const dataset = await this.datasets.dataset(tx, input.datasetId);
      if (!dataset) return notFound('dataset');
      const product = await ownDraft(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('dataset') : product;
      const edited: Dataset = tidyTexts({
        ...dataset, language: input.language ?? dataset.language, title: input.title ?? dataset.title, description: input.description ?? dataset.description,
        translations: input.translations ?? dataset.translations, dictionary: input.dictionary ?? dataset.dictionary,
      });
      const problems = [...checkTexts(edited, false), ...checkDictionary(edited.dictionary)];
      if (problems.length) return refused(problems);
      await this.datasets.describe(tx, edited);
      await this.audit.append(tx, actor, { act: 'dataset.update', objectType: 'dataset', objectId: dataset.id, details: { ...input } });
      return edited;
    });
  }
}
