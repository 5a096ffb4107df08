import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { DatasetRepository } from '../storage/dataset.repository.js';
import type { Product } from '../storage/product.repository.js';
import { ClassificationGate } from './classification-gate.js';
import { ScenarioPacks } from './scenario/scenario-packs.js';

/** What a draft must have before it is handed in. */
@Injectable()
export class SubmissionRules {
  constructor(private readonly datasets: DatasetRepository, private readonly classifications: ClassificationGate, private readonly packs: ScenarioPacks) {}

  /** For people; null where nothing is missing. */
  async missing(tx: Tx, { id: productId, scenario }: Pick<Product, 'id' | 'scenario'>): Promise<string | null> {
    const claim = scenario ? this.packs.problems(scenario, true)[0] : undefined;
    if (claim) return `${claim.path}: ${claim.message}`;
    const datasets = await this.datasets.datasets(tx, productId);
    if (datasets.length === 0) return 'the product has no dataset';
    for (const dataset of datasets) {
      if (!dataset.classification) return `the dataset ${dataset.title} is not classified`;
      if (!dataset.source) return `the source of the dataset ${dataset.title} is not described (DSL Art. 33)`;
      const revisions = (await this.datasets.revisionsOf(tx, dataset.id)).filter((r) => r.state !== 'REVOKED');
      if (revisions.length === 0) return `the dataset ${dataset.title} has no revision`;
      if (revisions.some((r) => r.state !== 'FINALISED')) return `a revision of the dataset ${dataset.title} is not finalised`;
    }
    // A revision that is still being read is judged with the platform test.
    const milder = await this.classifications.unexplained(tx, productId);
    return milder[0] ?? null;
  }
}
