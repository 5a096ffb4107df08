import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, LIMITS, newId, type Result } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { checkDictionary, type DictionaryColumn } from '../domain/content/dictionary.js';
import { BARE, tidyTexts } from '../domain/content/edit-content.js';
import { checkTexts, type Texts } from '../domain/content/texts.js';
import { type Dataset, DatasetRepository } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { refused } from './content/content-rules.js';
import { ownDraft } from './own-draft.js';

export interface AddDatasetInput extends Pick<Texts, 'title' | 'description'>, Partial<Pick<Texts, 'language' | 'translations'>> {
  readonly productId: string;
  /** The data dictionary; empty when left out. */
  readonly dictionary?: readonly DictionaryColumn[];
}

/** A draft gets a dataset, which grows by revisions. */
@Injectable()
export class AddDataset {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: AddDatasetInput): Promise<Result<Dataset>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const { title, description, language = BARE.language, translations = {}, dictionary = [] } = input;
    const texts = tidyTexts({ title, description, language, translations });
    const problems = [...checkTexts(texts, false), ...checkDictionary(dictionary)];
    if (problems.length) return refused(problems);
    return this.commands.run<Result<Dataset>>(actor, 'catalog.add-dataset', input, async (tx) => {
      const product = await ownDraft(tx, this.products, actor, input.productId);
      if ('refused' in product) return product;
      if ((await this.datasets.countDatasets(tx, product.id)) >= LIMITS.datasetsPerProduct) return invalid(CATALOG_ERRORS.TOO_MANY, 'productId', `a product has at most ${LIMITS.datasetsPerProduct} datasets`);
      const dataset: Dataset = { id: newId(), productId: product.id, vendorId: product.vendorId, ...texts, dictionary, classification: null, source: null, anonymisationReport: null, deviationReasons: {}, createdAt: this.clock.now() };
      await this.datasets.insertDataset(tx, dataset);
      await this.audit.append(tx, actor, { act: 'dataset.add', objectType: 'dataset', objectId: dataset.id, details: { productId: product.id, title: dataset.title } });
      return dataset;
    });
  }
}
