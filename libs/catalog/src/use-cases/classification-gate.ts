import { Injectable } from '@nestjs/common';
import { Compliance, type DeclaredDataset, describeDeviation, unexplained } from '#compliance';
import type { Caller, FieldProblem, Tx } from '#shared';
import { standingRevisions } from '../domain/revision.js';
import { type Dataset, DatasetRepository } from '../storage/dataset.repository.js';
import type { Product } from '../storage/product.repository.js';

/** Holds what a vendor declares of his datasets against what their files say. */
@Injectable()
export class ClassificationGate {
  constructor(private readonly datasets: DatasetRepository, private readonly compliance: Compliance) {}

  /** Fields in which this classification is milder than the proposals without a reason; none where nothing was read yet. */
  async problems(tx: Tx, dataset: Dataset): Promise<FieldProblem[]> {
    const declared = await this.declared(tx, dataset);
    if (!declared) return [];
    return unexplained(await this.compliance.classification.compare(tx, declared)).map((d) => ({ path: `deviationReasons.${d.field}`, message: `${describeDeviation(d)}: say why` }));
  }

  /** The same for every dataset of a product, as texts for people. */
  async unexplained(tx: Tx, productId: string): Promise<string[]> {
    const found: string[] = [];
    for (const dataset of await this.datasets.datasets(tx, productId)) found.push(...(await this.problems(tx, dataset)).map((p) => `${dataset.title}: ${p.message}`));
    return found;
  }

  /** Files of a product that could not be read for tags. */
  async notProfiled(tx: Tx, productId: string): Promise<string[]> {
    const found: string[] = [];
    for (const dataset of await this.datasets.datasets(tx, productId)) {
      const declared = await this.declared(tx, dataset);
      if (declared) found.push(...(await this.compliance.classification.compare(tx, declared)).notProfiled);
    }
    return found;
  }

  /** Lays every milder classification of a product before staff. */
  async open(tx: Tx, caller: Caller, { id, vendorId }: Pick<Product, 'id' | 'vendorId'>): Promise<void> {
    for (const dataset of await this.datasets.datasets(tx, id)) {
      const declared = await this.declared(tx, dataset);
      if (declared) await this.compliance.classification.open(tx, caller, declared, { productId: id, vendorId });
    }
  }

  /** Why a product cannot be approved on its classifications, or null. */
  async unsettled(tx: Tx, productId: string): Promise<string | null> {
    for (const dataset of await this.datasets.datasets(tx, productId)) {
      const why = await this.unsettledDataset(tx, dataset);
      if (why) return `${dataset.title}: ${why}`;
    }
    return null;
  }

  /** The same of one dataset. */
  async unsettledDataset(tx: Tx, dataset: Dataset): Promise<string | null> {
    const declared = await this.declared(tx, dataset);
    return declared ? this.compliance.classification.unsettled(tx, declared) : 'it is not classified';
  }

  private async declared(tx: Tx, { id, classification, deviationReasons, anonymisationReport }: Dataset): Promise<DeclaredDataset | null> {
    if (!classification) return null;
    const revisions = await this.datasets.revisionsOf(tx, id);
    return { datasetId: id, revisionIds: standingRevisions(revisions).map((r) => r.id), classification, reasons: deviationReasons, report: anonymisationReport };
  }
}
